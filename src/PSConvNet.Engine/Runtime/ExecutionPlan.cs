using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Runtime;

/// <summary>What the outputs of a network's last kernel are.</summary>
internal enum OutputKind
{
    /// <summary>Scores before the softmax, which is left to their reader.</summary>
    Logits,

    /// <summary>The network's outputs as they are.</summary>
    Values,
}

/// <summary>The kernels that a session runs, in order.</summary>
/// <param name="Network">The kernels.</param>
/// <param name="Output">What their outputs are.</param>
internal sealed record ExecutionPlan(KernelSequence Network, OutputKind Output)
{
    /// <summary>Turns the kernels of a model's layers into the steps that are run.</summary>
    /// <param name="kernels">The kernels, first to last.</param>
    /// <param name="toLogits">
    /// Whether to leave out a final softmax, so that the plan ends in logits and softmax is never applied twice.
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

    /// <summary>What a network's outputs are without its final softmax, if it has one.</summary>
    public static OutputKind OutputOf(IReadOnlyList<Kernel> kernels) =>
        // Dropout and flatten don't change what kind of values an activation returns.
        EndsInSoftmax(kernels)
        || kernels.LastOrDefault(k => k is not DropoutKernel and not FlattenKernel) is not ActivationKernel
            ? OutputKind.Logits
            : OutputKind.Values;

    private static bool EndsInSoftmax(IReadOnlyList<Kernel> kernels) =>
        kernels is [.., ActivationKernel last] && last.Activation.IsSoftmax();

    /// <summary>Replaces consecutive kernels by one that does their work, in residual blocks, too.</summary>
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
    /// ReLU is monotonic, so the maximum of ReLUs is the ReLU of the maximum: pooling first gives the same result, and ReLU
    /// has a quarter of the data.
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

    /// <summary>Batch norm applies the ReLU that follows it.</summary>
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

    /// <summary>Max pooling, with the ReLU and the dropout that follow it, becomes one pass over the data.</summary>
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

    /// <summary>The convolution of the images themselves has few channels and needs no input gradient, for which libtorch is slow.</summary>
    private static void ReplaceFirstConvolution(List<Kernel> steps)
    {
        if (steps is not [ConvKernel first, ..] || !FirstConvKernel.CanReplace(first))
            return;
        var relu = steps.Count > 1 ? AsRelu(steps[1]) : null;
        steps.RemoveRange(0, relu is null ? 1 : 2);
        steps.Insert(0, new FirstConvKernel(first, relu));
    }
}
