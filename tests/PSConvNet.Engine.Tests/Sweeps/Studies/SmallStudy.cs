using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps;

/// <summary>A small study in a folder of its own: three classes of bars, a grid of units and learning rates.</summary>
internal sealed class SmallStudy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SmallStudy(Func<StudySettings, StudySettings>? change = null, SweepSpace? space = null)
    {
        var settings = Settings with { Space = space ?? Settings.Space };
        Study = Study.Create(Folder, change?.Invoke(settings) ?? settings, Data.Kept, Data.HeldOut.Test);
    }

    /// <summary>Six trials of two epochs each.</summary>
    public static StudySettings Settings { get; } =
        new()
        {
            Space = new SweepSpace([
                new ChoiceParameter("Units", [4, 8]),
                new ChoiceParameter("LearningRate", [0.001, 0.01, 0.03]),
            ]),
            Script = "makes layers",
            Training = new TrainingOptions
            {
                Epochs = 2,
                BatchSize = 32,
                Threads = 1,
            },
            Trials = 6,
        };

    public static (Dataset Kept, Dataset HeldOut) Data { get; } = Networks.Bars().Split(0.25, 1);

    public string Folder => Path.Combine(_folder.Path, "study");

    public Study Study { get; private set; }

    public static IReadOnlyList<LayerSpec> Layers(SweepPoint point) =>
        [
            new FlattenLayer(),
            new DenseLayer((int)point["Units"]) { Activation = Activation.ReLU },
            new DropoutLayer(0.1),
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];

    /// <summary>Works on it as a worker process does, which opens it anew.</summary>
    public WorkerEnd Work(
        int? mostTrials = null,
        LayerBuilder? layers = null,
        CancellationToken cancellation = default
    ) => SweepWorker.Run(Open(), layers ?? Layers, mostTrials, null, cancellation);

    public Study Open() => Study = Study.Open(Folder, _ => _ => true);

    /// <summary>What trials came to, without what differs from run to run.</summary>
    public IReadOnlyList<string> Table(bool withReplicates = true) => Table(Open(), withReplicates);

    public static IReadOnlyList<string> Table(Study study, bool withReplicates = true) =>
        [
            .. study
                .ReadTrials(withReplicates)
                .Select(trial =>
                    FormattableString.Invariant(
                        $"{trial.Id} {trial.State} {trial.Parameters} {trial.Seed} {trial.Value:R} {trial.ErrorId} "
                    ) + string.Join(';', trial.History.Select(Numbers))
                ),
        ];

    public void Dispose() => _folder.Dispose();

    private static string Numbers(EpochRecord epoch) =>
        FormattableString.Invariant(
            $"{epoch.Epoch} {epoch.Loss:R} {epoch.Accuracy:R} {epoch.ValidationLoss:R} {epoch.ValidationAccuracy:R}"
        );
}
