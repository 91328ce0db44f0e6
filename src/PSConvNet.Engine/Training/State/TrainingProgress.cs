using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>The position of a run: the completed epochs, and the sums over the batches of the current one.</summary>
internal sealed class TrainingProgress : ITrainingPart
{
    /// <summary>No batch takes less, in seconds.</summary>
    private const double ShortestBatch = 1e-9;

    private readonly List<EpochRecord> _history = [];

    private sealed record Fields(
        int Epoch,
        int Batch,
        int Seen,
        double LossSum,
        long Correct,
        double EpochSeconds,
        double Seconds,
        DateTimeOffset StartedAt,
        IReadOnlyList<EpochRecord> History
    ) : IReadFromFile
    {
        void IReadFromFile.Require()
        {
            // An epoch without a completed batch has no sums.
            var isEpochStart = Batch == 0 && Seen == 0 && Correct == 0 && LossSum == 0;
            if (
                Epoch < 1
                || History.Count != Epoch - 1
                || Correct > Seen
                // A batch whose loss isn't a number ends its run.
                || !(double.IsFinite(LossSum) && LossSum >= EpochRecord.LeastLoss * Math.Max(1, Seen))
                || (!isEpochStart && (Batch == 0 || Seen < Batch || EpochSeconds < ShortestBatch))
                || !RunClock.IsDuration(Seconds)
                || !RunClock.IsDuration(EpochSeconds)
            )
                throw new JsonException("a position in the run is impossible");
            EpochRecord.RequireOrder(History);
        }
    }

    /// <summary>The completed epochs.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>The current epoch of the run, from 1; one more than there are when all are completed.</summary>
    public int Epoch => _history.Count + 1;

    /// <summary>The number of completed batches of the current epoch.</summary>
    public int Batch { get; private set; }

    /// <summary>The number of images in them.</summary>
    public int Seen { get; private set; }

    /// <summary>The sum of the losses of these images.</summary>
    public double LossSum { get; private set; }

    /// <summary>How many of these images were classified correctly.</summary>
    public long Correct { get; private set; }

    /// <summary>The training time of the current epoch up to now.</summary>
    public double EpochSeconds { get; set; }

    /// <summary>The duration of the run up to now, over all sittings.</summary>
    public double Seconds { get; set; }

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; private set; } = DateTimeOffset.Now;

    /// <summary>The mean loss of the current epoch up to now.</summary>
    public double Loss => LossSum / Seen;

    /// <summary>The accuracy of the current epoch up to now, 0 to 1.</summary>
    public double Accuracy => (double)Correct / Seen;

    /// <summary>The speed in the current epoch up to now.</summary>
    public double ImagesPerSecond => Seen / EpochSeconds;

    /// <summary>Adds a batch to the current epoch.</summary>
    public void Add(LossShare share, int images)
    {
        LossSum += share.Sum;
        Correct += share.Correct;
        Seen += images;
        Batch++;
    }

    void ITrainingPart.Save(SavedTraining saved) =>
        saved.Add(new Fields(Epoch, Batch, Seen, LossSum, Correct, EpochSeconds, Seconds, StartedAt, History));

    void ITrainingPart.Restore(SavedTraining saved)
    {
        var fields = saved.Fields<Fields>();
        if (saved.Steps is { } steps)
            RequirePlace(fields, steps);
        _history.Clear();
        _history.AddRange(fields.History);
        (Batch, Seen, LossSum, Correct) = (fields.Batch, fields.Seen, fields.LossSum, fields.Correct);
        (EpochSeconds, Seconds, StartedAt) = (fields.EpochSeconds, fields.Seconds, fields.StartedAt);
    }

    /// <summary>Records an epoch and resets the sums.</summary>
    void ITrainingPart.EndEpoch(EpochRecord epoch)
    {
        _history.Add(epoch);
        (Batch, Seen, LossSum, Correct, EpochSeconds) = (0, 0, 0, 0, 0);
    }

    private static void RequirePlace(Fields fields, StepCount steps)
    {
        var (epoch, batch, seen) = (fields.Epoch, fields.Batch, fields.Seen);
        if (epoch > steps.Epochs + 1 || (batch > 0 && (epoch > steps.Epochs || batch > steps.In(epoch))))
            throw new JsonException(
                $"it stands in epoch {epoch}, batch {batch}, of {Counted.Of(steps.Epochs, "epoch")}"
            );
        if (seen > steps.Images || seen > (long)batch * steps.BatchSize)
            throw new JsonException(
                $"it has seen {seen} of {Counted.Of(steps.Images, "image")} in {Counted.Of(batch, "batch", "batches")}"
            );
    }
}
