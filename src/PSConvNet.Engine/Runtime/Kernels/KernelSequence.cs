namespace PSConvNet.Runtime.Kernels;

/// <summary>Kernels that run one after another.</summary>
internal sealed class KernelSequence(string name, Shape input, IReadOnlyList<Kernel> kernels)
    : Kernel(name, input, kernels.Count == 0 ? input : kernels[^1].Output)
{
    /// <inheritdoc />
    public override string Method => "one after another";

    /// <inheritdoc />
    public override IReadOnlyList<Kernel> Children { get; } = kernels;

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        for (var i = 0; i < Children.Count; i++)
            input = Children[i].Forward(input, context.Children[i]);
        return input;
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        for (var i = Children.Count - 1; i >= 0; i--)
        {
            if (Children[i].Backward(gradient, context.Children[i]) is not { } next)
                return null;
            gradient = next;
        }
        return gradient;
    }
}
