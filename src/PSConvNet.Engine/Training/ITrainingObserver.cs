namespace PSConvNet;

/// <summary>Where a run stands.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">How many there will be; the last one may be a part.</param>
/// <param name="Batch">Batches done in this epoch.</param>
/// <param name="Batches">Batches in this epoch.</param>
/// <param name="Completed">The share of the whole run that is done, 0 to 1.</param>
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
);

/// <summary>Is told how a run goes; always on the thread that called the trainer, between batches.</summary>
public interface ITrainingObserver
{
    /// <summary>A batch is done. Called for every batch: an observer that paints should look at the clock first.</summary>
    void OnBatch(in BatchProgress progress);

    /// <summary>An epoch is done.</summary>
    void OnEpoch(EpochRecord epoch);

    /// <summary>Something worth telling in verbose output.</summary>
    void OnMessage(string message);

    /// <summary>Something went wrong that the run can do without: a checkpoint that could not be written.</summary>
    void OnWarning(string message) => OnMessage(message);
}
