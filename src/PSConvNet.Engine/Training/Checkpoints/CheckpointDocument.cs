using System.Text.Json;
using PSConvNet.Files;

namespace PSConvNet;

/// <summary><c>training.json</c> of a checkpoint: what decides how a run goes on, beside its weights and other large arrays.</summary>
/// <param name="Format">Says that it is this.</param>
/// <param name="FormatVersion">1.</param>
/// <param name="Options">How the run was begun.</param>
/// <param name="Threads">Its worker threads.</param>
/// <param name="Precision">Its arithmetic.</param>
/// <param name="Data">What it trains on.</param>
/// <param name="Validation">What it validates on, where that was given.</param>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Batch">Batches of it that are done.</param>
/// <param name="Seen">Images of it that are done.</param>
/// <param name="LossSum">The sum of their losses.</param>
/// <param name="Correct">How many of them were right.</param>
/// <param name="EpochSeconds">What the epoch has taken.</param>
/// <param name="Seconds">What the run has taken.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="GaveUp">Whether its patience is over.</param>
/// <param name="Schedule">What the schedule has learned.</param>
/// <param name="BestLoss">The lowest monitored loss.</param>
/// <param name="EpochsSinceBest">Epochs since then.</param>
/// <param name="AverageSteps">Steps the running mean of the weights has followed.</param>
/// <param name="History">The epochs that are done.</param>
/// <param name="PositionsAtStart">The model's positions at the start of the epoch; null in files from before there were any.</param>
/// <param name="Keeping">How often checkpoints are written, and how many are kept; null in files from before that was written.</param>
internal sealed record CheckpointDocument(
    string Format,
    int FormatVersion,
    TrainingOptions Options,
    int Threads,
    Precision Precision,
    DatasetRecord Data,
    DatasetRecord? Validation,
    int Epoch,
    int Batch,
    int Seen,
    double LossSum,
    long Correct,
    double EpochSeconds,
    double Seconds,
    DateTimeOffset StartedAt,
    bool GaveUp,
    ScheduleState Schedule,
    double? BestLoss,
    int EpochsSinceBest,
    long AverageSteps,
    IReadOnlyList<EpochRecord> History,
    IReadOnlyList<TrainingPosition>? PositionsAtStart,
    CheckpointKeeping? Keeping
) : IReadFromFile
{
    /// <summary>No batch takes less, in seconds.</summary>
    private const double Least = 1e-9;

    /// <summary>Its name in the archive.</summary>
    public const string Entry = "training.json";

    /// <summary>The name of the large arrays' entry.</summary>
    public const string Arrays = "training.safetensors";

    /// <summary>What <see cref="Format"/> has to say.</summary>
    public const string FormatName = "psconvnet-checkpoint";

    /// <summary>The version that is written and read.</summary>
    public const int Version = 1;

    /// <summary>The weights at the start of the epoch.</summary>
    public const string EpochStart = "epoch_start";

    /// <summary>The running sum of the weights.</summary>
    public const string Average = "average";

    /// <summary>The best epoch's weights.</summary>
    public const string Best = "best";

    /// <summary>What the optimizer remembers begins with this.</summary>
    public const string Optimizer = "optimizer.";

    void IReadFromFile.Require()
    {
        // Where nothing is done of an epoch, nothing can have come of it.
        var isAtStart = Batch == 0 && Seen == 0 && Correct == 0 && LossSum == 0;
        if (
            Epoch < 1
            || History.Count != Epoch - 1
            || Correct > Seen
            || EpochsSinceBest > History.Count
            || (!isAtStart && (Batch == 0 || Seen < Batch || EpochSeconds < Least))
            || !RunClock.IsDuration(Seconds)
            || !RunClock.IsDuration(EpochSeconds)
        )
            throw new JsonException("a position in the run is impossible");
        EpochRecord.RequireOrder(History);
        if (
            Schedule.BadEpochs > History.Count
            || (Schedule.BestLoss is not null && History.Count == 0)
            || (BestLoss is null) != (History.Count == 0)
            || !IsBest(History, BestLoss, EpochsSinceBest)
            || (GaveUp && Options.Patience is null)
        )
            throw new JsonException("what the schedule or the patience knows about the epochs is impossible");
        if (Threads is < 1 or > 256 || Precision == Precision.Auto)
            throw new JsonException("the threads or the precision are impossible");
    }

    private static bool IsBest(IReadOnlyList<EpochRecord> history, double? loss, int since) =>
        history.MinBy(epoch => epoch.MonitoredLoss) is not { } best
        || (best.MonitoredLoss == loss && since == history.Count - best.Epoch);

    /// <summary>What can't be in a run of so many images and steps; null where all can.</summary>
    public string? Fault(int images, StepCount steps) =>
        Epoch > steps.Epochs + 1 || (Batch > 0 && (Epoch > steps.Epochs || Batch > steps.In(Epoch)))
            ? $"it stands in epoch {Epoch}, batch {Batch}, of {steps.Epochs} epochs"
        : Seen > images || Seen > (long)Batch * Options.BatchSize
            ? $"it has seen {Seen} of {images} images in {Batch} batches"
        : AverageSteps != (Options.AverageDecay > 0 ? steps.At(Epoch, Batch) : 0)
            ? $"an average of {AverageSteps} steps is impossible"
        : null;
}
