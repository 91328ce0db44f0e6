namespace PSConvNet.Sweeps;

/// <summary>What a sweep makes good.</summary>
public enum SweepObjective
{
    /// <summary>The share of validation images that are right: higher is better.</summary>
    Accuracy,

    /// <summary>The mean loss on the validation images: lower is better.</summary>
    Loss,
}

/// <summary>How a trial stands.</summary>
public enum TrialState
{
    /// <summary>A worker has it.</summary>
    Running,

    /// <summary>All its epochs are done.</summary>
    Completed,

    /// <summary>It was stopped because others did better; with Asha it may still be continued.</summary>
    Pruned,

    /// <summary>It can't be run: its reason says why.</summary>
    Failed,

    /// <summary>It was started, but no worker has it: the sweep was stopped, or its worker died. It will be continued.</summary>
    Waiting,
}

/// <summary>Which trial: its number, and for a repetition with another seed which one.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Replicate">0 for the trial itself, from 1 for its repetitions.</param>
public readonly record struct TrialId(int Number, int Replicate = 0) : IComparable<TrialId>, IComparable
{
    /// <summary>The start of its files' names: <c>00007</c>, <c>00007-2</c>.</summary>
    public string FileName =>
        FormattableString.Invariant(Replicate == 0 ? (FormattableString)$"{Number:D5}" : $"{Number:D5}-{Replicate}");

    /// <summary>Reads <see cref="FileName"/>; false where it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out TrialId id)
    {
        id = default;
        var dash = name.IndexOf('-');
        var number = dash < 0 ? name : name[..dash];
        var replicate = 0;
        if (
            number.Length < 5
            || !int.TryParse(number, System.Globalization.NumberStyles.None, null, out var parsed)
            || (
                dash >= 0
                && (
                    !int.TryParse(name[(dash + 1)..], System.Globalization.NumberStyles.None, null, out replicate)
                    || replicate < 1
                )
            )
        )
            return false;
        id = new TrialId(parsed, replicate);
        // One name a trial: another spelling of the number would be the same trial twice.
        return name.SequenceEqual(id.FileName);
    }

    /// <inheritdoc />
    public int CompareTo(TrialId other) =>
        Replicate == other.Replicate ? Number.CompareTo(other.Number) : Replicate.CompareTo(other.Replicate);

    /// <summary>The same for <c>Sort-Object</c>, which would compare texts otherwise, and put 10 before 2.</summary>
    int IComparable.CompareTo(object? obj) => obj is TrialId other ? CompareTo(other) : 1;

    /// <inheritdoc />
    public static bool operator <(TrialId left, TrialId right) => left.CompareTo(right) < 0;

    /// <inheritdoc />
    public static bool operator >(TrialId left, TrialId right) => left.CompareTo(right) > 0;

    /// <inheritdoc />
    public static bool operator <=(TrialId left, TrialId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc />
    public static bool operator >=(TrialId left, TrialId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc />
    public override string ToString() =>
        FormattableString.Invariant(Replicate == 0 ? (FormattableString)$"{Number}" : $"{Number}-{Replicate}");
}

/// <summary>One trial of a study: its parameters and its results.</summary>
public sealed record SweepTrial
{
    private readonly string _study = "";
    private readonly string? _model;

    /// <summary>Which one.</summary>
    public required TrialId Id { get; init; }

    /// <summary>Its number, from 0.</summary>
    public int Number => Id.Number;

    /// <summary>0 for the trial itself; from 1 for its repetitions with other seeds.</summary>
    public int Replicate => Id.Replicate;

    /// <summary>How it stands.</summary>
    public required TrialState State { get; init; }

    /// <summary>What it is run with.</summary>
    public required SweepPoint Parameters { get; init; }

    /// <summary>The same on one line: <c>Filters 32, LearningRate 0.001234</c>.</summary>
    public string ParametersText => Parameters.ToString();

    /// <summary>Names its initial weights, the order of images and the dropout.</summary>
    public required long Seed { get; init; }

    /// <summary>A record for each epoch that is done.</summary>
    public IReadOnlyList<EpochRecord> History { get; init; } = [];

    /// <summary>
    /// What the study makes good, as it was after the last epoch that is done; of a completed trial with RestoreBest, after its best one,
    /// whose weights it has. Null before the first.
    /// </summary>
    public double? Value { get; init; }

    /// <summary>The share of validation images that are right after the last epoch, 0 to 1.</summary>
    public double? ValidationAccuracy => History.Count > 0 ? History[^1].ValidationAccuracy : null;

    /// <summary>The mean loss on the validation images after the last epoch.</summary>
    public double? ValidationLoss => History.Count > 0 ? History[^1].ValidationLoss : null;

    /// <summary>The epochs that are done.</summary>
    public int Epochs => History.Count;

    /// <summary>The epochs it is meant to have; the last one may be a part.</summary>
    public required double PlannedEpochs { get; init; }

    /// <summary>Wall-clock seconds of its work, that of dead workers left out.</summary>
    public double Seconds { get; init; }

    /// <summary>Trained and other parameters of its network; null where it was not built.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>The machine of its last worker.</summary>
    public string? Machine
    {
        get;
        init => field = value is null ? null : PrintableText.Of(value);
    }

    /// <summary>The id of the error it failed with, or null.</summary>
    public string? ErrorId
    {
        get;
        init => field = value is null ? null : PrintableText.Of(value);
    }

    /// <summary>Why it failed or was stopped early, or null.</summary>
    public string? Reason
    {
        get;
        init => field = value is null ? null : PrintableText.Of(value);
    }

    /// <summary>How often a worker has taken it up, from 1; more than 1 where one died, was stopped, or Asha went on with it.</summary>
    public int Turn { get; init; } = 1;

    /// <summary>When it was first started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it came to an end; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The full path of the study's folder, as a terminal may be given it.</summary>
    public string Study
    {
        get => PrintableText.Of(_study);
        init => _study = value;
    }

    /// <summary>The full path of its model's file, as a terminal may be given it; null if the model isn't kept.</summary>
    public string? ModelPath
    {
        get => _model is null ? null : PrintableText.Of(_model);
        init => _model = value;
    }

    /// <summary>What its repetitions came to, those that are completed; empty for a repetition.</summary>
    public IReadOnlyList<double> Replicates { get; init; } = [];

    /// <summary>How many repetitions are completed.</summary>
    public int Repetitions => Replicates.Count;

    /// <summary>The mean of its repetitions; null without. Its own value is left out: it was picked for it.</summary>
    public double? Mean { get; init; }

    /// <summary>The standard deviation of its repetitions (by their number less 1); null where there are fewer than two.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>
    /// Half the width of the mean's 95 % interval (Student's t). Null where the repetitions are too few to know it: fewer than two, or all
    /// equal, which says nothing of how far others would lie apart.
    /// </summary>
    public double? MeanMargin { get; init; }

    /// <summary>The mean and its margin, or why there is none: <c>0.9617 ± 0.0212</c>, <c>0.9617 (2 equal)</c>. Empty without repetitions.</summary>
    public string MeanText =>
        Mean is not { } mean ? ""
        : MeanMargin is { } margin ? FormattableString.Invariant($"{mean:F4} ± {margin:F4}")
        : FormattableString.Invariant($"{mean:F4} ({Replicates.Count}{(Replicates.Count > 1 ? " equal" : "")})");

    /// <summary>Whether it says how that turn ended.</summary>
    internal bool HasEnded(int turn) => Turn == turn && State != TrialState.Running;

    /// <summary>The path of the study's folder exactly as the system has it, control characters included.</summary>
    public string GetStudyPath() => _study;

    /// <summary>The path of its model's file exactly as the system has it, control characters included; null if the model isn't kept.</summary>
    public string? GetModelPath() => _model;

    /// <summary>Its model, trained.</summary>
    /// <exception cref="ConvNetException"><c>TrialModelMissing</c>: it was not kept. <c>ModelFileNotFound</c>, <c>ModelFileInvalid</c>.</exception>
    public Model LoadModel() =>
        _model is { } path
            ? ModelFile.Load(path)
            : throw new ConvNetException(
                ErrorIds.TrialModelMissing,
                ErrorKind.NotFound,
                $"The model of trial {Id} ({State}) isn't kept: a study keeps the models of its best trials (StudySettings.Best), or those of all completed trials (StudySettings.KeepAllModels).",
                this
            );

    /// <summary>The trial on one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"trial {Id}: {State}, {Parameters}")
        + (Value is { } value ? FormattableString.Invariant($", {value:G5}") : "");
}
