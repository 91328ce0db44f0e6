using PSConvNet.Files;

namespace PSConvNet;

/// <summary>Writes where a run stands.</summary>
internal sealed class CheckpointWriter(
    Model model,
    TrainingState state,
    StepCount steps,
    TrainingOptions options,
    Dataset data,
    TrainingImages trained,
    CheckpointOptions checkpoints
)
{
    // Hashed when the first checkpoint is written, and once; by the model's labels, so that classes in another order are the same images.
    private readonly Lazy<(DatasetRecord Data, DatasetRecord? Validation)> _records = new(() =>
        (
            DatasetRecord.Of(trained.Train, data.Name, data.Source),
            trained.Validation is { } images ? DatasetRecord.Of(images, images.Name, "") : null
        )
    );

    /// <summary>Steps the run has taken: names a checkpoint.</summary>
    public long Step => state.Step(steps);

    /// <summary>The steps that a checkpoint of this run has taken.</summary>
    public long StepOf(Checkpoint checkpoint) => steps.At(checkpoint.Epoch, checkpoint.Batch);

    /// <summary>Whether the last epoch was the best one.</summary>
    public bool IsBest => state.Best.EpochsSince == 0;

    /// <summary>Writes all that is needed to go on.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Write(string path) =>
        ModelArchive.Write(
            path,
            [
                .. ModelFile.Entries(model),
                (CheckpointDocument.Entry, stream => stream.Write(FileJson.ToBytes(FileJson.ToNode(Document())!))),
                (CheckpointDocument.Arrays, stream => SafetensorsWriter.Write(stream, Arrays())),
            ]
        );

    /// <summary>Writes the model alone, as it would be if the run ended here.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void WriteModel(string path)
    {
        float[] weights = [.. model.Store.Values];
        state.Average?.Use();
        try
        {
            ModelArchive.Write(path, ModelFile.Entries(model));
        }
        finally
        {
            weights.CopyTo(model.Store.Values, 0);
        }
    }

    private IEnumerable<NamedTensor> Arrays()
    {
        yield return Flat(CheckpointDocument.EpochStart, state.EpochStart);
        foreach (var name in state.Optimizer.Names)
            yield return Flat(CheckpointDocument.Optimizer + name, state.Optimizer.GetBuffer(name).ToArray());
        if (state.Average is { } average)
            yield return Flat(CheckpointDocument.Average, average.Sum.ToArray());
        if (state.Best.Weights is { } best)
            yield return Flat(CheckpointDocument.Best, best);
    }

    private static NamedTensor Flat(string name, float[] values) => new(name, [values.Length], () => values);

    private CheckpointDocument Document() =>
        new(
            CheckpointDocument.FormatName,
            CheckpointDocument.Version,
            options,
            state.Threads,
            state.Precision,
            _records.Value.Data,
            _records.Value.Validation,
            state.Epoch,
            state.Batch,
            state.Seen,
            state.LossSum,
            state.Correct,
            state.EpochSeconds,
            state.Seconds,
            state.StartedAt,
            state.GaveUp,
            state.Schedule.State,
            state.Best.Loss,
            state.Best.EpochsSince,
            state.Average?.Steps ?? 0,
            state.History,
            state.PositionsAtStart,
            CheckpointKeeping.Of(checkpoints)
        );
}
