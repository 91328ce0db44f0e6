namespace PSConvNet.Sweeps;

/// <summary>How the trials of a sweep are chosen.</summary>
public enum SweepSampler
{
    /// <summary>Every combination once; ranges by evenly spread points.</summary>
    Grid,

    /// <summary>By chance, each trial by itself (Bergstra and Bengio 2012).</summary>
    Random,

    /// <summary>Where good trials lie closer together than others: the tree-structured Parzen estimator (Bergstra et al. 2011).</summary>
    Tpe,
}

/// <summary>What a trial came to, as samplers see it.</summary>
/// <param name="Point">What it was run with.</param>
/// <param name="Loss">What it came to: lower is better; infinite where it failed.</param>
/// <param name="Epochs">The epochs that took.</param>
/// <param name="IsComplete">Whether all epochs were done, so that its loss can be compared with that of others.</param>
internal sealed record Observation(SweepPoint Point, double Loss, double Epochs = 1, bool IsComplete = true);

/// <summary>Chooses the points of a sweep; a pure function of seed, number and history.</summary>
internal interface ISampler
{
    /// <summary>How many points there are; null for any number.</summary>
    int? Count { get; }

    /// <summary>The point of a trial.</summary>
    /// <param name="number">The trial's number, from 0.</param>
    /// <param name="history">The trials that have come to something, in the order of their numbers.</param>
    SweepPoint Sample(int number, IReadOnlyList<Observation> history);
}
