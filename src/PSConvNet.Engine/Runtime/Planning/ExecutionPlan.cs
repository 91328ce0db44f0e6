using System.Runtime.InteropServices;

namespace PSConvNet.Runtime.Planning;

/// <summary>The kernels that a session runs, in order.</summary>
/// <param name="Network">The kernels.</param>
/// <param name="Applied">How they were chosen.</param>
internal sealed record ExecutionPlan(KernelSequence Network, IReadOnlyList<AppliedRule> Applied)
{
    /// <summary>The rules in the order in which they are tried: each sees what those before it made of the network.</summary>
    public static IReadOnlyList<PlanRule> Rules { get; } =
    [
        ActivationKernel.LogitsRule,
        MaxPoolKernel.BeforeActivationRule,
        ValleyPoolKernel.Rule,
        FirstConvKernel.Rule,
        LibtorchConvKernel.Rule,
        ConvKernel.Rule,
        PooledActivationKernel.Rule,
        BatchNormKernel.Rule,
        DenseLoopsKernel.Rule,
        ActivationLoopsKernel.Rule,
    ];

    /// <summary>Turns the kernels of a model's layers into the steps that are run.</summary>
    /// <param name="kernels">The kernels, first to last; at least one.</param>
    /// <param name="request">What they are run for.</param>
    public static ExecutionPlan Create(IReadOnlyList<Kernel> kernels, PlanRequest request)
    {
        if (kernels.Count == 0)
            throw new ArgumentException("There are no kernels.", nameof(kernels));
        var applied = new List<AppliedRule>();
        var steps = kernels.ToList();
        foreach (var rule in Rules)
            Apply(rule, steps, isNetwork: true, request, applied);
        return new ExecutionPlan(new KernelSequence("network", kernels[0].Input, steps), applied);
    }

    /// <summary>Tries a rule at every place of a sequence, in residual blocks, too.</summary>
    private static void Apply(
        PlanRule rule,
        List<Kernel> steps,
        bool isNetwork,
        PlanRequest request,
        List<AppliedRule> applied
    )
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is ResidualKernel block)
            {
                var body = block.Body.Children.ToList();
                Apply(rule, body, isNetwork: false, request, applied);
                steps[i] = block.WithBody(new KernelSequence(block.Body.Name, block.Body.Input, body));
            }
            var site = new PlanSite(CollectionsMarshal.AsSpan(steps)[i..], isNetwork && i == 0, isNetwork);
            if (rule.Match(site, request) is not { } found)
                continue;
            var layers = steps.Skip(i).Take(found.Replaced).SelectMany(kernel => kernel.LayerNames).Distinct();
            applied.Add(new AppliedRule(rule.Name, string.Join(", ", layers), found.Reason));
            steps.RemoveRange(i, found.Replaced);
            steps.InsertRange(i, found.Kernels);
        }
    }
}
