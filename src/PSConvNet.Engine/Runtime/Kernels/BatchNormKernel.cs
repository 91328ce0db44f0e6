using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Normalises each channel by the mean and variance of the whole batch, over all workers' shares; by the moving statistics
/// outside training (Ioffe and Szegedy 2015). Computes in fp32 whatever the precision around it.
/// </summary>
/// <remarks>
/// As in Keras, the moving variance follows the population variance and momentum is the share of the old value that stays.
/// Parameters: gamma, beta, moving mean, moving variance.
/// </remarks>
internal sealed class BatchNormKernel(
    string name,
    Shape shape,
    double momentum,
    double epsilon,
    IReadOnlyList<ParameterSpec> parameters
) : Kernel(name, shape, shape)
{
    private const int Gamma = 0;
    private const int Beta = 1;
    private const int MovingMean = 2;
    private const int MovingVariance = 3;

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; } = parameters;

    /// <inheritdoc />
    public override string Method => "batch norm over all workers, fp32";

    // Everything but the channels: N, H, W of N x C x H x W, or N of N x features.
    private long[] ReducedAxes => Input.Rank == 3 ? [0, 2, 3] : [0];

    private long Positions => Input.Size / Channels;

    private int Channels => Input[Input.Rank - 1];

    /// <inheritdoc />
    public override torch.Tensor Forward(torch.Tensor input, KernelContext context)
    {
        var x = input.to_type(torch.ScalarType.Float32);
        if (!context.Pass.Training)
        {
            var scale = context.Weight(Gamma) * context.Weight(MovingVariance).Plus(epsilon).rsqrt();
            var shift = context.Weight(Beta).Minus(context.Weight(MovingMean) * scale);
            return (x * Spread(scale)).Plus(Spread(shift)).to_type(input.dtype);
        }
        var count = context.Pass.BatchCount * Positions;
        var mean = SumOverWorkers(x.sum(ReducedAxes), context).Over(count);
        var centred = x.Minus(Spread(mean));
        var variance = SumOverWorkers((centred * centred).sum(ReducedAxes), context).Over(count);
        var inverse = variance.Plus(epsilon).rsqrt();
        var normalised = centred * Spread(inverse);
        context.Saved = [normalised, inverse];
        if (context.Pass.Worker == 0)
        {
            Follow(context.Master(MovingMean), mean);
            Follow(context.Master(MovingVariance), variance);
        }
        return (normalised * Spread(context.Weight(Gamma))).Plus(Spread(context.Weight(Beta))).to_type(input.dtype);
    }

    /// <inheritdoc />
    public override torch.Tensor? Backward(torch.Tensor gradient, KernelContext context)
    {
        var g = gradient.to_type(torch.ScalarType.Float32);
        var (normalised, inverse) = (context.Saved[0], context.Saved[1]);
        var sum = g.sum(ReducedAxes);
        var sumAlong = (g * normalised).sum(ReducedAxes);
        context.SetGradient(Gamma, sumAlong);
        context.SetGradient(Beta, sum);
        // The statistics depend on every sample of the batch, so their share of the gradient does too.
        var count = context.Pass.BatchCount * Positions;
        var whole = SumOverWorkers(torch.cat([sum, sumAlong]), context).Over(count);
        if (!context.NeedsInputGradient)
            return null;
        var meanGradient = Spread(whole.narrow(0, 0, Channels));
        var meanAlong = Spread(whole.narrow(0, Channels, Channels));
        var scale = Spread(context.Weight(Gamma) * inverse);
        return (g.Minus(meanGradient).Minus(normalised * meanAlong) * scale).to_type(gradient.dtype);
    }

    private void Follow(Span<float> moving, torch.Tensor batch)
    {
        var values = batch.data<float>();
        for (var i = 0; i < moving.Length; i++)
            moving[i] = (float)(momentum * moving[i] + (1 - momentum) * values[i]);
    }

    private torch.Tensor Spread(torch.Tensor perChannel) =>
        Input.Rank == 3 ? perChannel.view(1, Channels, 1, 1) : perChannel.view(1, Channels);

    private static torch.Tensor SumOverWorkers(torch.Tensor share, KernelContext context)
    {
        var values = share.data<float>().ToArray();
        context.Pass.AllReduce(values);
        return torch.tensor(values);
    }
}
