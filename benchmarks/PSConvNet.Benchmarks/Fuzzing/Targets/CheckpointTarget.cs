using PSConvNet.Benchmarks.Fuzzing.Mutations;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>Checkpoints. A training is resumed from each accepted one, or reports why it can't be.</summary>
/// <param name="folder">A folder for what is written.</param>
internal sealed class CheckpointTarget(string folder)
    : FuzzTarget("checkpoint", new ArchiveMutation("training.json"), "ModelFileInvalid")
{
    // Errors that a resumed training may report for an undamaged file: its data, options or network have changed.
    private static readonly string[] s_trainingErrors =
    [
        "ModelFileInvalid",
        "AugmentationDoesNotFit",
        "CheckpointDataMismatch",
        "ClassCountMismatch",
        "ClassNameDuplicate",
        "ClassUnknown",
        "DataShapeMismatch",
        "DatasetEmpty",
        "LayerHasNoWeights",
        "LayerUnknown",
        "LossMismatch",
        "LossNotFinite",
        "NothingToTrain",
        "TrainingOptionInvalid",
    ];

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var options in (TrainingOptions[])[Samples.Options, new() { Epochs = 1, Threads = 1 }])
        {
            var place = Path.Combine(folder, "seed");
            new Trainer(new Model(Samples.Dense, Samples.Shape), Samples.Noise, options)
            {
                Checkpoints = new(place) { KeepLast = 10 },
            }.Run();
            foreach (var path in Directory.GetFiles(place, "step-*.psconvnet"))
                yield return File.ReadAllBytes(path);
            Directory.Delete(place, recursive: true);
        }
    }

    /// <inheritdoc />
    public override object? Read(byte[] input, string path) => Checkpoint.Read(path);

    /// <inheritdoc />
    public override void Check(object read)
    {
        var checkpoint = (Checkpoint)read;
        ArchiveTarget.RequireSound(checkpoint.Model, Path.Combine(folder, "again.psconvnet"));
        using var stop = new CancellationTokenSource();
        try
        {
            var validation = checkpoint.HasValidationData ? Samples.Noise.Test : null;
            new Trainer(checkpoint, Samples.Noise, validation, new StopAfterBatch(stop)).Run(stop.Token);
        }
        catch (ConvNetException e) when (s_trainingErrors.Contains(e.ErrorId))
        {
            // It reports why it can't be resumed.
        }
    }

    private sealed class StopAfterBatch(CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnBatch(in BatchProgress progress) => stop.Cancel();

        public void OnEpoch(EpochRecord record) { }

        public void OnMessage(string message) { }
    }
}
