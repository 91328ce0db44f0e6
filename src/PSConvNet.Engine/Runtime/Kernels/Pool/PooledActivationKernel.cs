namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Max pooling over windows that don't overlap, with the ReLU and the dropout that follow it, in one pass and with a backward pass of
/// its own. Replaces up to three kernels, with the same results.
/// </summary>
internal sealed class PooledActivationKernel(MaxPoolKernel pool, ActivationKernel? relu, DropoutKernel? dropout)
    : Kernel(pool.Name, pool.Input, pool.Output)
{
    private readonly PoolGeometry _geometry = GeometryOf(pool);
    private readonly int[] _offsets = GeometryOf(pool).Offsets();

    /// <summary>Brings the kernel in where its loops can do the pool: whole vectors of channels, no overlap, no padding.</summary>
    public static PlanRule Rule { get; } =
        new(
            "pooling in one pass",
            (site, _) =>
            {
                if (site.Kernels is not [MaxPoolKernel { SuitsLoops: true } pool, .. var rest])
                    return null;
                var relu = rest is [ActivationKernel { IsRelu: true } activation, ..] ? activation : null;
                if (relu is not null)
                    rest = rest[1..];
                var dropout = rest is [DropoutKernel following, ..] ? following : null;
                if (dropout is not null)
                    rest = rest[1..];
                return new Substitution(
                    site.Kernels.Length - rest.Length,
                    [new PooledActivationKernel(pool, relu, dropout)],
                    "its windows don't overlap"
                );
            }
        );

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames =>
        [pool.Name, .. relu is null ? [] : relu.LayerNames, .. dropout is null ? [] : dropout.LayerNames];

    /// <inheritdoc />
    public override string Method =>
        (relu, dropout) switch
        {
            (null, null) => "own loops: max pool",
            (_, null) => "own loops: max pool, ReLU",
            (null, _) => "own loops: max pool, dropout",
            _ => "own loops: max pool, ReLU, dropout",
        };

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context) =>
        input.IsReduced
            ? Forward<ushort, BFloat16PoolLoops>(input, context)
            : Forward<float, PoolLoops>(input, context);

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (!context.NeedsInputGradient)
            return null;
        return gradient.IsReduced
            ? Backward<ushort, BFloat16PoolLoops>(gradient, context)
            : Backward<float, PoolLoops>(gradient, context);
    }

    private Batch Forward<T, TLoops>(Batch input, KernelContext context)
        where T : unmanaged
        where TLoops : struct, IPoolLoops<T>
    {
        var output = Batch.Empty(input.Count, Output, input.Type);
        var which = context.Pass.Training && context.NeedsInputGradient ? Winners(input.Count, context) : [];
        var scale = Scale(context);
        var mask = scale == 1 ? [] : new ushort[Output.Size];
        var x = input.Memory<T>();
        var y = output.Memory<T>();
        for (var i = 0; i < input.Count; i++)
        {
            TLoops.Forward(
                x.Slice(i * Input.Size, Input.Size),
                y.Slice(i * Output.Size, Output.Size),
                which.Length == 0 ? [] : which.AsSpan(i * Output.Size, Output.Size),
                _geometry,
                _offsets,
                relu is not null,
                Keep(i, mask, context),
                scale
            );
        }
        return output;
    }

    private Batch Backward<T, TLoops>(Batch gradient, KernelContext context)
        where T : unmanaged
        where TLoops : struct, IPoolLoops<T>
    {
        var result = Batch.Empty(gradient.Count, Input, gradient.Type);
        var scale = Scale(context);
        var which = context.Saved<Passed>().Winners;
        var g = gradient.Memory<T>();
        var x = result.Memory<T>();
        for (var i = 0; i < gradient.Count; i++)
        {
            TLoops.Backward(
                g.Slice(i * Output.Size, Output.Size),
                which.AsSpan(i * Output.Size, Output.Size),
                x.Slice(i * Input.Size, Input.Size),
                _geometry,
                _offsets,
                scale
            );
        }
        return result;
    }

    private static PoolGeometry GeometryOf(MaxPoolKernel pool) =>
        new(pool.Input[0], pool.Input[1], pool.Input[2], pool.Window);

    private float Scale(KernelContext context) => dropout?.ScaleIn(context.Pass) ?? 1;

    /// <summary>Fills the buffer with a sample's mask, unless the buffer is empty.</summary>
    private ushort[] Keep(int row, ushort[] buffer, KernelContext context)
    {
        if (buffer.Length > 0)
            dropout!.MaskOf(row, context.Pass).Fill(buffer, ushort.MaxValue);
        return buffer;
    }

    /// <summary>Room for where each output came from: the last step's where it is long enough.</summary>
    private byte[] Winners(int count, KernelContext context)
    {
        if (context.TryGetSaved(out Passed? last) && last.Winners.Length >= count * Output.Size)
            return last.Winners;
        var winners = new byte[count * Output.Size];
        context.Save(new Passed(winners));
        return winners;
    }

    private sealed record Passed(byte[] Winners);
}
