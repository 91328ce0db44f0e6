namespace PSConvNet.Drawing;

/// <summary>How runs went: loss and accuracy by epoch, on the training images and, where there were some, on the validation images.</summary>
public sealed class TrainingCurve : CurvePicture
{
    /// <summary>Draws one run, or several over each other.</summary>
    /// <param name="runs">The runs; each needs at least one completed epoch.</param>
    /// <param name="logarithmic">A logarithmic axis for the loss.</param>
    /// <exception cref="ConvNetException">
    /// <c>RunEmpty</c>: there is no run, or one without an epoch. <c>NativeLibraryMissing</c>.
    /// </exception>
    public TrainingCurve(IReadOnlyList<TrainingRun> runs, bool logarithmic = false)
        : base(
            TitleOf(runs),
            DescriptionOf(runs),
            NamesOf(runs),
            [
                Panel("Loss", runs, epoch => epoch.Loss, epoch => epoch.ValidationLoss, logarithmic, percent: false),
                Panel(
                    "Accuracy",
                    runs,
                    epoch => epoch.Accuracy,
                    epoch => epoch.ValidationAccuracy,
                    logarithmic: false,
                    percent: true
                ),
            ],
            Legend(runs)
        ) { }

    private static CurvePanel Panel(
        string title,
        IReadOnlyList<TrainingRun> runs,
        Func<EpochRecord, double> training,
        Func<EpochRecord, double?> validation,
        bool logarithmic,
        bool percent
    )
    {
        var series = new List<CurveSeries>();
        for (var i = 0; i < runs.Count; i++)
        {
            var history = runs[i].History;
            series.Add(new(i, CurveKind.Training, Points(history.Select(e => (e.Epoch, (double?)training(e))))));
            if (Points(history.Select(e => (e.Epoch, validation(e)))) is { Count: > 0 } held)
                series.Add(new(i, CurveKind.Validation, held));
        }
        return new CurvePanel(title, series, logarithmic, percent);

        // On a logarithmic axis there is no zero.
        List<(double, double)> Points(IEnumerable<(int Epoch, double? Value)> values) =>
            [
                .. values
                    .Where(point => point.Value is { } value && double.IsFinite(value) && (!logarithmic || value > 0))
                    .Select(point => ((double)point.Epoch, point.Value!.Value)),
            ];
    }

    private static CurveMeaning[] Legend(IReadOnlyList<TrainingRun> runs)
    {
        var validated = runs.Any(run => run.History.Any(epoch => epoch.ValidationLoss is not null));
        return
        [
            .. Enumerable
                .Range(0, runs.Count)
                .SelectMany(run =>
                    validated
                        ? new CurveMeaning[]
                        {
                            new(run, CurveKind.Training, "training"),
                            new(run, CurveKind.Validation, "validation"),
                        }
                        : [new(run, CurveKind.Training, null)]
                ),
        ];
    }

    private static string[] NamesOf(IReadOnlyList<TrainingRun> runs) => Distinct(runs.Select(run => run.ModelName));

    private static string TitleOf(IReadOnlyList<TrainingRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0 || runs.FirstOrDefault(run => run.History.Count == 0) is not null)
        {
            throw new ConvNetException(
                ErrorIds.RunEmpty,
                ErrorKind.InvalidArgument,
                runs.FirstOrDefault(run => run.History.Count == 0) is { } empty
                    ? MessageText.Of(
                        $"The run of {empty.ModelName} ended before its first epoch did: it has no curve. Train it longer."
                    )
                    : "There is no run to draw: give what Trainer.Run returned.",
                runs
            );
        }
        var data = runs.Select(run => run.DatasetName).Distinct().ToArray();
        var on = data.Length == 1 ? $" on {data[0]}" : "";
        return runs.Count == 1 ? $"Training of {runs[0].ModelName}{on}" : $"{runs.Count} trainings{on}";
    }

    private static string DescriptionOf(IReadOnlyList<TrainingRun> runs) =>
        "Two line charts by epoch, loss on the left and accuracy on the right. "
        + string.Join(" ", NamesOf(runs).Zip(runs, (name, run) => Describe(name, run)));

    private static string Describe(string name, TrainingRun run)
    {
        var (first, last) = (run.History[0], run.History[^1]);
        var held = last.ValidationAccuracy is { } accuracy
            ? FormattableString.Invariant(
                $"; on the validation images {last.ValidationLoss:F4} and {Percentage.Of(accuracy)} at the end"
            )
            : "";
        return run.History.Count == 1
            ? FormattableString.Invariant(
                $"{name}: after its one epoch a loss of {last.Loss:F4} and an accuracy of {Percentage.Of(last.Accuracy)}{held}."
            )
            : FormattableString.Invariant(
                $"{name}: in {Counted.Of(run.History.Count, "epoch")} the loss goes from {first.Loss:F4} to {last.Loss:F4}, the accuracy from {Percentage.Of(first.Accuracy)} to {Percentage.Of(last.Accuracy)}{held}."
            );
    }
}
