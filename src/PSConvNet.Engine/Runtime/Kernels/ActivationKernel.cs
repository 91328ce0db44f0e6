using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A function applied to each value, or for the softmax ones over the channels of each position.</summary>
internal sealed class ActivationKernel(string name, Shape shape, Activation activation, double alpha)
    : AutogradKernel(name, shape, shape)
{
    /// <summary>Which function.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>The slope of LeakyReLU, the scale of ELU; any number for others.</summary>
    public double Alpha { get; } = alpha;

    /// <inheritdoc />
    public override string Method => $"libtorch: {Activation}";

    /// <inheritdoc />
    protected override torch.Tensor Compute(torch.Tensor input, ReadOnlySpan<torch.Tensor> weights) =>
        Activation switch
        {
            Activation.ReLU => functional.relu(input),
            Activation.LeakyReLU => input.LeakyRelu(Alpha),
            Activation.GELU => functional.gelu(input),
            Activation.ELU => input.Elu(Alpha),
            Activation.SiLU => functional.silu(input),
            Activation.Sigmoid => torch.sigmoid(input),
            Activation.Tanh => torch.tanh(input),
            Activation.Softmax => functional.softmax(input, ChannelAxis),
            Activation.LogSoftmax => functional.log_softmax(input, ChannelAxis),
            _ => throw new InvalidOperationException($"There is no kernel for the activation {Activation}."),
        };

    // Rank 3 travels as N x C x H x W; in ranks 1 and 2 the innermost axis is the last.
    private long ChannelAxis => Input.Rank == 3 ? 1 : -1;
}
