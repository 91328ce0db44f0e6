namespace PSConvNet.Drawing;

/// <summary>What each trial of a study came to, by number, and the best so far.</summary>
/// <remarks>
/// A dot is a completed trial, a ring one that was pruned, where it then stood, a cross one that failed, at the lower side; a rhomb is
/// not done yet. A loss that goes over more than a factor of 50 has a logarithmic axis.
/// </remarks>
public sealed class SweepHistory : SweepPicture
{
    private const double PlotHeight = 280;

    private readonly IReadOnlyList<SweepTrial> _trials;
    private readonly SweepObjective _objective;
    private readonly ChartFrame _frame;

    /// <summary>Draws the trials.</summary>
    /// <param name="space">What was varied.</param>
    /// <param name="trials">The trials; repetitions are passed over.</param>
    /// <param name="objective">What was made good.</param>
    /// <param name="title">The study's name.</param>
    /// <exception cref="ConvNetException"><c>SweepEmpty</c>: there is no trial. <c>NativeLibraryMissing</c>.</exception>
    public SweepHistory(SweepSpace space, IReadOnlyList<SweepTrial> trials, SweepObjective objective, string title)
        : base($"{title}: history of {Counted.Of(Own(trials).Count, "trial")}", DescriptionOf(Own(trials), objective))
    {
        ArgumentNullException.ThrowIfNull(space);
        (_trials, _objective) = (Own(trials), objective);
        Best = BestSoFar(_trials, objective);
        var axis = ValueAxis.Of([.. _trials.Where(HasValue).Select(t => t.Value!.Value)], objective);
        (_frame, Height) = WithSkia(() =>
        {
            var left = Margin + ChartFrame.LabelWidth(axis, PlotHeight);
            var frame = new ChartFrame(left, Top + TextSize * 1.6, Width - Margin - left, PlotHeight, axis);
            return (frame, (int)Math.Ceiling(LegendTop(frame) + SetLegend(Legend()) + Margin));
        });
    }

    /// <inheritdoc />
    public override int Height { get; }

    /// <summary>The number of each completed trial, and the best value when it was done.</summary>
    internal IReadOnlyList<(int Number, double Value)> Best { get; }

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        SweepText.Scatter(Title, Named(_objective), _trials, Best, _objective, Math.Max(columns, 40));

    internal override void Draw(Pen pen)
    {
        DrawTitle(pen);
        pen.Text(
            Named(_objective) + (_frame.Axis.Logarithmic ? ", logarithmic" : ""),
            Margin,
            Top + TextSize * 0.6,
            TextSize,
            pen.Theme.Faint
        );
        _frame.Draw(pen);
        var (first, last) = (_trials[0].Number, _trials[^1].Number);
        _frame.DrawNumbers(pen, first, last, X, "trial");
        var steps = new List<(double, double)>();
        foreach (var (number, value) in Best)
        {
            if (steps.Count > 0)
                steps.Add((X(number), steps[^1].Item2));
            steps.Add((X(number), _frame.Y(value)));
        }
        if (steps.Count > 0)
            steps.Add((_frame.Left + _frame.Width, steps[^1].Item2));
        pen.Line(steps, pen.Theme.SeriesColor(1), 2);
        foreach (var trial in _trials.OrderBy(t => t.State == TrialState.Completed))
        {
            if (trial.State == TrialState.Failed)
                pen.Mark(trial.State, X(trial.Number), _frame.Top + _frame.Height - 6);
            else if (HasValue(trial))
                pen.Mark(trial.State, X(trial.Number), _frame.Y(trial.Value!.Value));
        }
        DrawLegend(pen, LegendTop(_frame));

        double X(double number) =>
            _frame.Left + 10 + (last > first ? (number - first) / (last - first) : 0.5) * (_frame.Width - 20);
    }

    internal static IReadOnlyList<(int Number, double Value)> BestSoFar(
        IReadOnlyList<SweepTrial> trials,
        SweepObjective objective
    )
    {
        var best = new List<(int, double)>();
        foreach (var trial in trials.Where(t => t.State == TrialState.Completed && HasValue(t)))
        {
            var value = trial.Value!.Value;
            if (best.Count > 0)
                value =
                    objective == SweepObjective.Accuracy
                        ? Math.Max(value, best[^1].Item2)
                        : Math.Min(value, best[^1].Item2);
            best.Add((trial.Number, value));
        }
        return best;
    }

    private static double LegendTop(ChartFrame frame) => frame.Top + frame.Height + ChartFrame.LabelSize * 3 + 14;

    private IEnumerable<LegendItem> Legend()
    {
        foreach (
            var group in _trials
                .GroupBy(t => t.State is TrialState.Running ? TrialState.Waiting : t.State)
                .OrderBy(g => g.Key)
        )
        {
            var name = group.Key == TrialState.Waiting ? "not done" : group.Key.ToString().ToLowerInvariant();
            yield return new LegendItem(
                FormattableString.Invariant($"{name} ({group.Count()})"),
                (pen, x, y) => pen.Mark(group.Key, x + 5, y)
            );
        }
        if (Best.Count > 0)
            yield return new LegendItem(
                "best so far",
                (pen, x, y) => pen.Line([(x, y), (x + 22, y)], pen.Theme.SeriesColor(1), 2),
                22
            );
    }

    private static string DescriptionOf(IReadOnlyList<SweepTrial> trials, SweepObjective objective) =>
        $"A chart of the {Named(objective)} of {Counted.Of(trials.Count, "trial")} by number ({Counts(trials)}), with the best so far as a line of steps. {BestOf(Ranked(trials, objective), objective)}";
}
