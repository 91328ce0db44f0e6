namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A 3 x 3 convolution with stride 1 by <see cref="WinogradConv"/>, with what follows it: ReLU, or 2 x 2 max pooling with a ReLU and a dropout behind
/// it, in which case the convolution's own output is never written. Computes with the fp32 master weights whatever the precision of the activations.
/// </summary>
internal abstract class WinogradConvKernel(ConvKernel convolution, IReadOnlyList<Kernel> following)
    : Kernel(convolution.Name, convolution.Input, following.Count == 0 ? convolution.Output : following[^1].Output)
{
    private static readonly Window s_three = new(3, 3);
    private static readonly Window s_two = new(2, 2);
    private static readonly Window s_one = new(1, 1);

    /// <summary>Brings the kernel in for convolutions of its geometry, with the pooling or the ReLU that follows.</summary>
    public static PlanRule Rule { get; } =
        new(
            "Winograd convolution",
            (site, request) =>
            {
                if (site.Kernels is not [ConvKernel convolution, .. var rest] || !CanReplace(convolution, request))
                    return null;
                var following = Pooling(rest) ?? (rest is [ActivationKernel { IsRelu: true } relu, ..] ? [relu] : []);
                return new Substitution(
                    1 + following.Count,
                    [Create(request.Precision, convolution, following)],
                    "4 x 4 outputs take 36 products instead of 144"
                );
            }
        );

    /// <inheritdoc />
    public override Kernel ParameterOwner => convolution;

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters => convolution.Parameters;

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames =>
        [convolution.Name, .. following.SelectMany(kernel => kernel.LayerNames)];

    /// <inheritdoc />
    public override bool HasOwnLayout => true;

    /// <inheritdoc />
    public override string Method =>
        string.Join(
            ", ",
            following
                .Select(kernel =>
                    kernel switch
                    {
                        MaxPoolKernel => "max pool",
                        DropoutKernel => "dropout",
                        _ => "ReLU",
                    }
                )
                .Prepend("own loops: convolution")
        );

    /// <summary>The kernel whose activations are in a precision.</summary>
    /// <param name="precision">The precision.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="following">Nothing, a ReLU, or a 2 x 2 max pool with a ReLU, a dropout or both behind it.</param>
    public static WinogradConvKernel Create(
        Precision precision,
        ConvKernel convolution,
        IReadOnlyList<Kernel> following
    ) =>
        precision == Precision.BFloat16
            ? new WinogradConvKernel<ushort>(convolution, following)
            : new WinogradConvKernel<float>(convolution, following);

    /// <summary>Whether the convolution is one that <see cref="WinogradConv"/> computes, and faster than libtorch.</summary>
    private static bool CanReplace(ConvKernel convolution, PlanRequest request) =>
        convolution.Geometry is { Groups: 1 } geometry
        && geometry.Window == s_three
        && geometry.Stride == s_one
        && geometry.Dilation == s_one
        // Tiles of bf16 products are several times as fast as products in fp32.
        && !(request.Precision == Precision.BFloat16 && request.Processor.AmxBF16);

    /// <summary>A pool that the convolution's tiles can do, and what follows it; null where there is none.</summary>
    private static List<Kernel>? Pooling(ReadOnlySpan<Kernel> rest)
    {
        if (rest is not [MaxPoolKernel { WindowsAreDisjoint: true } pool, .. var behind] || pool.Window != s_two)
            return null;
        var following = new List<Kernel> { pool };
        if (behind is [ActivationKernel { IsRelu: true } relu, ..])
        {
            following.Add(relu);
            behind = behind[1..];
        }
        if (behind is [DropoutKernel dropout, ..])
            following.Add(dropout);
        return following;
    }
}

/// <summary>The same in one precision.</summary>
/// <typeparam name="T">An activation's bits: <c>float</c>, or <c>ushort</c> for bf16.</typeparam>
internal sealed class WinogradConvKernel<T> : WinogradConvKernel
    where T : unmanaged
{
    private readonly WinogradConv _loops;
    private readonly bool _pools;
    private readonly bool _relu;
    private readonly DropoutKernel? _dropout;

    public WinogradConvKernel(ConvKernel convolution, IReadOnlyList<Kernel> following)
        : base(convolution, following)
    {
        _loops = WinogradConv.Create(convolution.Input, convolution.Output, convolution.Geometry.Edges);
        _pools = following is [MaxPoolKernel, ..];
        _relu = following.Any(kernel => kernel is ActivationKernel);
        _dropout = following.OfType<DropoutKernel>().SingleOrDefault();
    }

    private bool HasBias => Parameters.Count > 1;

    /// <inheritdoc />
    public override void Prepare(KernelContext context, int part, int parts) =>
        _loops.TransformWeights(context.Master(0), Weights(context), part, parts);

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        var output = Batch.Empty(input.Count, Output, input.Type);
        var learns = context.Pass.Training && context.Wanted != WantedGradients.None;
        var bias = HasBias ? context.Master(1) : [];
        if (!_pools)
        {
            _loops.Forward<T>(input.Memory<T>(), Weights(context), bias, _relu, output.Memory<T>(), Scratch(context));
            context.Save(learns ? new Passed(input, output, []) : null);
            return output;
        }
        var count = input.Count * Output.Size;
        context.TryGetSaved(out Passed? last);
        var winners =
            !learns ? []
            : last?.Winners.Length >= count ? last.Winners
            : new byte[count];
        var scale = Scale(context);
        _loops.ForwardPooled<T>(
            input.Memory<T>(),
            Weights(context),
            bias,
            new ConvPooling(_relu, scale),
            scale == 1 ? [] : Kept(input.Count, context),
            output.Memory<T>(),
            learns ? winners.AsSpan(0, count) : [],
            Scratch(context)
        );
        context.Save(learns ? new Passed(input, output, winners) : null);
        return output;
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (context.Wanted == WantedGradients.None)
            return null;
        var (input, output, winners) = context.Saved<Passed>();
        var learns = context.Wanted.HasFlag(WantedGradients.Parameters);
        var kernel = learns ? new float[Parameters[0].Shape.Size] : [];
        var bias = learns && HasBias ? new float[Parameters[1].Shape.Size] : [];
        Batch? result = context.NeedsInputGradient ? input.EmptyLike() : null;
        var target = result is { } wanted ? wanted.Memory<T>() : [];
        if (_pools)
        {
            _loops.BackwardPooled<T>(
                input.Memory<T>(),
                gradient.Memory<T>(),
                winners.AsSpan(0, gradient.Count * Output.Size),
                Scale(context),
                Weights(context),
                kernel,
                bias,
                target,
                Scratch(context)
            );
        }
        else
        {
            _loops.Backward<T>(
                input.Memory<T>(),
                gradient.Memory<T>(),
                _relu ? output.Memory<T>() : [],
                Weights(context),
                kernel,
                bias,
                target,
                Scratch(context)
            );
        }
        if (learns)
            context.SetGradient(0, kernel);
        if (bias.Length > 0)
            context.SetGradient(1, bias);
        return result;
    }

    private WinogradWeights Weights(KernelContext context) =>
        context.Layout(() => _loops.NewWeights(backward: context.Trains && context.NeedsInputGradient));

    private WinogradScratch Scratch(KernelContext context) => context.Scratch(_loops.NewScratch);

    private float Scale(KernelContext context) =>
        _dropout is { Rate: > 0 } dropout && context.Pass.Training ? dropout.MaskOf(0, context.Pass).Scale : 1;

    /// <summary>The masks of the worker's samples, all ones for a value that dropout keeps.</summary>
    private ushort[] Kept(int count, KernelContext context)
    {
        var masks = new ushort[count * Output.Size];
        for (var i = 0; i < count; i++)
            _dropout!.MaskOf(i, context.Pass).Fill(masks.AsSpan(i * Output.Size, Output.Size), ushort.MaxValue);
        return masks;
    }

    /// <summary>What a forward pass saves.</summary>
    /// <param name="Input">The kernel's input.</param>
    /// <param name="Output">Its output.</param>
    /// <param name="Winners">Where each pooled value came from; empty without a pool.</param>
    private sealed record Passed(Batch Input, Batch Output, byte[] Winners);
}
