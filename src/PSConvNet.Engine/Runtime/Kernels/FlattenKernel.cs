namespace PSConvNet.Runtime.Kernels;

/// <summary>A sample as a vector, channels innermost. Memory is in that order already, so nothing is copied.</summary>
internal sealed class FlattenKernel(string name, Shape input, Shape output) : Kernel(name, input, output)
{
    /// <inheritdoc />
    public override string Method => "a view";

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context) => input.As(Output);

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context) =>
        context.NeedsInputGradient ? gradient.As(Input) : null;
}
