using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A function of each value; softmax and log-softmax are functions of the channels at each position.</summary>
internal sealed class ActivationKernel(string name, Shape shape, Activation activation, double alpha)
    : AutogradKernel(name, shape, shape)
{
    /// <summary>Leaves a final softmax to the loss, or to whoever reads the outputs, so that it is never applied twice.</summary>
    public static PlanRule LogitsRule { get; } =
        new(
            "logits",
            (site, request) =>
                request.ToLogits
                && site.IsNetworkEnd
                && site.Kernels is [ActivationKernel last]
                && last.Activation.IsSoftmax()
                    ? new Substitution(1, [], "the loss, or whatever reads the outputs, applies the softmax")
                    : null
        );

    /// <summary>Which function.</summary>
    public Activation Activation { get; } = activation;

    /// <summary>Whether it is ReLU, which several kernels apply on their way.</summary>
    public bool IsRelu => Activation == Activation.ReLU;

    /// <summary>
    /// Whether the function never decreases, so that the largest input gives the largest value. LeakyReLU with a slope of 0 is excluded, because it turns -∞ into
    /// a NaN, which would count as the largest.
    /// </summary>
    public bool Rises =>
        Activation switch
        {
            Activation.ReLU or Activation.Sigmoid or Activation.Tanh => true,
            Activation.LeakyReLU => Alpha > 0,
            Activation.ELU => Alpha >= 0,
            _ => false,
        };

    /// <summary>The slope of LeakyReLU or the scale of ELU; the other functions ignore it.</summary>
    public double Alpha { get; } = alpha;

    /// <summary>The same function of values of another shape.</summary>
    public ActivationKernel Of(Shape values) => new(Name, values, Activation, Alpha);

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

    // Samples of rank 3 are N x C x H x W; in ranks 1 and 2 the channels are the last axis.
    private long ChannelAxis => Input.Rank == 3 ? 1 : -1;
}
