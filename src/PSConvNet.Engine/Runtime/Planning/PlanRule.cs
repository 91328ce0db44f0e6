namespace PSConvNet.Runtime.Planning;

/// <summary>A place in a sequence of kernels.</summary>
/// <param name="kernels">The kernels from here to the end of the sequence; at least one.</param>
/// <param name="isNetworkStart">Whether the first of them reads the images themselves.</param>
/// <param name="isNetworkEnd">Whether the last of them gives the network's outputs.</param>
internal readonly ref struct PlanSite(ReadOnlySpan<Kernel> kernels, bool isNetworkStart, bool isNetworkEnd)
{
    public ReadOnlySpan<Kernel> Kernels { get; } = kernels;

    public bool IsNetworkStart { get; } = isNetworkStart;

    public bool IsNetworkEnd { get; } = isNetworkEnd;
}

/// <summary>What a rule puts in the place of kernels.</summary>
/// <param name="Replaced">How many kernels it replaces, from the first one on.</param>
/// <param name="Kernels">What computes the same in their place.</param>
/// <param name="Reason">Why, in a clause for people who read a plan.</param>
internal sealed record Substitution(int Replaced, IReadOnlyList<Kernel> Kernels, string Reason);

/// <summary>Looks at a place and says what to put there; null for leaving it as it is.</summary>
internal delegate Substitution? PlanMatch(PlanSite site, PlanRequest request);

/// <summary>
/// A way to compute some kernels that follow each other better than one by one. It is declared beside the kernel that it brings in, and has a
/// line in <see cref="ExecutionPlan.Rules"/>.
/// </summary>
/// <param name="Name">What it does, in a few words.</param>
/// <param name="Match">Finds where it applies.</param>
internal sealed record PlanRule(string Name, PlanMatch Match);
