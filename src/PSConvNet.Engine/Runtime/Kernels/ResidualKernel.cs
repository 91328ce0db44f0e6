namespace PSConvNet.Runtime.Kernels;

/// <summary>y = body(x) + x, or + projection(x) where the shapes differ (He et al. 2016).</summary>
internal sealed class ResidualKernel(string name, KernelSequence body, Kernel? projection)
    : Kernel(name, body.Input, body.Output)
{
    /// <summary>What the input goes through before it is added.</summary>
    public KernelSequence Body => body;

    /// <summary>The same block with other kernels for the same function.</summary>
    public ResidualKernel WithBody(KernelSequence replacement) => new(Name, replacement, projection);

    /// <inheritdoc />
    public override string Method => projection is null ? "sum of its input and:" : "sum of its projected input and:";

    /// <inheritdoc />
    public override IReadOnlyList<Kernel> Children { get; } = projection is null ? [body] : [body, projection];

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        var shortcut = projection is null ? input : projection.Forward(input, context.Children[1]);
        return Sum(body.Forward(input, context.Children[0]), shortcut);
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        var throughBody = body.Backward(gradient, context.Children[0]);
        var throughShortcut = projection is null ? gradient : projection.Backward(gradient, context.Children[1]);
        return context.NeedsInputGradient ? Sum(throughBody!.Value, throughShortcut!.Value) : null;
    }

    private static Batch Sum(Batch a, Batch b) => Batch.Of(a.Values.Plus(b.Values), a.Shape);
}
