namespace PSConvNet.Drawing;

/// <summary>Which parameters of a study matter, as bars: see <see cref="SweepImportance"/>.</summary>
public sealed class ParameterImportance : SweepPicture
{
    private const double Row = 26;
    private const double Bar = 16;
    private const double NameMost = 220;

    private readonly IReadOnlyList<(string Name, double Share, bool IsParameter)> _bars;
    private readonly string[] _names;
    private readonly string _note;

    /// <summary>Measures and draws it.</summary>
    /// <param name="space">What was varied.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="objective">What was made good.</param>
    /// <param name="title">The study's name.</param>
    /// <exception cref="ConvNetException">
    /// <c>SweepEmpty</c>, <c>SweepTooFewTrials</c>, <c>NativeLibraryMissing</c>.
    /// </exception>
    public ParameterImportance(
        SweepSpace space,
        IReadOnlyList<SweepTrial> trials,
        SweepObjective objective,
        string title
    )
        : this(SweepImportance.Measure(space, Own(trials), objective), objective, title) { }

    /// <summary>Draws what has been measured.</summary>
    /// <param name="importance">Each parameter's share.</param>
    /// <param name="objective">What was made good.</param>
    /// <param name="title">The study's name.</param>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    public ParameterImportance(SweepImportance importance, SweepObjective objective, string title)
        : base($"{title}: which parameters matter", DescriptionOf(importance, objective))
    {
        _note = NoteOf(importance, objective);
        _bars =
        [
            .. importance.Shares.Select(share => (share.Name, share.Share, true)),
            ("together", importance.Together, false),
        ];
        (_names, Height) = WithSkia(() =>
        {
            string[] names = [.. _bars.Select(bar => Pen.Fit(bar.Name, NameMost, TextSize))];
            return (
                names,
                (int)Math.Ceiling(Top + NoteLines().Count * TextSize * 1.4 + 10 + _bars.Count * Row + Margin)
            );
        });
    }

    /// <inheritdoc />
    public override int Height { get; }

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        SweepText.Bars(
            Title,
            _note,
            [.. _bars.Select(bar => (bar.Name, bar.Share, Percent(bar.Share)))],
            Math.Max(columns, 40)
        );

    internal override void Draw(Pen pen)
    {
        DrawTitle(pen);
        var lines = NoteLines();
        for (var i = 0; i < lines.Count; i++)
            pen.Text(lines[i], Margin, Top + TextSize + i * TextSize * 1.4, TextSize, pen.Theme.Faint);
        var top = Top + lines.Count * TextSize * 1.4 + 10;
        var left = Margin + _names.Max(name => Pen.Measure(name, TextSize)) + 10;
        var most = Width - Margin - left - Pen.Measure("100.0 %", TextSize) - 8;
        for (var i = 0; i < _bars.Count; i++)
        {
            var y = top + i * Row;
            var width = Math.Clamp(_bars[i].Share, 0, 1) * most;
            var ink = _bars[i].IsParameter ? pen.Theme.Ink : pen.Theme.Faint;
            pen.Text(_names[i], left - 10, y + Bar / 2 + TextSize * 0.36, TextSize, ink, align: 1);
            pen.Fill(left, y, width, Bar, _bars[i].IsParameter ? pen.Theme.SeriesColor(0) : pen.Theme.Faint);
            pen.Text(Percent(_bars[i].Share), left + width + 6, y + Bar / 2 + TextSize * 0.36, TextSize, ink);
        }
        pen.Line([(left, top - 4), (left, top + _bars.Count * Row - Row + Bar + 4)], pen.Theme.Faint);
    }

    private IReadOnlyList<string> NoteLines() =>
        TextWrap.Lines(_note, Width - 2 * Margin, line => Pen.Measure(line, TextSize));

    private static string Percent(double share) => Percentage.Of(share, 1);

    private static string NoteOf(SweepImportance importance, SweepObjective objective) =>
        $"Share of the variance of the {Named(objective)} over the space that each parameter explains by itself, estimated from {importance.Trials} trials"
        + (importance.Epochs is { } epochs ? $" as they stood after {Counted.Of(epochs, "epoch")}." : ".");

    private static string DescriptionOf(SweepImportance importance, SweepObjective objective)
    {
        ArgumentNullException.ThrowIfNull(importance);
        return $"A bar chart. {NoteOf(importance, objective)} {string.Join(", ", importance.Shares.Select(s => $"{s.Name} {Percent(s.Share)}"))}; {Percent(importance.Together)} is explained by their interactions.";
    }
}
