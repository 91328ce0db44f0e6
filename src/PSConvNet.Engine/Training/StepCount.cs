namespace PSConvNet;

/// <summary>How many steps a run takes, and how they fall into epochs.</summary>
internal readonly record struct StepCount
{
    /// <param name="images">Training images.</param>
    /// <param name="options">Epochs and batch size.</param>
    /// <param name="owed">Epochs, less than a batch, that the training before owes.</param>
    public StepCount(int images, TrainingOptions options, double owed)
    {
        PerEpoch = (int)(((long)images + options.BatchSize - 1) / options.BatchSize);
        Total = Math.Max(1, (long)Math.Round(PerEpoch * (options.Epochs + owed)));
    }

    /// <summary>Steps of a whole epoch.</summary>
    public int PerEpoch { get; }

    /// <summary>Steps of the run; at least 1.</summary>
    public long Total { get; }

    /// <summary>Epochs, a last part of one counted as one.</summary>
    public long Epochs => (Total + PerEpoch - 1) / PerEpoch;

    /// <summary>Steps that are done after so many batches of an epoch, which is counted from 1.</summary>
    public long At(int epoch, int batch) => (epoch - 1L) * PerEpoch + batch;

    /// <summary>Steps of an epoch, from 1; fewer than usual in the last one where only a part is wanted.</summary>
    public int In(int epoch) => (int)Math.Min(PerEpoch, Total - (epoch - 1L) * PerEpoch);
}
