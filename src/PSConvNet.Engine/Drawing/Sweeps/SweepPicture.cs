namespace PSConvNet.Drawing;

/// <summary>A picture of a study's trials: their heading, their legend, and what all such pictures know of trials.</summary>
public abstract class SweepPicture : CanvasPicture
{
    private protected const double Margin = 16;
    private protected const double TextSize = 12;
    private const double TitleSize = 15;
    private const double LegendRow = 20;

    private readonly IReadOnlyList<string> _titleLines;
    private IReadOnlyList<(LegendItem Item, string Text, double X, double Y)> _legend = [];

    private protected SweepPicture(string title, string description)
        : base(title, description) =>
        _titleLines = WithSkia(() =>
            TextWrap.Lines(Title, Width - 2 * Margin, line => Pen.Measure(line, TitleSize, bold: true))
        );

    /// <inheritdoc />
    public sealed override int Width => 760;

    /// <summary>Where there is room below the heading.</summary>
    private protected double Top => Margin + _titleLines.Count * TitleSize * 1.3 + 8;

    /// <summary>Places the legend; to be called once.</summary>
    /// <returns>Its height.</returns>
    private protected double SetLegend(IEnumerable<LegendItem> items)
    {
        var placed = new List<(LegendItem, string, double, double)>();
        var (x, y) = (Margin, 0.0);
        foreach (var item in items)
        {
            var text = Pen.Fit(item.Text, Width - 2 * Margin - item.Width - 6, TextSize);
            var width = item.Width + 6 + Pen.Measure(text, TextSize);
            if (x > Margin && x + width > Width - Margin)
                (x, y) = (Margin, y + LegendRow);
            placed.Add((item, text, x, y));
            x += width + 18;
        }
        _legend = placed;
        return placed.Count == 0 ? 0 : y + LegendRow;
    }

    private protected void DrawTitle(Pen pen)
    {
        for (var i = 0; i < _titleLines.Count; i++)
        {
            var y = Margin + TitleSize + i * TitleSize * 1.3;
            pen.Text(_titleLines[i], Margin, y, TitleSize, pen.Theme.Ink, bold: true);
        }
    }

    private protected void DrawLegend(Pen pen, double top)
    {
        foreach (var (item, text, x, y) in _legend)
        {
            item.Draw(pen, x, top + y + TextSize * 0.65);
            pen.Text(text, x + item.Width + 6, top + y + TextSize, TextSize, pen.Theme.Ink);
        }
    }

    /// <summary>The trials themselves, repetitions left out, in the order of their numbers.</summary>
    /// <exception cref="ConvNetException"><c>SweepEmpty</c>: there is none.</exception>
    private protected static IReadOnlyList<SweepTrial> Own(IReadOnlyList<SweepTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var own = trials.Where(t => t.Replicate == 0).OrderBy(t => t.Number).ToArray();
        return own.Length > 0
            ? own
            : throw new ConvNetException(
                ErrorIds.SweepEmpty,
                ErrorKind.InvalidArgument,
                "There is no trial to draw: give what Study.ReadTrials returned.",
                trials
            );
    }

    /// <summary>The completed trials, the best first.</summary>
    private protected static IReadOnlyList<SweepTrial> Ranked(
        IReadOnlyList<SweepTrial> trials,
        SweepObjective objective
    ) =>
        [
            .. trials
                .Where(t => t.State == TrialState.Completed && HasValue(t))
                .OrderBy(t => objective == SweepObjective.Accuracy ? -t.Value!.Value : t.Value!.Value),
        ];

    private protected static bool HasValue(SweepTrial trial) => trial.Value is { } value && double.IsFinite(value);

    /// <summary>How many there are of each state, in words.</summary>
    private protected static string Counts(IReadOnlyList<SweepTrial> trials) =>
        string.Join(
            ", ",
            trials
                .GroupBy(t => t.State)
                .OrderBy(g => g.Key)
                .Select(g => FormattableString.Invariant($"{g.Count()} {g.Key.ToString().ToLowerInvariant()}"))
        );

    /// <summary>The best trial in words; that there is none where there is none.</summary>
    private protected static string BestOf(IReadOnlyList<SweepTrial> ranked, SweepObjective objective) =>
        ranked.Count == 0
            ? "No trial is completed yet."
            : $"The best is trial {ranked[0].Id}: {Named(objective)} {ValueAxis.Text(ranked[0].Value!.Value, objective)} with {ranked[0].Parameters}.";

    private protected static string Named(SweepObjective objective) =>
        objective == SweepObjective.Accuracy ? "validation accuracy" : "validation loss";

    private protected sealed record LegendItem(string Text, Action<Pen, double, double> Draw, double Width = 10);
}
