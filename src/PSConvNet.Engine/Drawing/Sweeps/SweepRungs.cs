namespace PSConvNet.Drawing;

/// <summary>How far the trials of a study came: their values epoch by epoch, and how many reached which epoch.</summary>
/// <remarks>What a pruner does: a line ends in a ring where its trial was pruned; the best completed trial's stands out.</remarks>
public sealed class SweepRungs : SweepPicture
{
    private const int MostLines = 400;
    private const int MostRungs = 12;
    private const double PlotHeight = 260;
    private const double RungSize = 12;
    private const double RungRow = 22;

    private readonly IReadOnlyList<SweepTrial> _trials;
    private readonly SweepObjective _objective;
    private readonly SweepTrial? _best;
    private readonly ChartFrame _frame;

    /// <summary>Draws the trials.</summary>
    /// <param name="space">What was varied.</param>
    /// <param name="trials">The trials; repetitions are passed over. Of more than 400 the lines of the first are drawn, and all counted.</param>
    /// <param name="objective">What was made good.</param>
    /// <param name="title">The study's name.</param>
    /// <exception cref="ConvNetException"><c>SweepEmpty</c>: no trial has ended an epoch. <c>NativeLibraryMissing</c>.</exception>
    public SweepRungs(SweepSpace space, IReadOnlyList<SweepTrial> trials, SweepObjective objective, string title)
        : base(
            $"{title}: how far {Counted.Of(Trained(trials).Length, "trial")} came",
            DescriptionOf(Trained(trials), objective)
        )
    {
        ArgumentNullException.ThrowIfNull(space);
        (_trials, _objective) = (Trained(trials), objective);
        Rungs = RungsOf(_trials);
        _best = Ranked(_trials, objective) is [var best, ..] ? best : null;
        var axis = ValueAxis.Of([.. _trials.SelectMany(Values).Select(p => p.Value)], objective);
        (_frame, Height) = WithSkia(() =>
        {
            var left = Margin + ChartFrame.LabelWidth(axis, PlotHeight);
            var frame = new ChartFrame(left, Top + TextSize * 1.6, Width - Margin - left, PlotHeight, axis);
            return (
                frame,
                (int)Math.Ceiling(RungTop(frame) + SetLegend(Legend()) + 8 + Rungs.Count * RungRow + Margin)
            );
        });
    }

    /// <inheritdoc />
    public override int Height { get; }

    /// <summary>Epochs at which trials ended, and how many trials came to each.</summary>
    internal IReadOnlyList<(int Epochs, int Trials)> Rungs { get; }

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        SweepText.Bars(
            Title,
            Counts(_trials) + ".",
            [.. Rungs.Select(rung => (NameOf(rung.Epochs), (double)rung.Trials / Rungs[0].Trials, TextOf(rung)))],
            Math.Max(columns, 40)
        );

    internal override void Draw(Pen pen)
    {
        DrawTitle(pen);
        pen.Text(
            $"{Named(_objective)} by epoch" + (_frame.Axis.Logarithmic ? ", logarithmic" : ""),
            Margin,
            Top + TextSize * 0.6,
            TextSize,
            pen.Theme.Faint
        );
        _frame.Draw(pen);
        var last = Math.Max(_trials.Max(t => t.Epochs), 1);
        _frame.DrawNumbers(pen, 1, last, X, "epoch");
        foreach (var trial in _trials.Take(MostLines).OrderBy(t => t.State == TrialState.Completed))
        {
            if (trial != _best)
                Curve(trial);
        }
        if (_best is not null)
            Curve(_best);
        DrawLegend(pen, RungTop(_frame));
        DrawRungs(pen);

        void Curve(SweepTrial trial)
        {
            var points = Values(trial).Select(p => (X(p.Epoch), _frame.Y(p.Value))).ToArray();
            if (points.Length == 0)
                return;
            var completed = trial.State == TrialState.Completed;
            pen.Line(
                points,
                trial == _best ? pen.Theme.SeriesColor(1)
                    : completed ? pen.Theme.SeriesColor(0).WithAlpha(170)
                    : pen.Theme.Faint.WithAlpha(130),
                trial == _best ? 2.5 : 1.2
            );
            if (!completed || points.Length == 1)
                pen.Mark(trial.State, points[^1].Item1, points[^1].Item2, 3);
        }

        double X(double epoch) => _frame.Left + 10 + (last > 1 ? (epoch - 1) / (last - 1) : 0.5) * (_frame.Width - 20);
    }

    private static double RungTop(ChartFrame frame) => frame.Top + frame.Height + ChartFrame.LabelSize * 3 + 14;

    private void DrawRungs(Pen pen)
    {
        var top = Height - Margin - Rungs.Count * RungRow;
        var left = Margin + Rungs.Max(rung => Pen.Measure(NameOf(rung.Epochs), RungSize)) + 10;
        var most = Width - Margin - left - Rungs.Max(rung => Pen.Measure(TextOf(rung), RungSize)) - 8;
        for (var i = 0; i < Rungs.Count; i++)
        {
            var (y, width) = (top + i * RungRow, most * Rungs[i].Trials / Rungs[0].Trials);
            pen.Text(NameOf(Rungs[i].Epochs), left - 10, y + 12, RungSize, pen.Theme.Ink, align: 1);
            pen.Fill(left, y, width, 15, pen.Theme.SeriesColor(0));
            pen.Text(TextOf(Rungs[i]), left + width + 6, y + 12, RungSize, pen.Theme.Ink);
        }
    }

    private IEnumerable<LegendItem> Legend()
    {
        yield return Stroke("completed", 0);
        if (_best is not null)
            yield return Stroke($"best: trial {_best.Id}", 1);
        foreach (var state in _trials.Select(t => t.State).Distinct().Where(s => s != TrialState.Completed).Order())
        {
            yield return new LegendItem(
                state.ToString().ToLowerInvariant(),
                (pen, x, y) => pen.Mark(state, x + 5, y, 3)
            );
        }

        static LegendItem Stroke(string text, int series) =>
            new(text, (pen, x, y) => pen.Line([(x, y), (x + 22, y)], pen.Theme.SeriesColor(series), 2), 22);
    }

    private IEnumerable<(int Epoch, double Value)> Values(SweepTrial trial) =>
        trial
            .History.Select(epoch => (epoch.Epoch, Value: ComparedTrials.Of(epoch, _objective)))
            .Where(p => p.Value is { } value && double.IsFinite(value))
            .Select(p => (p.Epoch, p.Value!.Value));

    private static IReadOnlyList<(int Epochs, int Trials)> RungsOf(IReadOnlyList<SweepTrial> trials)
    {
        // Where trials end is where a rung is; where they end anywhere, some places from the first to the last say enough.
        var ended = trials.Where(t => t.State is TrialState.Completed or TrialState.Pruned).Select(t => t.Epochs);
        var ends = ended.Append(1).Distinct().Order().ToArray();
        var shown = Math.Min(ends.Length, MostRungs);
        return
        [
            .. Enumerable
                .Range(0, shown)
                .Select(i => ends[shown == 1 ? 0 : i * (ends.Length - 1) / (shown - 1)])
                .Select(epochs => (epochs, trials.Count(t => t.Epochs >= epochs))),
        ];
    }

    private static string NameOf(int epochs) => Counted.Of(epochs, "epoch");

    private string TextOf((int Epochs, int Trials) rung) =>
        FormattableString.Invariant($"{rung.Trials} ({100.0 * rung.Trials / Rungs[0].Trials:0} %)");

    private static SweepTrial[] Trained(IReadOnlyList<SweepTrial> trials)
    {
        var trained = Own(trials).Where(t => t.Epochs > 0).ToArray();
        return trained.Length > 0
            ? trained
            : throw new ConvNetException(
                ErrorIds.SweepEmpty,
                ErrorKind.InvalidArgument,
                "No trial has completed its first epoch, so there is nothing to draw yet.",
                trials
            );
    }

    private static string DescriptionOf(SweepTrial[] trials, SweepObjective objective) =>
        $"A line chart of the {Named(objective)} of {Counted.Of(trials.Length, "trial")} by epoch, and a bar chart of how many reached which epoch: {string.Join(", ", RungsOf(trials).Select(r => $"{r.Trials} to {NameOf(r.Epochs)}"))} ({Counts(trials)}). {BestOf(Ranked(trials, objective), objective)}";
}
