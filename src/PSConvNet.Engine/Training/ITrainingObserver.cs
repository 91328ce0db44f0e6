namespace PSConvNet.Training;

/// <summary>The start of a run, or its continuation from a checkpoint.</summary>
/// <param name="Model">The model.</param>
/// <param name="StartedAt">When the run was first started; distinguishes the runs of a model.</param>
/// <param name="EpochsDone">The number of completed epochs of this run.</param>
public sealed record TrainingStart(Model Model, DateTimeOffset StartedAt, int EpochsDone);

/// <summary>The answers of a model to the validation images, counted by class.</summary>
/// <param name="Classes">The classes' names, in the order of the outputs.</param>
/// <param name="Counts">How many images of the row's class the model classifies as the column's.</param>
public sealed record ValidationAnswers(IReadOnlyList<string> Classes, int[,] Counts);

/// <summary>The end of an epoch.</summary>
/// <param name="Model">The model with the weights from which the training continues, not with their mean.</param>
/// <param name="Record">The results of the epoch.</param>
/// <param name="Validation">The answers to the validation images, or null without any.</param>
public sealed record EpochEnd(Model Model, EpochRecord Record, ValidationAnswers? Validation);

/// <summary>Observes a run. All methods are called between batches, on the thread that called the trainer.</summary>
public interface ITrainingObserver
{
    /// <summary>Called at the start of a run. An exception ends the run before anything was trained.</summary>
    void OnStart(TrainingStart start) { }

    /// <summary>Called after each batch. An observer that draws should limit how often it does.</summary>
    void OnBatch(in BatchProgress progress);

    /// <summary>Called after each epoch.</summary>
    void OnEpoch(EpochRecord epoch);

    /// <summary>Called after <see cref="OnEpoch"/>, with the model.</summary>
    void OnEpochEnd(EpochEnd epoch) { }

    /// <summary>Called with a message for verbose output.</summary>
    void OnMessage(string message);

    /// <summary>Called with a warning that doesn't end the run, such as a checkpoint that couldn't be written.</summary>
    void OnWarning(string message) => OnMessage(message);
}
