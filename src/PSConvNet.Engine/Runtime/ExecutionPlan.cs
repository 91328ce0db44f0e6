using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Runtime;

/// <summary>What a network's last kernel gives.</summary>
internal enum OutputKind
{
    /// <summary>Scores before the softmax; whoever reads them normalises in log space.</summary>
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
        var output = OutputKind.Values;
        if (toLogits && steps is [.., ActivationKernel { Activation: Activation.Softmax or Activation.LogSoftmax }])
        {
            steps.RemoveAt(steps.Count - 1);
            output = OutputKind.Logits;
        }
        else if (toLogits && steps is not [.., ActivationKernel])
        {
            output = OutputKind.Logits;
        }
        PoolBeforeActivation(steps);
        FusePooling(steps);
        ReplaceFirstConvolution(steps);
        var input = kernels.Count > 0 ? kernels[0].Input : throw new ArgumentException("There are no kernels.");
        return new ExecutionPlan(new KernelSequence("network", input, steps), output);
    }

    /// <summary>
    /// ReLU grows with its argument, so the maximum of the results is the result of the maximum: pooling first is the same
    /// function on a quarter of the data.
    /// </summary>
    private static void PoolBeforeActivation(List<Kernel> steps)
    {
        for (var i = 0; i + 1 < steps.Count; i++)
        {
            if (steps[i] is ActivationKernel { Activation: Activation.ReLU } relu && steps[i + 1] is MaxPoolKernel pool)
            {
                steps[i] = pool;
                steps[i + 1] = new ActivationKernel(relu.Name, pool.Output, relu.Activation, alpha: 0);
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
            var relu = next < steps.Count && steps[next] is ActivationKernel { Activation: Activation.ReLU };
            if (relu)
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
        var relu = steps is [_, ActivationKernel { Activation: Activation.ReLU }, ..];
        steps.RemoveRange(0, relu ? 2 : 1);
        steps.Insert(0, new FirstConvKernel(first, relu));
    }
}
