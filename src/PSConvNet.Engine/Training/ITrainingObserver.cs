namespace PSConvNet;

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
