using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Runtime;

/// <summary>What a network's last kernel gives.</summary>
internal enum OutputKind
{
    /// <summary>Scores before the softmax; their reader normalises in log space.</summary>
    Logits,

    /// <summary>The network's outputs as they are.</summary>
    Values,
}

/// <summary>The kernels a session runs, in its order.</summary>
/// <param name="Network">The kernels.</param>
/// <param name="Output">What they give.</param>
internal sealed record ExecutionPlan(KernelSequence Network, OutputKind Output)
{
    /// <summary>Turns a model's kernels, as its layers list them, into the steps that are run.</summary>
    /// <param name="kernels">The kernels, first to last.</param>
    /// <param name="toLogits">
    /// Ends the plan in logits where the network ends in a softmax or in nothing, so that a softmax is never applied twice.
    /// </param>
    public static ExecutionPlan Create(IReadOnlyList<Kernel> kernels, bool toLogits)
    {
        var steps = kernels.ToList();
        var output = toLogits ? OutputOf(kernels) : OutputKind.Values;
        if (toLogits && EndsInSoftmax(kernels))
            steps.RemoveAt(steps.Count - 1);
        Fuse(steps);
        ReplaceFirstConvolution(steps);
        var input = kernels.Count > 0 ? kernels[0].Input : throw new ArgumentException("There are no kernels.");
        return new ExecutionPlan(new KernelSequence("network", input, steps), output);
    }

    /// <summary>What a network gives without its final softmax, if it has one.</summary>
    public static OutputKind OutputOf(IReadOnlyList<Kernel> kernels) =>
        // Dropout and flatten after an activation leave its values what they are.
        EndsInSoftmax(kernels)
        || kernels.LastOrDefault(k => k is not DropoutKernel and not FlattenKernel) is not ActivationKernel
            ? OutputKind.Logits
            : OutputKind.Values;

    private static bool EndsInSoftmax(IReadOnlyList<Kernel> kernels) =>
        kernels is [.., ActivationKernel last] && last.Activation.IsSoftmax();

    /// <summary>Lets one kernel do the work of several that follow each other, within residual blocks too.</summary>
    private static void Fuse(List<Kernel> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is ResidualKernel block)
                steps[i] = block.WithBody(Fused(block.Body));
        }
        PoolBeforeActivation(steps);
        FusePooling(steps);
        FuseNormalisation(steps);
    }

    private static KernelSequence Fused(KernelSequence sequence)
    {
        var steps = sequence.Children.ToList();
        Fuse(steps);
        return new KernelSequence(sequence.Name, sequence.Input, steps);
    }

    /// <summary>
    /// ReLU grows with its argument, so the maximum of the results is the result of the maximum: pooling first is the same
    /// function on a quarter of the data.
    /// </summary>
    private static void PoolBeforeActivation(List<Kernel> steps)
    {
        for (var i = 0; i + 1 < steps.Count; i++)
        {
            if (AsRelu(steps[i]) is { } relu && steps[i + 1] is MaxPoolKernel pool)
            {
                steps[i] = pool;
                steps[i + 1] = new ActivationKernel(relu.Name, pool.Output, relu.Activation, alpha: 0);
            }
        }
    }

    private static ActivationKernel? AsRelu(Kernel kernel) =>
        kernel is ActivationKernel { Activation: Activation.ReLU } relu ? relu : null;

    /// <summary>Batch norm writes what ReLU leaves of it.</summary>
    private static void FuseNormalisation(List<Kernel> steps)
    {
        for (var i = 0; i + 1 < steps.Count; i++)
        {
            if (steps[i] is BatchNormKernel norm && AsRelu(steps[i + 1]) is { } relu)
            {
                steps[i] = norm.With(relu);
                steps.RemoveAt(i + 1);
            }
        }
    }

    /// <summary>Pooling, ReLU and dropout that follow each other go over the data once.</summary>
    private static void FusePooling(List<Kernel> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is not MaxPoolKernel pool || !PooledActivationKernel.CanReplace(pool))
                continue;
            var next = i + 1;
            var relu = next < steps.Count ? AsRelu(steps[next]) : null;
            if (relu is not null)
                next++;
            var dropout = next < steps.Count ? steps[next] as DropoutKernel : null;
            if (dropout is not null)
                next++;
            steps.RemoveRange(i, next - i);
            steps.Insert(i, new PooledActivationKernel(pool, relu, dropout));
        }
    }

    /// <summary>The convolution of the images themselves has few channels and passes no gradient on: libtorch's weak spot.</summary>
    private static void ReplaceFirstConvolution(List<Kernel> steps)
    {
        if (steps is not [ConvKernel first, ..] || !FirstConvKernel.CanReplace(first))
            return;
        var relu = steps.Count > 1 ? AsRelu(steps[1]) : null;
        steps.RemoveRange(0, relu is null ? 1 : 2);
        steps.Insert(0, new FirstConvKernel(first, relu));
    }
}
