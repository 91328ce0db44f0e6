using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A sample as a vector, channels innermost. Memory is in that order already, so nothing is copied.</summary>
internal sealed class FlattenKernel(string name, Shape input, Shape output) : Kernel(name, input, output)
{
    /// <inheritdoc />
    public override string Method => "a view";

    /// <inheritdoc />
    public override torch.Tensor Forward(torch.Tensor input, KernelContext context) =>
        (Input.Rank == 3 ? input.permute(0, 2, 3, 1) : input).reshape(input.shape[0], Output.Size);

    /// <inheritdoc />
    public override torch.Tensor? Backward(torch.Tensor gradient, KernelContext context)
    {
        if (!context.NeedsInputGradient)
            return null;
        var count = gradient.shape[0];
        return Input.Rank switch
        {
            3 => gradient.reshape(count, Input[0], Input[1], Input[2]).permute(0, 3, 1, 2),
            2 => gradient.reshape(count, Input[0], Input[1]),
            _ => gradient,
        };
    }
}
