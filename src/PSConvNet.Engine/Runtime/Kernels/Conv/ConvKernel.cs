namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A 2-D convolution (cross-correlation, strictly speaking), and what the planner has it do on the way: a ReLU, or 2 x 2 max pooling with a ReLU and a
/// dropout behind it, in which case the convolution's own output is never written. Weights: out x height x width x in/groups, and a bias.
/// </summary>
/// <remarks>
/// Computes by <see cref="ImageConv"/>, with the fp32 master weights and fp32 products whatever the precision of the activations.
/// </remarks>
internal sealed class ConvKernel : Kernel
{
    private static readonly Window s_two = new(2, 2);

    private readonly ConvKernel? _owner;
    private readonly IReadOnlyList<Kernel> _following;
    private readonly bool _pools;
    private readonly bool _relu;
    private readonly DropoutKernel? _dropout;
    private ImageConv? _loops;

    public ConvKernel(
        string name,
        Shape input,
        Shape output,
        ConvGeometry geometry,
        IReadOnlyList<ParameterSpec> parameters
    )
        : base(name, input, output)
    {
        (Geometry, Parameters, _following) = (geometry, parameters, []);
    }

    /// <summary>A convolution that does the work of the kernels behind it.</summary>
    private ConvKernel(ConvKernel owner, IReadOnlyList<Kernel> following)
        : base(owner.Name, owner.Input, following[^1].Output)
    {
        (Geometry, Parameters, _owner, _following) = (owner.Geometry, owner.Parameters, owner, following);
        _pools = following[0] is MaxPoolKernel;
        _relu = following.Any(kernel => kernel is ActivationKernel);
        _dropout = following.OfType<DropoutKernel>().SingleOrDefault();
    }

    /// <summary>Has the convolution do the 2 x 2 pooling or the ReLU that follows it.</summary>
    public static PlanRule Rule { get; } =
        new(
            "convolution with what follows",
            (site, _) =>
            {
                if (site.Kernels is not [ConvKernel { _owner: null } convolution, .. var rest])
                    return null;
                var following = convolution.IsWinograd ? Pooling(rest) : [];
                if (following.Count == 0 && rest is [ActivationKernel { IsRelu: true } relu, ..])
                    following.Add(relu);
                return following.Count == 0
                    ? null
                    : new Substitution(
                        1 + following.Count,
                        [convolution.With(following)],
                        following[0] is MaxPoolKernel
                            ? "a tile of outputs is pooled before it is written"
                            : "memory is read and written once for both"
                    );
            }
        );

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc />
    public override Kernel ParameterOwner => _owner ?? this;

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames => [Name, .. _following.SelectMany(kernel => kernel.LayerNames)];

    /// <inheritdoc />
    public override bool HasOwnLayout => true;

    /// <inheritdoc />
    public override string Method =>
        string.Join(
            ", ",
            _following
                .Select(kernel =>
                    kernel switch
                    {
                        MaxPoolKernel => "max pool",
                        DropoutKernel => "dropout",
                        _ => "ReLU",
                    }
                )
                .Prepend(IsWinograd ? "own loops: Winograd convolution" : "own loops: convolution")
        );

    /// <summary>Which pixels and channels each output reads.</summary>
    public ConvGeometry Geometry { get; }

    /// <summary>Whether tiles are computed by Winograd's filtering.</summary>
    public bool IsWinograd => WinogradConv.CanCompute(Input, Geometry);

    /// <summary>Whether an image takes long enough for waking other workers to pay.</summary>
    public override bool DividesImages => (long)Computed[0] * Computed[1] * Parameters[0].Shape.Size >= 1 << 20;

    // Made when it is first needed: a model's own kernels aren't run but those of a plan, which are a session's.
    private ImageConv Loops =>
        LazyInitializer.EnsureInitialized(ref _loops, () => ImageConv.Create(Input, Computed, Geometry, pools: _pools));

    /// <summary>The convolution's own output. A last odd row or column that is in no window of the pool isn't computed.</summary>
    private Shape Computed => _pools ? new Shape(2 * Output[0], 2 * Output[1], Output[2]) : (_owner ?? this).Output;

    private bool HasBias => Parameters.Count > 1;

    /// <summary>The same convolution with kernels that follow it.</summary>
    /// <param name="following">A ReLU, or a 2 x 2 max pool with a ReLU, a dropout or both behind it.</param>
    public ConvKernel With(IReadOnlyList<Kernel> following) => new(this, following);

    /// <inheritdoc />
    public override void Prepare(KernelContext context, int part, int parts) =>
        Loops.TransformWeights(context.Master(0), Weights(context), new WorkPart(part, parts));

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context) =>
        input.IsReduced ? Forward<ushort>(input, context) : Forward<float>(input, context);

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (context.Wanted == WantedGradients.None)
            return null;
        return gradient.IsReduced ? Backward<ushort>(gradient, context) : Backward<float>(gradient, context);
    }

    private Batch Forward<T>(Batch input, KernelContext context)
        where T : unmanaged
    {
        var output = Batch.Empty(input.Count, Output, input.Type);
        var learns = context.Pass.Training && context.Wanted != WantedGradients.None;
        // Created before the work is divided, because several workers run the parts.
        var weights = Weights(context);
        if (!_pools)
        {
            context.Divide(
                DividesImages,
                part =>
                    Loops.Forward<T>(
                        input.Memory<T>(),
                        weights,
                        HasBias ? context.Master(1) : [],
                        _relu,
                        output.Memory<T>(),
                        context.Scratch(Loops.NewScratch, part.Number),
                        part
                    )
            );
            context.Save(learns ? new Passed(input, output, [], []) : null);
            return output;
        }
        var count = input.Count * Output.Size;
        var scale = Scale(context);
        context.TryGetSaved(out Passed? last);
        var winners = learns ? Room(last?.Winners, count) : [];
        var masks = scale == 1 ? [] : Room(last?.Masks, count);
        Fill(masks, scale == 1 ? 0 : input.Count, context);
        context.Divide(
            DividesImages,
            part =>
                ((WinogradConv)Loops).ForwardPooled<T>(
                    input.Memory<T>(),
                    weights,
                    HasBias ? context.Master(1) : [],
                    new ConvPooling(_relu, scale),
                    masks.AsSpan(0, scale == 1 ? 0 : count),
                    output.Memory<T>(),
                    winners.AsSpan(0, learns ? count : 0),
                    context.Scratch(Loops.NewScratch, part.Number),
                    part
                )
        );
        context.Save(learns ? new Passed(input, output, winners, masks) : null);
        return output;
    }

    private Batch? Backward<T>(Batch gradient, KernelContext context)
        where T : unmanaged
    {
        var (input, output, winners, _) = context.Saved<Passed>();
        var learns = context.Wanted.HasFlag(WantedGradients.Parameters);
        var kernel = learns ? context.Gradient(0) : [];
        var bias = learns && HasBias ? context.Gradient(1) : [];
        Batch? result = context.NeedsInputGradient ? input.EmptyLike() : null;
        var target = result is { } wanted ? wanted.Memory<T>() : [];
        if (_pools)
        {
            ((WinogradConv)Loops).BackwardPooled<T>(
                input.Memory<T>(),
                gradient.Memory<T>(),
                winners.AsSpan(0, gradient.Count * Output.Size),
                Scale(context),
                Weights(context),
                kernel,
                bias,
                target,
                context.Scratch(Loops.NewScratch)
            );
        }
        else
        {
            Loops.Backward<T>(
                input.Memory<T>(),
                gradient.Memory<T>(),
                _relu ? output.Memory<T>() : [],
                Weights(context),
                kernel,
                bias,
                target,
                context.Scratch(Loops.NewScratch)
            );
        }
        return result;
    }

    /// <summary>Whether the convolution's tiles can do the pooling that follows it.</summary>
    public static bool CanPool(ReadOnlySpan<Kernel> rest) => Pooling(rest).Count > 0;

    /// <summary>A pool that the convolution's tiles can do, and what follows it; empty where there is none.</summary>
    private static List<Kernel> Pooling(ReadOnlySpan<Kernel> rest)
    {
        if (rest is not [MaxPoolKernel { WindowsAreDisjoint: true } pool, .. var behind] || pool.Window != s_two)
            return [];
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

    private ConvWeights Weights(KernelContext context) =>
        context.Layout(() => Loops.NewWeights(backward: context.Trains && context.NeedsInputGradient));

    private float Scale(KernelContext context) => _dropout?.ScaleIn(context.Pass) ?? 1;

    /// <summary>The last step's memory where it is large enough: some megabytes a step would keep the garbage collector busy.</summary>
    private static TItem[] Room<TItem>(TItem[]? last, int count) => last?.Length >= count ? last : new TItem[count];

    /// <summary>Fills in the masks of the worker's samples, all ones for a value that dropout keeps.</summary>
    private void Fill(ushort[] masks, int samples, KernelContext context)
    {
        for (var i = 0; i < samples; i++)
            _dropout!.MaskOf(i, context.Pass).Fill(masks.AsSpan(i * Output.Size, Output.Size), ushort.MaxValue);
    }

    /// <summary>What a forward pass saves.</summary>
    /// <param name="Input">The kernel's input.</param>
    /// <param name="Output">Its output.</param>
    /// <param name="Winners">Where each pooled value came from; empty without a pool.</param>
    /// <param name="Masks">Room for dropout's masks; empty without one.</param>
    private sealed record Passed(Batch Input, Batch Output, byte[] Winners, ushort[] Masks);
}
