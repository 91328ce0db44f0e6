using PSConvNet.Drawing;

namespace PSConvNet;

/// <summary>How runs went: loss and accuracy by epoch, on the training images and, where there were some, on the validation images.</summary>
public sealed class TrainingCurve : CanvasPicture
{
    private const int PanelWidth = 380;
    private const int PanelHeight = 280;
    private const double Margin = 16;
    private const double TitleSize = 15;
    private const double LegendSize = 12;
    private const double LegendHeight = 20;
    private const double SwatchWidth = 26;

    private readonly IReadOnlyList<string> _titleLines;
    private readonly List<LegendEntry> _legend;
    private readonly double _panelTop;

    /// <summary>Draws one run, or several over each other.</summary>
    /// <param name="runs">The runs; each needs at least one completed epoch.</param>
    /// <param name="logarithmic">A logarithmic axis for the loss.</param>
    /// <exception cref="ConvNetException">
    /// <c>RunEmpty</c>: there is no run, or one without an epoch. <c>NativeLibraryMissing</c>.
    /// </exception>
    public TrainingCurve(IReadOnlyList<TrainingRun> runs, bool logarithmic = false)
        : base(TitleOf(runs), DescriptionOf(runs))
    {
        Names = NamesOf(runs);
        var validated = runs.Any(run => run.History.Any(epoch => epoch.ValidationLoss is not null));
        Panels =
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
        ];
        (_titleLines, _legend) = WithSkia(() => (Wrap(Title), Legend(validated)));
        _panelTop = Margin + _titleLines.Count * TitleSize * 1.3 + 4;
        Height = (int)
            Math.Ceiling(
                _panelTop
                    + PanelHeight
                    + (_legend.Count == 0 ? 0 : _legend.Max(entry => entry.Y) + LegendHeight)
                    + Margin
            );
    }

    /// <inheritdoc />
    public override int Width => 2 * PanelWidth;

    /// <inheritdoc />
    public override int Height { get; }

    /// <summary>The runs' names, no two alike.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Loss and accuracy.</summary>
    internal IReadOnlyList<CurvePanel> Panels { get; }

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        CurveText.Write(Title, Names, Panels, Math.Max(columns, 40));

    internal override void Draw(Pen pen)
    {
        for (var i = 0; i < _titleLines.Count; i++)
            pen.Text(
                _titleLines[i],
                Margin,
                Margin + TitleSize + i * TitleSize * 1.3,
                TitleSize,
                pen.Theme.Ink,
                bold: true
            );
        for (var i = 0; i < Panels.Count; i++)
            CurvePlot.Draw(Panels[i], pen, i * PanelWidth, _panelTop, PanelWidth, PanelHeight);
        foreach (var entry in _legend)
        {
            var y = _panelTop + PanelHeight + entry.Y;
            CurvePlot.Swatch(pen, entry.Run, entry.Validation, entry.X, y + LegendSize * 0.65, SwatchWidth);
            pen.Text(entry.Text, entry.X + SwatchWidth + 6, y + LegendSize, LegendSize, pen.Theme.Ink);
        }
    }

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
            series.Add(new(i, Validation: false, Points(history.Select(e => (e.Epoch, (double?)training(e))))));
            if (Points(history.Select(e => (e.Epoch, validation(e)))) is { Count: > 0 } held)
                series.Add(new(i, Validation: true, held));
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

    private static IReadOnlyList<string> Wrap(string title) =>
        TextWrap.Lines(title, 2 * PanelWidth - 2 * Margin, line => Pen.Measure(line, TitleSize, bold: true));

    /// <summary>Places the legend's entries in rows under the panels.</summary>
    private List<LegendEntry> Legend(bool validated)
    {
        var entries = new List<LegendEntry>();
        if (Names.Count == 1 && !validated)
            return entries;
        var wanted = Names.SelectMany(
            (name, run) =>
                validated
                    ? new[] { (run, false, $"{name}, training"), (run, true, $"{name}, validation") }
                    : [(run, false, name)]
        );
        var (x, y) = (Margin, 8.0);
        foreach (var (run, validation, text) in wanted)
        {
            var shown = Pen.Fit(text, Width - 2 * Margin - SwatchWidth - 6, LegendSize);
            var width = SwatchWidth + 6 + Pen.Measure(shown, LegendSize);
            if (x > Margin && x + width > Width - Margin)
                (x, y) = (Margin, y + LegendHeight);
            entries.Add(new(run, validation, shown, x, y));
            x += width + 18;
        }
        return entries;
    }

    private static string[] NamesOf(IReadOnlyList<TrainingRun> runs)
    {
        var names = new DistinctNames();
        return [.. runs.Select(run => names.Take(run.ModelName))];
    }

    private static string TitleOf(IReadOnlyList<TrainingRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0 || runs.FirstOrDefault(run => run.History.Count == 0) is not null)
        {
            throw new ConvNetException(
                "RunEmpty",
                ErrorKind.InvalidArgument,
                runs.FirstOrDefault(run => run.History.Count == 0) is { } empty
                    ? $"The run of {empty.ModelName} ended before its first epoch did: it has no curve. Train it longer."
                    : "There is no run to draw: give what Invoke-Training gave.",
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
                $"; on the validation images {last.ValidationLoss:F4} and {accuracy:P2} at the end"
            )
            : "";
        return run.History.Count == 1
            ? FormattableString.Invariant(
                $"{name}: after its one epoch a loss of {last.Loss:F4} and an accuracy of {last.Accuracy:P2}{held}."
            )
            : FormattableString.Invariant(
                $"{name}: in {run.History.Count} epochs the loss goes from {first.Loss:F4} to {last.Loss:F4}, the accuracy from {first.Accuracy:P2} to {last.Accuracy:P2}{held}."
            );
    }

    private sealed record LegendEntry(int Run, bool Validation, string Text, double X, double Y);
}
