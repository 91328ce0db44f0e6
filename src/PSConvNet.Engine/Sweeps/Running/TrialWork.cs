namespace PSConvNet.Sweeps;

/// <summary>A turn at a trial, taken, and what is to be done in it.</summary>
/// <param name="Claim">The turn.</param>
/// <param name="Trial">The trial as it is started or continued.</param>
/// <param name="Until">The epochs after which it ends or waits.</param>
internal sealed record TrialWork(TrialClaim Claim, SweepTrial Trial, double Until);

/// <summary>What there is to do.</summary>
internal enum WorkState
{
    /// <summary>There is a trial to work on.</summary>
    Taken,

    /// <summary>Others work on what is left; it may come to nothing, so look again.</summary>
    Wait,

    /// <summary>Nothing is left.</summary>
    Finished,

    /// <summary>More trials failed than may.</summary>
    TooManyFailures,
}

/// <summary>A trial that a worker has now.</summary>
/// <param name="Id">The trial.</param>
/// <param name="Epoch">The epoch under way, from 1; 0 before the first.</param>
/// <param name="Completed">The share of its epochs that is done, 0 to 1.</param>
public sealed record RunningTrial(TrialId Id, int Epoch, double Completed);

/// <summary>How a study stands.</summary>
/// <param name="State">Whether there is anything to take.</param>
/// <param name="Choices">The turns that could be taken now, of those the most urgent kind.</param>
/// <param name="Open">All that could be taken, as far as is known.</param>
/// <param name="Running">What others work on.</param>
internal sealed record WorkBoard(
    WorkState State,
    IReadOnlyList<(TrialId Id, int Turn)> Choices,
    int Open,
    IReadOnlyList<RunningTrial> Running
);
