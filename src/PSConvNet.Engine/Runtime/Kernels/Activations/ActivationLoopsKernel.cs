namespace PSConvNet.Runtime.Kernels;

/// <summary>A function of each value by <see cref="ActivationLoops"/>, in the place of libtorch's.</summary>
internal sealed class ActivationLoopsKernel(ActivationKernel activation)
    : Kernel(activation.Name, activation.Input, activation.Output)
{
    private readonly ActivationLoops _loops = ActivationLoops.Create(activation.Activation, activation.Alpha);

    /// <summary>Brings the kernel in for functions of one value that no other kernel has taken over.</summary>
    public static PlanRule Rule { get; } =
        new(
            "activation by own loops",
            (site, _) =>
                site.Kernels is [ActivationKernel activation, ..] && ActivationLoops.CanCompute(activation.Activation)
                    ? new Substitution(
                        1,
                        [new ActivationLoopsKernel(activation)],
                        "memory is read and written only once"
                    )
                    : null
        );

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames => activation.LayerNames;

    /// <inheritdoc />
    public override string Method => $"own loops: {activation.Activation}";

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        var output = input.EmptyLike();
        if (input.IsReduced)
            _loops.Forward<ushort>(input.Memory<ushort>(), output.Memory<ushort>());
        else
            _loops.Forward<float>(input.Memory<float>(), output.Memory<float>());
        context.Save(context.Pass.Training && context.NeedsInputGradient ? new Passed(input) : null);
        return output;
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (!context.NeedsInputGradient)
            return null;
        var input = context.Saved<Passed>().Input;
        // Not in place: the two branches of a residual block share the gradient.
        var result = gradient.EmptyLike();
        if (gradient.IsReduced)
            _loops.Backward<ushort>(gradient.Memory<ushort>(), input.Memory<ushort>(), result.Memory<ushort>());
        else
            _loops.Backward<float>(gradient.Memory<float>(), input.Memory<float>(), result.Memory<float>());
        return result;
    }

    private sealed record Passed(Batch Input);
}
