namespace PSConvNet.Training;

/// <summary>How many steps a run takes, and how they are divided into epochs.</summary>
internal readonly record struct StepCount
{
    /// <param name="images">Training images.</param>
    /// <param name="options">Epochs and batch size.</param>
    /// <param name="owed">The part of an epoch, less than a batch, that the previous training owes.</param>
    public StepCount(int images, TrainingOptions options, double owed)
    {
        (Images, BatchSize) = (images, options.BatchSize);
        PerEpoch = (int)(((long)images + options.BatchSize - 1) / options.BatchSize);
        Total = Math.Max(1, (long)Math.Round(PerEpoch * (options.Epochs + owed)));
    }

    /// <summary>Training images of a whole epoch.</summary>
    public int Images { get; }

    /// <summary>Images of a whole batch.</summary>
    public int BatchSize { get; }

    /// <summary>Steps of a whole epoch.</summary>
    public int PerEpoch { get; }

    /// <summary>Steps of the run; at least 1.</summary>
    public long Total { get; }

    /// <summary>Epochs; a last part of one counts as one.</summary>
    public long Epochs => (Total + PerEpoch - 1) / PerEpoch;

    /// <summary>Steps taken after a number of batches of an epoch, which is counted from 1.</summary>
    public long At(int epoch, int batch) => (epoch - 1L) * PerEpoch + batch;

    /// <summary>Steps of an epoch, which is counted from 1; fewer in the last one if it is only a part.</summary>
    public int In(int epoch) => (int)Math.Min(PerEpoch, Total - (epoch - 1L) * PerEpoch);
}
