using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A 2-D convolution (cross-correlation, as everywhere in the field). Weights: out x height x width x in/groups, and a bias.</summary>
internal sealed class ConvKernel(
    string name,
    Shape input,
    Shape output,
    Window stride,
    Window dilation,
    Edges padding,
    int groups,
    IReadOnlyList<ParameterSpec> parameters
) : AutogradKernel(name, input, output)
{
    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; } = parameters;

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights)
    {
        var symmetric = padding.IsSymmetric;
        if (!symmetric)
            input = functional.pad(input, [padding.Left, padding.Right, padding.Top, padding.Bottom]);
        var kernel = weights[0].permute(0, 3, 1, 2);
        return functional.conv2d(
            input,
            kernel,
            weights.Length > 1 ? weights[1] : null,
            [stride.Height, stride.Width],
            symmetric ? [padding.Top, padding.Left] : [0, 0],
            [dilation.Height, dilation.Width],
            groups
        );
    }
}
