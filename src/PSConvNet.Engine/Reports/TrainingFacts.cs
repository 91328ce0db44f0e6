namespace PSConvNet.Reports;

/// <summary>What decided how a training went and what came of it, by name.</summary>
internal static class TrainingFacts
{
    /// <summary>The settings and how it ended, in the order they are shown.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(TrainingRun run) =>
        [
            ("Data set", run.DatasetName),
            ("Training images", ReportText.Of($"{run.TrainingImages:N0}")),
            ("Validation", Validation(run)),
            ("Recipe", run.Options.Recipe.ToString()),
            .. Chosen(run.Options),
            .. FrozenLayers.Names(run.Model, run.Options) is { Count: > 0 } names
                ? [("Frozen layers", string.Join(", ", names))]
                : Array.Empty<(string, string)>(),
            ("Arithmetic", run.Precision.ToString()),
            ("Threads", ReportText.Of($"{run.Threads}")),
            ("Began", ReportText.Moment(run.StartedAt)),
            ("Took", ReportText.Duration(run.Seconds)),
            ("Images a second", ReportText.Of($"{run.ImagesPerSecond:N0}")),
            ("Ended", End(run)),
        ];

    /// <summary>What was chosen for it.</summary>
    public static IReadOnlyList<(string Name, string Value)> Chosen(TrainingOptions options) =>
        [
            ("Epochs asked for", ReportText.Of($"{options.Epochs}")),
            ("Batch size", ReportText.Of($"{options.BatchSize:N0}")),
            ("Optimizer", options.Optimizer.ToString()),
            ("Learning rate schedule", options.Schedule.ToString()),
            ("Loss", options.Loss.ToString()),
            ("Label smoothing", Share(options.LabelSmoothing)),
            ("Class weights", options.ClassWeight?.ToString() ?? "none"),
            ("Augmentation", options.Augmentation?.ToString() ?? "none"),
            ("Averaged weights", options.AverageDecay > 0 ? ReportText.Of($"decay {options.AverageDecay}") : "no"),
            (
                "Early stopping",
                options.Patience is { } patience ? $"after {Counted.Of(patience, "epoch")} without a gain" : "no"
            ),
            (
                "Weights kept",
                options.AverageDecay > 0 ? "the mean"
                : options.RestoreBest ? "of the best epoch"
                : "of the last epoch"
            ),
            ("Seed", ReportText.Of($"{options.Seed}")),
        ];

    private static string Validation(TrainingRun run) =>
        run.Options.ValidationSplit > 0
            ? ReportText.Of($"{100 * run.Options.ValidationSplit:0.##} % of the training images, held out")
        : run.Options.ValidationData is { } images ? $"{Counted.Of(images.Count, "image")} ({images.Name})"
        : run.History.Any(epoch => epoch.ValidationLoss is not null) ? "on separate images, which aren't in the file"
        : "none";

    private static string Share(double value) => value > 0 ? ReportText.Of($"{value}") : "none";

    private static string End(TrainingRun run)
    {
        var how = run.Status switch
        {
            TrainingStatus.EarlyStopped => "stopped early",
            TrainingStatus.Stopped => "stopped by hand",
            _ => "completed",
        };
        return run.BestEpoch is { } best
            ? ReportText.Of($"{how} after {Counted.Of(run.History.Count, "epoch")}, the best was {best}")
            : $"{how} before the end of the first epoch";
    }
}
