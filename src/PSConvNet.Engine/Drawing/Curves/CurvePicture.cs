namespace PSConvNet.Drawing;

/// <summary>Panels of curves side by side, with a title above and a legend below.</summary>
public abstract class CurvePicture : CanvasPicture
{
    private const int PanelHeight = 280;
    private const double Margin = 16;
    private const double TitleSize = 15;
    private const double LegendSize = 12;
    private const double LegendHeight = 20;
    private const double SwatchWidth = 26;

    private readonly IReadOnlyList<string> _titleLines;
    private readonly List<LegendEntry> _entries;
    private readonly IReadOnlyList<CurveMeaning> _legend;
    private readonly double _panelTop;

    /// <summary>Lays it out.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="description">The same in sentences.</param>
    /// <param name="names">The runs' names, no two alike.</param>
    /// <param name="panels">The panels, from left to right.</param>
    /// <param name="legend">What the curves mean; without meanings none is drawn of a single run.</param>
    private protected CurvePicture(
        string title,
        string description,
        IReadOnlyList<string> names,
        IReadOnlyList<CurvePanel> panels,
        IReadOnlyList<CurveMeaning> legend
    )
        : base(title, description)
    {
        (Names, Panels, _legend) = (names, panels, legend);
        (_titleLines, _entries) = WithSkia(() => (Wrap(Title), Entries()));
        _panelTop = Margin + _titleLines.Count * TitleSize * 1.3 + 4;
        Height = (int)
            Math.Ceiling(
                _panelTop
                    + PanelHeight
                    + (_entries.Count == 0 ? 0 : _entries.Max(entry => entry.Y) + LegendHeight)
                    + Margin
            );
    }

    /// <inheritdoc />
    public override int Width => 760;

    /// <inheritdoc />
    public override int Height { get; }

    /// <summary>The runs' names, no two alike.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The panels, from left to right.</summary>
    internal IReadOnlyList<CurvePanel> Panels { get; }

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        CurveText.Write(Title, Names, Panels, _legend, Math.Max(columns, 40));

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
        var panelWidth = Width / Panels.Count;
        for (var i = 0; i < Panels.Count; i++)
            CurvePlot.Draw(Panels[i], pen, i * panelWidth, _panelTop, panelWidth, PanelHeight);
        foreach (var entry in _entries)
        {
            var y = _panelTop + PanelHeight + entry.Y;
            CurvePlot.Swatch(pen, entry.Run, entry.Kind, entry.X, y + LegendSize * 0.65, SwatchWidth);
            pen.Text(entry.Text, entry.X + SwatchWidth + 6, y + LegendSize, LegendSize, pen.Theme.Ink);
        }
    }

    /// <summary>Names for runs of models that may be called alike.</summary>
    private protected static string[] Distinct(IEnumerable<string> models)
    {
        var names = new DistinctNames();
        return [.. models.Select(names.Take)];
    }

    private IReadOnlyList<string> Wrap(string title) =>
        TextWrap.Lines(title, Width - 2 * Margin, line => Pen.Measure(line, TitleSize, bold: true));

    /// <summary>Places the legend's entries in rows under the panels.</summary>
    private List<LegendEntry> Entries()
    {
        var entries = new List<LegendEntry>();
        if (_legend is [{ Meaning: null }])
            return entries;
        var (x, y) = (Margin, 8.0);
        foreach (var (run, kind, meaning) in _legend)
        {
            var text = meaning is null ? Names[run] : $"{Names[run]}, {meaning}";
            var shown = Pen.Fit(text, Width - 2 * Margin - SwatchWidth - 6, LegendSize);
            var width = SwatchWidth + 6 + Pen.Measure(shown, LegendSize);
            if (x > Margin && x + width > Width - Margin)
                (x, y) = (Margin, y + LegendHeight);
            entries.Add(new(run, kind, shown, x, y));
            x += width + 18;
        }
        return entries;
    }

    private sealed record LegendEntry(int Run, CurveKind Kind, string Text, double X, double Y);
}
