using System.Globalization;
using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>The results of an epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Loss">
/// The mean loss over the epoch's batches, each before its step, penalties left out; with class weights the weighted mean.
/// </param>
/// <param name="Accuracy">The share of training images that were right before their step, 0 to 1.</param>
/// <param name="ValidationLoss">The mean loss on the validation images after the epoch, never weighted by class, or null.</param>
/// <param name="ValidationAccuracy">The share of validation images that are right after the epoch, or null.</param>
/// <param name="LearningRate">The rate of the epoch's last step.</param>
/// <param name="Seconds">Wall-clock time of the training part, validation left out.</param>
/// <param name="ImagesPerSecond">Training images over <paramref name="Seconds"/>.</param>
public sealed record EpochRecord(
    int Epoch,
    double Loss,
    double Accuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double LearningRate,
    double Seconds,
    double ImagesPerSecond
) : IReadFromFile
{
    /// <summary>The loss that determines early stopping, plateaus and the best epoch.</summary>
    public double MonitoredLoss => ValidationLoss ?? Loss;

    /// <summary>No loss is below 0, except for rounding.</summary>
    internal const double LeastLoss = -1e-6;

    /// <summary>Refuses records that aren't those of the epochs of one training, from the first on.</summary>
    /// <exception cref="JsonException">One is missing, or comes twice.</exception>
    internal static void RequireOrder(IReadOnlyList<EpochRecord> history)
    {
        for (var i = 0; i < history.Count; i++)
        {
            if (history[i].Epoch != i + 1)
                throw new JsonException($"epoch {history[i].Epoch} stands in the place of epoch {i + 1}");
        }
    }

    void IReadFromFile.Require()
    {
        if (Epoch < 1)
            throw new JsonException("epochs are counted from 1");
        Require("accuracy", Accuracy, Accuracy is >= 0 and <= 1);
        Require("accuracy on the validation images", ValidationAccuracy, ValidationAccuracy is null or (>= 0 and <= 1));
        Require("loss", Loss, Loss >= LeastLoss && double.IsFinite(Loss));
        Require(
            "loss on the validation images",
            ValidationLoss,
            ValidationLoss is null or (>= LeastLoss and < double.PositiveInfinity)
        );
        Require("learning rate", LearningRate, LearningRate >= 0 && double.IsFinite(LearningRate));
        Require("time in seconds", Seconds, RunClock.IsDuration(Seconds));
        Require("speed", ImagesPerSecond, ImagesPerSecond >= 0);

        void Require(string what, double? value, bool canBe)
        {
            if (!canBe)
                throw new JsonException(FormattableString.Invariant($"{value} can't be the {what} of epoch {Epoch}"));
        }
    }
}

/// <summary>How a run ended.</summary>
public enum TrainingStatus
{
    /// <summary>All epochs were completed.</summary>
    Completed,

    /// <summary>The monitored loss stopped improving.</summary>
    EarlyStopped,

    /// <summary>The run was stopped; the model keeps what it has learned.</summary>
    Stopped,
}

/// <summary>A training as data: options, history, model and timings.</summary>
public sealed record TrainingRun
{
    /// <summary>The model that was trained.</summary>
    public required Model Model { get; init; }

    /// <summary>The data set's name.</summary>
    public required string DatasetName { get; init; }

    /// <summary>The number of images trained on, without those held out for validation.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>The options of the run.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>A record for each epoch that was completed.</summary>
    public required IReadOnlyList<EpochRecord> History { get; init; }

    /// <summary>How it ended.</summary>
    public required TrainingStatus Status { get; init; }

    /// <summary>The epoch with the lowest monitored loss, from 1; null where none was completed.</summary>
    public int? BestEpoch => History.MinBy(epoch => epoch.MonitoredLoss)?.Epoch;

    /// <summary>Wall-clock time of the whole run, validation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images per second over the completed epochs.</summary>
    public double ImagesPerSecond =>
        History.Count == 0
            ? 0
            : History.Sum(epoch => epoch.ImagesPerSecond * epoch.Seconds) / History.Sum(epoch => epoch.Seconds);

    /// <summary>The arithmetic that was used; never Auto.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The worker threads that were used.</summary>
    public required int Threads { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The model's name.</summary>
    public string ModelName => Model.Name;

    /// <summary><see cref="ToTable"/> as a property: views can't call methods.</summary>
    public string Table => ToTable();

    /// <summary>The run as a table with a heading, a row per epoch, and how it ended. Numbers are written in the session's culture.</summary>
    public string ToTable() => TableIn(CultureInfo.CurrentCulture).ToText();

    /// <summary>The same for a notebook.</summary>
    public string ToHtml() => TableIn(CultureInfo.CurrentCulture).ToHtml();

    /// <summary>The table with its numbers in a culture; settings are always written as they are typed.</summary>
    internal TitledTable TableIn(CultureInfo culture)
    {
        var validated = History.Any(epoch => epoch.ValidationLoss is not null);
        TextColumn[] columns =
        [
            new("Epoch", RightAligned: true),
            new("Loss", RightAligned: true),
            new("Accuracy", RightAligned: true),
            .. validated
                ? (TextColumn[])[new("ValLoss", RightAligned: true), new("ValAccuracy", RightAligned: true)]
                : [],
            new("LearningRate", RightAligned: true),
            new("Seconds", RightAligned: true),
            new("Images/s", RightAligned: true),
        ];
        var rows = History.Select(epoch =>
            (IReadOnlyList<string>)
                [
                    Number($"{epoch.Epoch}"),
                    Number($"{epoch.Loss:F4}"),
                    Percent(epoch.Accuracy),
                    .. validated
                        ? (string[])[Number($"{epoch.ValidationLoss:F4}"), Percent(epoch.ValidationAccuracy)]
                        : [],
                    Number($"{epoch.LearningRate:G4}"),
                    Number($"{epoch.Seconds:F1}"),
                    Number($"{epoch.ImagesPerSecond:N0}"),
                ]
        );
        var best = BestEpoch is { } epoch ? Number($", best epoch {epoch}") : "";
        return new(
            $"{ModelName} on {DatasetName}: {Number($"{TrainingImages:N0}")} {(TrainingImages == 1 ? "image" : "images")}, {Options.Optimizer}, batches of {Options.BatchSize}, {Precision}, {Counted.Of(Threads, "thread")}{Picked}{Weighted}{Augmented}{Frozen}",
            columns,
            [.. rows],
            $"{Status} after {Number($"{Seconds:F1}")} s{best}"
        );

        string Number(FormattableString text) => text.ToString(culture);
        string Percent(double? share) => share is null ? "" : Number($"{100 * share:0.00} %");
    }

    /// <summary>The recipe's choices other than optimizer and batch size, on a line of their own.</summary>
    private string Picked =>
        Options.Recipe == Recipe.Tutorial
            ? ""
            : $"\n{Options.Recipe}: {Options.Schedule}, {Share("label smoothing", Options.LabelSmoothing)}, {Share("averaging", Options.AverageDecay)}";

    /// <summary>The class weights, on a line of their own: the training loss in the table is the weighted mean.</summary>
    private string Weighted =>
        Options.ClassWeight is { } weights ? $"\nThe training loss is weighted by class: {weights}" : "";

    /// <summary>The augmentation, on a line of its own.</summary>
    private string Augmented =>
        Options.Augmentation is { IsOff: false } augmentation ? $"\nAugmented: {augmentation}" : "";

    /// <summary>The frozen layers, on a line of their own.</summary>
    private string Frozen =>
        FrozenLayers.Names(Model, Options) is { Count: > 0 } names ? $"\nFrozen: {string.Join(", ", names)}" : "";

    private static string Share(string name, double value) => value > 0 ? Text($"{name} {value}") : $"no {name}";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>The run on one line.</summary>
    public override string ToString() =>
        History.Count == 0
            ? $"{ModelName} on {DatasetName}: {Status} before the first epoch ended"
            : FormattableString.Invariant(
                $"{ModelName} on {DatasetName}: {Counted.Of(History.Count, "epoch")} in {Seconds:F1} s, loss {History[^1].Loss:F4}, accuracy {Percentage.Of(History[^1].Accuracy)}"
            );
}
