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

/// <summary>A run that begins, or goes on from a checkpoint.</summary>
/// <param name="Model">What is trained.</param>
/// <param name="StartedAt">When the run was first begun: tells it from others of the same model.</param>
/// <param name="EpochsDone">The epochs of this run that are done already.</param>
public sealed record TrainingStart(Model Model, DateTimeOffset StartedAt, int EpochsDone);

/// <summary>What a model takes for what among the validation images.</summary>
/// <param name="Classes">The classes' names, in the order of the outputs.</param>
/// <param name="Counts">How many images of the row's class the model puts in the column's.</param>
public sealed record ValidationAnswers(IReadOnlyList<string> Classes, int[,] Counts);

/// <summary>An epoch that is done, and what may be looked at before the next one begins.</summary>
/// <param name="Model">The model with the weights it is trained further from; where they are averaged, not with the mean.</param>
/// <param name="Record">What the epoch came to.</param>
/// <param name="Validation">The answers to the validation images, or null where there are none.</param>
public sealed record EpochEnd(Model Model, EpochRecord Record, ValidationAnswers? Validation);

/// <summary>Is told how a run goes; always on the thread that called the trainer, between batches.</summary>
public interface ITrainingObserver
{
    /// <summary>A run begins. An error that is thrown here ends it before anything was trained.</summary>
    void OnStart(TrainingStart start) { }

    /// <summary>A batch is done. Called for every batch: an observer that paints should look at the clock first.</summary>
    void OnBatch(in BatchProgress progress);

    /// <summary>An epoch is done.</summary>
    void OnEpoch(EpochRecord epoch);

    /// <summary>The same, told after <see cref="OnEpoch"/>, for who looks into the model.</summary>
    void OnEpochEnd(EpochEnd epoch) { }

    /// <summary>Something worth telling in verbose output.</summary>
    void OnMessage(string message);

    /// <summary>Something went wrong that the run can do without: a checkpoint that could not be written.</summary>
    void OnWarning(string message) => OnMessage(message);
}
