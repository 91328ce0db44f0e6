namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Normalises each channel (Ioffe and Szegedy 2015): in training by the mean and variance of the whole batch, over all workers' shares;
/// outside training and where the layer is frozen by the moving statistics. Also applies the ReLU that follows if the planner gives it one.
/// Computes in fp32 whatever the precision around it, by <see cref="BatchNormLoops"/>: libtorch's operators would read memory a dozen times.
/// </summary>
/// <remarks>
/// As in Keras, the moving variance follows the population variance (PyTorch's follows the unbiased one) and momentum is the share of the
/// old value that stays. Unlike there, the statistics don't start as a mean of 0 and a variance of 1 that take hundreds of steps to fade.
/// Parameters: gamma, beta, moving mean, moving variance.
/// </remarks>
internal sealed class BatchNormKernel(
    string name,
    Shape shape,
    double momentum,
    double epsilon,
    IReadOnlyList<ParameterSpec> parameters,
    BatchNormKernel? owner = null,
    ActivationKernel? relu = null
) : Kernel(name, shape, shape)
{
    private const int Gamma = 0;
    private const int Beta = 1;
    private const int MovingMean = 2;
    private const int MovingVariance = 3;

    private readonly BatchNormLoops _loops = BatchNormLoops.Create(shape[shape.Rank - 1]);

    /// <summary>Has the kernel apply the ReLU that follows it.</summary>
    public static PlanRule Rule { get; } =
        new(
            "batch norm with its ReLU",
            (site, _) =>
                site.Kernels is [BatchNormKernel norm, ActivationKernel { IsRelu: true } following, ..]
                    ? new Substitution(2, [norm.With(following)], "memory is read and written once for both")
                    : null
        );

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; } = parameters;

    /// <inheritdoc />
    public override bool KeepsStatistics => owner is null;

    /// <inheritdoc />
    public override Kernel ParameterOwner => owner ?? this;

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames => [Name, .. relu?.LayerNames ?? []];

    /// <inheritdoc />
    public override string Method => relu is null ? "own loops: batch norm" : "own loops: batch norm, ReLU";

    /// <inheritdoc />
    public override double? Epsilon => epsilon;

    private int Channels => Input[Input.Rank - 1];

    private int Positions => Input.Size / Channels;

    /// <summary>The same kernel with the ReLU that follows it.</summary>
    public BatchNormKernel With(ActivationKernel following) =>
        new(Name, Input, momentum, epsilon, Parameters, this, following);

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context) =>
        input.IsReduced ? Forward<ushort>(input, context) : Forward<float>(input, context);

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (context.IsFrozen && !context.NeedsInputGradient)
            return null;
        return gradient.IsReduced ? Backward<ushort>(gradient, context) : Backward<float>(gradient, context);
    }

    private Batch Forward<T>(Batch input, KernelContext context)
        where T : unmanaged
    {
        var (mean, inverse) =
            context.Pass.Training && !context.IsFrozen
                ? BatchStatistics<T>(input, context)
                : (context.Master(MovingMean).ToArray(), Inverse(context.Master(MovingVariance)));
        var scale = Times(context.Master(Gamma), inverse);
        var normalisation = new Normalisation(mean, scale, context.Master(Beta).ToArray(), relu is not null);
        var output = input.EmptyLike();
        _loops.Normalise<T>(input.Memory<T>(), normalisation, output.Memory<T>());
        if (context.Pass.Training)
            context.Save(new Passed(input, normalisation, inverse));
        return output;
    }

    private Batch? Backward<T>(Batch gradient, KernelContext context)
        where T : unmanaged
    {
        var (input, normalisation, inverse) = context.Saved<Passed>();
        // Moving statistics depend on no sample of the batch, so that the gradient is only scaled.
        var (constant, slope) = (new float[Channels], new float[Channels]);
        if (!context.IsFrozen)
        {
            var (sum, along) = (new double[Channels], new double[Channels]);
            _loops.AddGradients<T>(gradient.Memory<T>(), input.Memory<T>(), normalisation, sum, along);
            context.SetGradient(Beta, ToSingle(sum, 1));
            context.SetGradient(Gamma, Times(ToSingle(along, 1), inverse));
            // The statistics depend on every sample of the batch, and so does the gradient through them.
            var whole = OverWorkers([.. sum, .. along], (double)context.Pass.BatchCount * Positions, context);
            constant = Times(normalisation.Scale, whole.AsSpan(0, Channels));
            slope = Times(normalisation.Scale, Times(whole.AsSpan(Channels), Times(inverse, inverse)));
        }
        if (!context.NeedsInputGradient)
            return null;
        // Not in place, because others may read the gradient, too: the two branches of a residual block share it.
        var result = gradient.EmptyLike();
        _loops.Backward<T>(gradient.Memory<T>(), input.Memory<T>(), normalisation, constant, slope, result.Memory<T>());
        return result;
    }

    /// <summary>The statistics of the whole batch, which the moving ones follow.</summary>
    private (float[] Mean, float[] Inverse) BatchStatistics<T>(Batch input, KernelContext context)
        where T : unmanaged
    {
        var mine = new ChannelMoments(Channels);
        _loops.AddMoments<T>(input.Memory<T>(), mine);
        var whole = ChannelMoments.Merged(context.Pass.Gather(mine.Packed()));
        var (mean, variance) = (ToSingle(whole.Means, 1), ToSingle(whole.Deviations, whole.Count));
        if (context.Pass.Worker == 0)
        {
            ref var weight = ref context.StatisticsWeight;
            Follow(context.Master(MovingMean), mean, weight);
            Follow(context.Master(MovingVariance), variance, weight);
            weight = (float)(momentum * weight + (1 - momentum));
        }
        return (mean, Inverse(variance));
    }

    /// <summary>An exponential moving average whose weights sum to 1 from the first step on (Adam's bias correction).</summary>
    private void Follow(Span<float> moving, float[] batch, double weight)
    {
        var (old, added) = (momentum * weight, 1 - momentum);
        for (var i = 0; i < moving.Length; i++)
            moving[i] = (float)((old * moving[i] + added * batch[i]) / (old + added));
    }

    private float[] Inverse(ReadOnlySpan<float> variance)
    {
        var inverse = new float[variance.Length];
        for (var i = 0; i < inverse.Length; i++)
            inverse[i] = (float)(1 / Math.Sqrt(variance[i] + epsilon));
        return inverse;
    }

    /// <summary>The sums over all workers, divided by <paramref name="divisor"/>.</summary>
    private static float[] OverWorkers(double[] sums, double divisor, KernelContext context)
    {
        var total = new double[sums.Length];
        foreach (var part in context.Pass.Gather(sums))
        {
            for (var i = 0; i < total.Length; i++)
                total[i] += part[i];
        }
        return ToSingle(total, divisor);
    }

    private static float[] ToSingle(double[] values, double divisor) =>
        [.. values.Select(value => (float)(value / divisor))];

    private static float[] Times(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var products = new float[a.Length];
        for (var i = 0; i < products.Length; i++)
            products[i] = a[i] * b[i];
        return products;
    }

    /// <summary>What a forward pass saves.</summary>
    /// <param name="Input">The kernel's input.</param>
    /// <param name="Normalisation">What it did.</param>
    /// <param name="Inverse">1 / sqrt(variance + epsilon), a number per channel.</param>
    private sealed record Passed(Batch Input, Normalisation Normalisation, float[] Inverse);
}
