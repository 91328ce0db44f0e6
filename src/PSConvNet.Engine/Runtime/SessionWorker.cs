using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Runtime;

/// <summary>What one worker of a <see cref="Session"/> owns.</summary>
internal sealed class SessionWorker : IDisposable
{
    public SessionWorker(
        int index,
        KernelSequence network,
        ComputeWeights weights,
        WorkerTeam team,
        TrainedParameters? trained
    )
    {
        Pass = new WorkerPass(index, team);
        Gradients = trained is null ? null : new WorkerGradients();
        Context = new KernelContext(network, Pass, weights, Gradients, trained);
        if (trained is not null)
            StopAtFirstTrainable(network, Context);
    }

    public WorkerPass Pass { get; }

    public KernelContext Context { get; }

    public WorkerGradients? Gradients { get; }

    /// <summary>Where the gradients of a block of parameters are summed: it fits the second-level cache together with the other arrays.</summary>
    public float[] Block { get; } = new float[8192];

    public void Dispose()
    {
        Context.Dispose();
        Gradients?.Dispose();
    }

    /// <summary>Nothing before the first kernel that is trained needs a gradient, nor does that kernel's input.</summary>
    private static void StopAtFirstTrainable(Kernel kernel, KernelContext context)
    {
        context.NeedsInputGradient = false;
        for (var i = 0; i < kernel.Children.Count; i++)
        {
            StopAtFirstTrainable(kernel.Children[i], context.Children[i]);
            // In a sequence, kernels after one that is trained need gradients. The branches of a residual block share one input.
            if (kernel is KernelSequence && context.Children[i].Learns)
                return;
        }
    }
}
