using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>libtorch's dropout, which draws its masks one number after another.</summary>
internal sealed class LibtorchDropout(Shape shape, double rate) : AutogradKernel("dropout", shape, shape)
{
    /// <inheritdoc />
    public override string Method => "libtorch";

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights) =>
        functional.dropout(input, rate, training: true);
}

/// <summary>libtorch's convolution without padding, with another one's parameters.</summary>
internal sealed class LibtorchConv(ConvKernel convolution)
    : AutogradKernel(convolution.Name, convolution.Input, convolution.Output)
{
    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters => convolution.Parameters;

    /// <inheritdoc />
    public override Kernel ParameterOwner => convolution;

    /// <inheritdoc />
    public override string Method => "libtorch";

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights) =>
        functional.conv2d(input, weights[0].permute(0, 3, 1, 2), weights[1]);
}

/// <summary>libtorch's batch norm, over this worker's share alone. Its parameters are gamma and beta.</summary>
internal sealed class LibtorchBatchNorm(Shape shape, IReadOnlyList<ParameterSpec> parameters)
    : AutogradKernel("batch norm", shape, shape)
{
    private readonly torch.Tensor _mean = torch.zeros(shape[2]);
    private readonly torch.Tensor _variance = torch.ones(shape[2]);

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; } = parameters;

    /// <inheritdoc />
    public override string Method => "libtorch";

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights) =>
        functional.batch_norm(input, _mean, _variance, weights[0], weights[1], training: true);
}
