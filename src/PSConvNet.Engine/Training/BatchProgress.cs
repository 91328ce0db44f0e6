namespace PSConvNet.Training;

/// <summary>The progress of a run after a batch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">How many there will be; the last one may be a part.</param>
/// <param name="Batch">Completed batches of this epoch.</param>
/// <param name="Batches">Batches in this epoch.</param>
/// <param name="Completed">The completed share of the whole run, 0 to 1.</param>
/// <param name="Loss">The mean loss of this epoch so far.</param>
/// <param name="BatchLoss">The mean loss of this batch alone, before its step.</param>
/// <param name="Accuracy">The accuracy of this epoch so far, 0 to 1.</param>
/// <param name="ImagesPerSecond">Over this epoch so far.</param>
/// <param name="Remaining">The time left for the whole run at this pace.</param>
public readonly record struct BatchProgress(
    int Epoch,
    double Epochs,
    int Batch,
    int Batches,
    double Completed,
    double Loss,
    double BatchLoss,
    double Accuracy,
    double ImagesPerSecond,
    TimeSpan Remaining
)
{
    /// <summary>The progress of a run.</summary>
    /// <param name="state">The state after the batch.</param>
    /// <param name="epochs">How many epochs there will be.</param>
    /// <param name="batchLoss">The mean loss of the batch.</param>
    internal static BatchProgress Of(TrainingState state, double epochs, double batchLoss)
    {
        var progress = state.Progress;
        var completed = (double)state.Step / state.Steps.Total;
        return new(
            progress.Epoch,
            epochs,
            progress.Batch,
            state.Steps.In(progress.Epoch),
            completed,
            progress.Loss,
            batchLoss,
            progress.Accuracy,
            progress.ImagesPerSecond,
            TimeLeft(progress.Seconds, completed)
        );
    }

    /// <summary>The time left at this pace, at most the longest TimeSpan.</summary>
    private static TimeSpan TimeLeft(double elapsed, double completed)
    {
        var seconds = elapsed * ((1 - completed) / completed);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }
}
