namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// How one kind of layer computes. A kernel is immutable and shared by all workers; what a pass keeps between forward
/// and backward is in the worker's <see cref="KernelContext"/>.
/// </summary>
/// <remarks>
/// Every tensor made in a pass belongs to the dispose scope of the pass.
/// </remarks>
internal abstract class Kernel(string name, Shape input, Shape output)
{
    /// <summary>Whether it has moving statistics, whose weight the store keeps.</summary>
    public virtual bool KeepsStatistics => false;

    /// <summary>What a normalization adds to the variance; null for other kernels.</summary>
    public virtual double? Epsilon => null;

    /// <summary>The layer's name in its model.</summary>
    public string Name { get; } = name;

    /// <summary>The names of the layers that it computes.</summary>
    public virtual IEnumerable<string> LayerNames => [Name];

    /// <summary>How it computes, in a few words for people who read a plan.</summary>
    public abstract string Method { get; }

    /// <summary>The shape of a sample of its input.</summary>
    public Shape Input { get; } = input;

    /// <summary>The shape of a sample of its output.</summary>
    public Shape Output { get; } = output;

    /// <summary>Its parameters, in the order in which it asks its context for them.</summary>
    public virtual IReadOnlyList<ParameterSpec> Parameters => [];

    /// <summary>The kernel whose parameters these are: itself, or the one that it replaces.</summary>
    public virtual Kernel ParameterOwner => this;

    /// <summary>Kernels within this one.</summary>
    public virtual IReadOnlyList<Kernel> Children => [];

    /// <summary>This kernel and all within it, outermost first.</summary>
    public IEnumerable<Kernel> SelfAndDescendants() =>
        Children.SelectMany(child => child.SelfAndDescendants()).Prepend(this);

    /// <summary>Whether it or one within it reads its weights in a layout of its own, which <see cref="Prepare"/> makes.</summary>
    public virtual bool HasOwnLayout => Children.Any(child => child.HasOwnLayout);

    /// <summary>
    /// Brings the weights into the kernel's own layout, after they changed and before the next pass. The workers share the work and the layout.
    /// </summary>
    /// <param name="context">The worker's context.</param>
    /// <param name="part">Which part of the work, from 0.</param>
    /// <param name="parts">The number of parts.</param>
    public virtual void Prepare(KernelContext context, int part, int parts)
    {
        for (var i = 0; i < Children.Count; i++)
            Children[i].Prepare(context.Children[i], part, parts);
    }

    /// <summary>Whether it, or one within it, divides a single image among the workers.</summary>
    public virtual bool DividesImages => Children.Any(child => child.DividesImages);

    /// <summary>Computes the output of a worker's share of the batch.</summary>
    public abstract Batch Forward(Batch input, KernelContext context);

    /// <summary>
    /// Writes the gradient of each trainable parameter into the context, unless the kernel is frozen, and returns the gradient with respect to
    /// the input; null if <see cref="KernelContext.NeedsInputGradient"/> is false.
    /// </summary>
    public abstract Batch? Backward(Batch gradient, KernelContext context);
}
