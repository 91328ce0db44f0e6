using PSConvNet.Benchmarks.Fuzzing.Mutations;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>Checkpoints; with what is accepted training goes on, or says why it can't.</summary>
/// <param name="folder">A folder for what is written.</param>
internal sealed class CheckpointTarget(string folder)
    : FuzzTarget("checkpoint", new ArchiveMutation("training.json"), "ModelFileInvalid")
{
    // What a training that goes on may say of a file that is whole: its data, its options or its network aren't what they were.
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
        "DeviceUnavailable",
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
            // It says why it doesn't go on.
        }
    }

    private sealed class StopAfterBatch(CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnBatch(in BatchProgress progress) => stop.Cancel();

        public void OnEpoch(EpochRecord record) { }

        public void OnMessage(string message) { }
    }
}
