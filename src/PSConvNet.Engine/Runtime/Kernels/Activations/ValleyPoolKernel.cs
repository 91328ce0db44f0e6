namespace PSConvNet.Runtime.Kernels;

/// <summary>GELU or SiLU and the max pooling behind it, over windows that don't overlap, in one pass by <see cref="ValleyPoolLoops"/>.</summary>
internal sealed class ValleyPoolKernel(ActivationKernel activation, MaxPoolKernel pool)
    : Kernel(activation.Name, pool.Input, pool.Output)
{
    private readonly PoolGeometry _geometry = GeometryOf(pool);
    private readonly int[] _offsets = GeometryOf(pool).Offsets();
    private readonly ValleyPoolLoops _forward = ValleyPoolLoops.Create(activation.Activation, GeometryOf(pool));
    private readonly ActivationLoops _slopes = ActivationLoops.Create(activation.Activation, activation.Alpha);

    /// <summary>Brings the kernel in where its loops can do the pool: whole vectors of channels, no overlap, no padding.</summary>
    public static PlanRule Rule { get; } =
        new(
            "activation with its pooling",
            (site, _) =>
                site.Kernels is [ActivationKernel activation, MaxPoolKernel { SuitsLoops: true } pool, ..]
                && ValleyPoolLoops.CanCompute(activation.Activation)
                    ? new Substitution(
                        2,
                        [new ValleyPoolKernel(activation, pool)],
                        "the function falls and then rises, so that only a window's largest and smallest values matter"
                    )
                    : null
        );

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames => [.. activation.LayerNames, .. pool.LayerNames];

    /// <inheritdoc />
    public override string Method => $"own loops: {activation.Activation}, max pool";

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context) =>
        input.IsReduced ? Forward<ushort>(input, context) : Forward<float>(input, context);

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (!context.NeedsInputGradient)
            return null;
        return gradient.IsReduced
            ? Backward<ushort, BFloat16PoolLoops>(gradient, context)
            : Backward<float, PoolLoops>(gradient, context);
    }

    private Batch Forward<T>(Batch input, KernelContext context)
        where T : unmanaged
    {
        var output = Batch.Empty(input.Count, Output, input.Type);
        var passed = context.Pass.Training && context.NeedsInputGradient ? Room(output, context) : null;
        context.Save(passed);
        var x = input.Memory<T>();
        var y = output.Memory<T>();
        var winners = passed is null ? [] : passed.Winners.Memory<T>();
        for (var i = 0; i < input.Count; i++)
        {
            var (start, size) = (i * Output.Size, Output.Size);
            _forward.Forward<T>(
                x.Slice(i * Input.Size, Input.Size),
                y.Slice(start, size),
                passed is null ? [] : winners.Slice(start, size),
                passed is null ? [] : passed.Which.AsSpan(start, size)
            );
        }
        return output;
    }

    private Batch Backward<T, TLoops>(Batch gradient, KernelContext context)
        where T : unmanaged
        where TLoops : struct, IPoolLoops<T>
    {
        var passed = context.Saved<Passed>();
        var (pooled, result) = (gradient.EmptyLike(), Batch.Empty(gradient.Count, Input, gradient.Type));
        var g = pooled.Memory<T>();
        var x = result.Memory<T>();
        _slopes.Backward<T>(gradient.Memory<T>(), passed.Winners.Memory<T>(), g);
        for (var i = 0; i < gradient.Count; i++)
        {
            TLoops.Backward(
                g.Slice(i * Output.Size, Output.Size),
                passed.Which.AsSpan(i * Output.Size, Output.Size),
                x.Slice(i * Input.Size, Input.Size),
                _geometry,
                _offsets,
                scale: 1
            );
        }
        return result;
    }

    private static PoolGeometry GeometryOf(MaxPoolKernel pool) =>
        new(pool.Input[0], pool.Input[1], pool.Input[2], pool.Window);

    /// <summary>Room for what the backward pass needs; for the positions it is the last step's where that is long enough.</summary>
    private static Passed Room(Batch output, KernelContext context)
    {
        var length = output.Count * output.Shape.Size;
        var which =
            context.TryGetSaved(out Passed? last) && last.Which.Length >= length ? last.Which : new byte[length];
        return new Passed(output.EmptyLike(), which);
    }

    /// <summary>What a forward pass saves.</summary>
    /// <param name="Winners">The numbers whose values are the outputs.</param>
    /// <param name="Which">Their positions in their windows.</param>
    private sealed record Passed(Batch Winners, byte[] Which);
}
