using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, with mean and variance of the values at each position (Ba, Kiros and Hinton 2016).
/// Parameters: gamma, beta.
/// </summary>
internal sealed class LayerNormKernel(string name, Shape shape, double epsilon, IReadOnlyList<ParameterSpec> parameters)
    : AutogradKernel(name, shape, shape)
{
    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; } = parameters;

    /// <inheritdoc />
    public override string Method => "libtorch: layer norm";

    /// <inheritdoc />
    public override double? Epsilon => epsilon;

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights)
    {
        // Memory is in channels-last order already, so that the last axis of the permuted view is contiguous.
        var rows = Input.Rank == 3 ? input.permute(0, 2, 3, 1) : input;
        var result = functional.layer_norm(rows, [Input[Input.Rank - 1]], weights[0], weights[1], epsilon);
        return Input.Rank == 3 ? result.permute(0, 3, 1, 2) : result;
    }
}
