namespace PSConvNet.Sweeps;

/// <summary>How unpromising trials are stopped early.</summary>
public enum SweepPruner
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>After an epoch in which a trial is worse than the median of the others after as many (Golovin et al. 2017).</summary>
    Median,

    /// <summary>
    /// Asynchronous successive halving (Li et al. 2020): all trials get a few epochs, the best of them some times more, and so on.
    /// </summary>
    Asha,
}

/// <summary>A pruner and its settings. Immutable.</summary>
public sealed record PrunerSpec
{
    /// <summary>No trial is stopped early.</summary>
    public static PrunerSpec None { get; } = new();

    /// <summary>The rule.</summary>
    public SweepPruner Kind { get; init; }

    /// <summary>The epochs that every trial gets; at least 1. With Asha the lowest rung.</summary>
    public int GraceEpochs { get; init; } = 1;

    /// <summary>With Asha: of how many trials on a rung one goes on, for as many times the epochs; at least 2. The paper's is 4.</summary>
    public int ReductionFactor { get; init; } = 4;

    /// <summary>Refuses impossible combinations.</summary>
    /// <exception cref="ConvNetException"><c>SweepOptionInvalid</c>.</exception>
    public void Validate()
    {
        if (GraceEpochs < 1)
            throw SweepFault.Option($"PrunerSpec.GraceEpochs must be at least 1, not {GraceEpochs}.", GraceEpochs);
        if (ReductionFactor < 2)
            throw SweepFault.Option(
                $"PrunerSpec.ReductionFactor must be at least 2, not {ReductionFactor}.",
                ReductionFactor
            );
    }

    /// <summary>The rungs of Asha below a number of epochs: grace, grace x factor, grace x factor² …</summary>
    /// <param name="epochs">What a trial has in all; its end is no rung.</param>
    public IEnumerable<int> Rungs(double epochs)
    {
        if (Kind != SweepPruner.Asha)
            yield break;
        for (long rung = GraceEpochs; rung < epochs; rung *= ReductionFactor)
            yield return (int)rung;
    }

    /// <inheritdoc />
    public override string ToString() =>
        Kind switch
        {
            SweepPruner.None => "None",
            SweepPruner.Median => $"Median (GraceEpochs {GraceEpochs})",
            _ => $"Asha (GraceEpochs {GraceEpochs}, ReductionFactor {ReductionFactor})",
        };
}
