namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Normalises each channel (Ioffe and Szegedy 2015): in training by the mean and variance of the whole batch, over all workers' shares;
/// outside training and where the layer is frozen by the moving statistics. Also applies the ReLU that follows if the planner gives it one.
/// Computes in fp32 whatever the precision around it, a few rows at a time: libtorch's operators would read memory a dozen times.
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

    /// <summary>Values in fp32 at a time: few enough to stay in the first-level cache.</summary>
    private const int BlockValues = 4096;

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

    private int BlockLength => Math.Max(1, BlockValues / Channels) * Channels;

    /// <summary>The same kernel with the ReLU that follows it.</summary>
    public BatchNormKernel With(ActivationKernel following) =>
        new(Name, Input, momentum, epsilon, Parameters, this, following);

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        float[] mean,
            inverse;
        if (context.Pass.Training && !context.IsFrozen)
        {
            var count = (double)context.Pass.BatchCount * Positions;
            mean = OverWorkers(SumOfBlocks(input, ChannelLoops.Sum), count, context);
            var centre = mean;
            var variance = OverWorkers(
                SumOfBlocks(input, (block, sums) => ChannelLoops.SumSquares(block, centre, sums)),
                count,
                context
            );
            inverse = Inverse(variance);
            if (context.Pass.Worker == 0)
            {
                ref var weight = ref context.StatisticsWeight;
                Follow(context.Master(MovingMean), mean, weight);
                Follow(context.Master(MovingVariance), variance, weight);
                weight = (float)(momentum * weight + (1 - momentum));
            }
        }
        else
        {
            mean = context.Master(MovingMean).ToArray();
            inverse = Inverse(context.Master(MovingVariance));
        }
        var scale = Times(context.Master(Gamma), inverse);
        var output = input.EmptyLike();
        Normalise(input, mean, scale, context.Master(Beta), output);
        if (context.Pass.Training)
            context.Save(new Passed(input, output, mean, inverse));
        return output;
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (context.IsFrozen)
            return context.NeedsInputGradient ? BackwardFrozen(gradient, context) : null;
        var (x, output, mean, inverse) = context.Saved<Passed>();
        // Not in place, because others may read the gradient, too: the two branches of a residual block share it.
        var result = gradient.EmptyLike();
        var (sum, along) = BackwardSums(gradient, x, output, mean, result);
        context.SetGradient(Beta, ToSingle(sum, 1));
        context.SetGradient(Gamma, Times(ToSingle(along, 1), inverse));
        // The statistics depend on every sample of the batch, and so does the gradient through them.
        var count = (double)context.Pass.BatchCount * Positions;
        var whole = OverWorkers([.. sum, .. along], count, context);
        if (!context.NeedsInputGradient)
            return null;
        var scale = Times(context.Master(Gamma), inverse);
        var constant = Times(scale, whole.AsSpan(0, Channels));
        var slope = Times(scale, Times(whole.AsSpan(Channels), Times(inverse, inverse)));
        BackwardInput(relu is null ? gradient : result, x, mean, scale, constant, slope, result);
        return result;
    }

    /// <summary>The moving statistics depend on no sample of the batch, so the gradient is only scaled.</summary>
    private Batch BackwardFrozen(Batch gradient, KernelContext context)
    {
        var (_, output, _, inverse) = context.Saved<Passed>();
        var scale = Times(context.Master(Gamma), inverse);
        var none = new float[Channels];
        var result = gradient.EmptyLike();
        var (buffer, other, to) = (new float[BlockLength], new float[BlockLength], new float[BlockLength]);
        var gradients = gradient.Numbers;
        var outputs = output.Numbers;
        var results = result.Numbers;
        for (var start = 0; start < gradients.Length; start += buffer.Length)
        {
            var length = Math.Min(buffer.Length, gradients.Length - start);
            var g = buffer.AsSpan(0, length);
            gradients.Read(start, g);
            if (relu is not null)
                ChannelLoops.ReluBackward(g, outputs.Widened(start, other.AsSpan(0, length)));
            ChannelLoops.Normalise(g, none, scale, none, relu: false, to.AsSpan(0, length));
            results.Write(start, to.AsSpan(0, length));
        }
        return result;
    }

    private delegate void BlockSum(ReadOnlySpan<float> block, Span<float> sums);

    /// <summary>Sums blocks in fp32 and the blocks' sums in fp64.</summary>
    private double[] SumOfBlocks(Batch batch, BlockSum add)
    {
        var values = batch.Numbers;
        var buffer = new float[BlockLength];
        var sums = new float[Channels];
        var total = new double[Channels];
        for (var start = 0; start < values.Length; start += buffer.Length)
        {
            Array.Clear(sums);
            add(values.Widened(start, buffer.AsSpan(0, Math.Min(buffer.Length, values.Length - start))), sums);
            AddTo(total, sums);
        }
        return total;
    }

    private void Normalise(Batch x, float[] mean, float[] scale, ReadOnlySpan<float> shift, Batch output)
    {
        var (from, to) = (new float[BlockLength], new float[BlockLength]);
        var values = x.Numbers;
        var results = output.Numbers;
        for (var start = 0; start < values.Length; start += from.Length)
        {
            var length = Math.Min(from.Length, values.Length - start);
            var rows = values.Widened(start, from.AsSpan(0, length));
            ChannelLoops.Normalise(rows, mean, scale, shift, relu is not null, to.AsSpan(0, length));
            results.Write(start, to.AsSpan(0, length));
        }
    }

    /// <summary>
    /// Sums for each channel the gradient and its product with x - mean. With a ReLU the gradient is first what the ReLU's backward pass makes of
    /// it, which also goes to <paramref name="activated"/>.
    /// </summary>
    private (double[] Sum, double[] Along) BackwardSums(
        Batch gradient,
        Batch x,
        Batch output,
        float[] mean,
        Batch activated
    )
    {
        var (buffer, other) = (new float[BlockLength], new float[BlockLength]);
        var (sums, alongs) = (new float[Channels], new float[Channels]);
        var (sum, along) = (new double[Channels], new double[Channels]);
        var gradients = gradient.Numbers;
        var values = x.Numbers;
        var outputs = output.Numbers;
        var results = activated.Numbers;
        for (var start = 0; start < gradients.Length; start += buffer.Length)
        {
            var length = Math.Min(buffer.Length, gradients.Length - start);
            var g = buffer.AsSpan(0, length);
            gradients.Read(start, g);
            if (relu is not null)
            {
                ChannelLoops.ReluBackward(g, outputs.Widened(start, other.AsSpan(0, length)));
                results.Write(start, g);
            }
            Array.Clear(sums);
            Array.Clear(alongs);
            ChannelLoops.Sum(g, sums);
            ChannelLoops.SumAlong(g, values.Widened(start, other.AsSpan(0, length)), mean, alongs);
            AddTo(sum, sums);
            AddTo(along, alongs);
        }
        return (sum, along);
    }

    private void BackwardInput(
        Batch gradient,
        Batch x,
        float[] mean,
        float[] scale,
        float[] constant,
        float[] slope,
        Batch result
    )
    {
        var (buffer, other) = (new float[BlockLength], new float[BlockLength]);
        var gradients = gradient.Numbers;
        var values = x.Numbers;
        var results = result.Numbers;
        for (var start = 0; start < gradients.Length; start += buffer.Length)
        {
            var length = Math.Min(buffer.Length, gradients.Length - start);
            var g = buffer.AsSpan(0, length);
            gradients.Read(start, g);
            var rows = values.Widened(start, other.AsSpan(0, length));
            ChannelLoops.Backward(g, rows, mean, scale, constant, slope);
            results.Write(start, g);
        }
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
        var values = ToSingle(sums, divisor);
        context.Pass.AllReduce(values);
        return values;
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

    private static void AddTo(double[] total, float[] sums)
    {
        for (var i = 0; i < total.Length; i++)
            total[i] += sums[i];
    }

    /// <summary>What a forward pass saves.</summary>
    /// <param name="Input">The kernel's input.</param>
    /// <param name="Output">Its output, after the ReLU.</param>
    /// <param name="Mean">A number a channel.</param>
    /// <param name="Inverse">1 / sqrt(variance + epsilon), a number a channel.</param>
    private sealed record Passed(Batch Input, Batch Output, float[] Mean, float[] Inverse);
}
