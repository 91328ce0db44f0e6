using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>
/// A part of a training's state: it adds its values to a checkpoint and takes them back. A new part is a class that does so, and a line in the
/// list of <see cref="TrainingState"/>.
/// </summary>
/// <remarks>
/// A part declares its fields of <c>training.json</c> as a record, whose property names become the names of the fields. All parts share one object
/// in the file, so a new part should have a single field with the name of the part, as the schedule has.
/// </remarks>
internal interface ITrainingPart
{
    /// <summary>Adds the part's values to a checkpoint.</summary>
    void Save(SavedTraining saved);

    /// <summary>Replaces the part's values by those of a checkpoint.</summary>
    /// <exception cref="JsonException">No training has such values at that point.</exception>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: an array is missing or has another length.</exception>
    void Restore(SavedTraining saved);

    /// <summary>Called at the end of each epoch, after the parts before this one in the list.</summary>
    void EndEpoch(EpochRecord epoch) { }
}
