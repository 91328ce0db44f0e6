using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Trials as lines over an axis for each parameter, and one for what they came to.</summary>
/// <remarks>
/// The better a trial ranks, the more orange its line, on top of the others; what was pruned is grey and ends before the last axis. A
/// parameter that not every trial has, has a place for those that don't below its axis.
/// </remarks>
public sealed class ParallelCoordinates : SweepPicture
{
    // More lines than these are a wall, and a page of megabytes.
    private const int MostLines = 400;
    private const double PlotHeight = 300;
    private const double Below = 26;

    private readonly IReadOnlyList<CoordinateAxis> _axes;
    private readonly IReadOnlyList<SweepTrial> _ranked;
    private readonly IReadOnlyList<SweepTrial> _pruned;
    private readonly SweepObjective _objective;
    private readonly bool _hasMissing;

    /// <summary>Draws the trials.</summary>
    /// <param name="space">What was varied.</param>
    /// <param name="trials">The trials; failed ones and repetitions are passed over, and of more than 400 all but the best.</param>
    /// <param name="objective">What was made good.</param>
    /// <param name="title">The study's name.</param>
    /// <exception cref="ConvNetException"><c>SweepEmpty</c>: there is no trial. <c>NativeLibraryMissing</c>.</exception>
    public ParallelCoordinates(
        SweepSpace space,
        IReadOnlyList<SweepTrial> trials,
        SweepObjective objective,
        string title
    )
        : base(TitleOf(trials, objective, title), DescriptionOf(space, Own(trials), objective))
    {
        var own = Own(trials);
        _objective = objective;
        _ranked = [.. Ranked(own, objective).Take(MostLines)];
        _pruned = [.. own.Where(t => t.State == TrialState.Pruned).Take(MostLines)];
        _hasMissing = space.Conditions.Count > 0;
        _axes = WithSkia(() => CoordinateAxis.Of(space, _ranked, objective, Margin, Width - 2 * Margin, PlotHeight));
        Height = (int)
            Math.Ceiling(
                PlotTop + PlotHeight + (_hasMissing ? Below : 0) + 22 + WithSkia(() => SetLegend(Legend())) + Margin
            );
    }

    /// <inheritdoc />
    public override int Height { get; }

    private double PlotTop => Top + 24;

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        SweepText.Table(Title, _ranked, _objective, Math.Max(columns, 40));

    /// <summary>From the worst, blue, to the best, orange: the first two series, which all eyes tell apart.</summary>
    internal static SKColor Shade(Theme theme, double rank) =>
        Theme.Mix(theme.SeriesColor(0), theme.SeriesColor(1), rank);

    internal override void Draw(Pen pen)
    {
        DrawTitle(pen);
        foreach (var trial in _pruned)
            pen.Line(Points(trial, _axes.Count - 1), pen.Theme.Rule);
        for (var i = _ranked.Count - 1; i >= 0; i--)
        {
            var rank = _ranked.Count > 1 ? 1 - (double)i / (_ranked.Count - 1) : 1;
            // The lower half recedes.
            var shade = Shade(pen.Theme, rank).WithAlpha((byte)(90 + 165 * rank));
            pen.Line(Points(_ranked[i], _axes.Count), shade, i < 3 ? 2.4 : 1.2);
        }
        foreach (var axis in _axes)
            axis.Draw(pen, PlotTop, PlotHeight, Below);
        DrawLegend(pen, PlotTop + PlotHeight + (_hasMissing ? Below : 0) + 22);
    }

    private List<(double X, double Y)> Points(SweepTrial trial, int axes) =>
        [
            .. _axes
                .Take(axes)
                .Select(axis =>
                    (
                        axis.X,
                        axis.Place(trial) is { } place
                            ? PlotTop + PlotHeight * (1 - place)
                            : PlotTop + PlotHeight + Below
                    )
                ),
        ];

    private IEnumerable<LegendItem> Legend()
    {
        if (_ranked.Count > 0)
        {
            yield return new LegendItem(
                $"from the worst of {_ranked.Count} to the best",
                (pen, x, y) =>
                {
                    for (var i = 0; i < 60; i++)
                        pen.Fill(x + i, y - 4, 1.25, 8, Shade(pen.Theme, i / 59.0));
                },
                60
            );
        }
        if (_pruned.Count > 0)
        {
            yield return new LegendItem(
                $"pruned ({_pruned.Count})",
                (pen, x, y) => pen.Line([(x, y), (x + 22, y)], pen.Theme.Rule, 1.5),
                22
            );
        }
    }

    private static string TitleOf(IReadOnlyList<SweepTrial> trials, SweepObjective objective, string title)
    {
        var completed = Ranked(Own(trials), objective).Count;
        return completed > MostLines
            ? $"{title}: parameters of the best {MostLines} of {Counted.Of(completed, "trial")}"
            : $"{title}: parameters of {Counted.Of(completed, "trial")}";
    }

    private static string DescriptionOf(SweepSpace space, IReadOnlyList<SweepTrial> trials, SweepObjective objective)
    {
        ArgumentNullException.ThrowIfNull(space);
        var ranked = Ranked(trials, objective);
        var best = ranked.Take(5).Select(t => $"{ValueAxis.Text(t.Value!.Value, objective)} with {t.Parameters}");
        return $"Parallel coordinates: a line for each of {ranked.Count} completed trials over {string.Join(", ", space.Parameters.Select(p => p.Name))} and the {Named(objective)}. "
            + (ranked.Count == 0 ? "No trial is completed yet." : $"The best: {string.Join("; ", best)}.");
    }
}
