namespace PSConvNet.Training;

/// <summary>Writes the checkpoints of a run.</summary>
internal sealed class CheckpointWriter(
    Model model,
    TrainingState state,
    TrainingOptions options,
    Dataset data,
    TrainingImages trained,
    CheckpointOptions checkpoints
)
{
    // Hashed once, for the first checkpoint; by the model's labels, so that classes in another order are the same images.
    private readonly Lazy<(DatasetRecord Data, DatasetRecord? Validation)> _records = new(() =>
        (
            DatasetRecord.Of(trained.Train, data.Name, data.Source),
            trained.Validation is { } images ? DatasetRecord.Of(images, images.Name, "") : null
        )
    );

    /// <summary>The number of steps taken: a checkpoint is named by it.</summary>
    public long Step => state.Step;

    /// <summary>The number of steps taken in a checkpoint of this run.</summary>
    public long StepOf(Checkpoint checkpoint) => state.Steps.At(checkpoint.Epoch, checkpoint.Batch);

    /// <summary>Whether the last epoch was the best one.</summary>
    public bool IsBest => state.Best.EpochsSince == 0;

    /// <summary>Writes all that is needed to continue.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Write(string path)
    {
        var saved = new SavedTraining();
        saved.Add(
            new CheckpointDocument(
                CheckpointDocument.FormatName,
                CheckpointDocument.Version,
                options,
                state.Threads,
                state.Precision,
                _records.Value.Data,
                _records.Value.Validation,
                CheckpointKeeping.Of(checkpoints),
                KernelSet.Name
            )
        );
        state.Save(saved);
        ModelArchive.Write(path, [.. ModelFile.Entries(model), .. saved.Entries()]);
    }

    /// <summary>Writes the model alone, as it would be if the run ended here.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void WriteModel(string path)
    {
        float[] weights = [.. model.Store.Values];
        state.Average.Use();
        try
        {
            ModelArchive.Write(path, ModelFile.Entries(model));
        }
        finally
        {
            weights.CopyTo(model.Store.Values, 0);
        }
    }
}
