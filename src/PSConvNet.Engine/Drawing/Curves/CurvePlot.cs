using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Draws a panel of curves; axes, ticks and grid are ScottPlot's.</summary>
internal static class CurvePlot
{
    private const float LineWidth = 2;
    private const float DotSize = 4;

    // More points than this stand so close that marks on them would be a smear.
    private const int MostMarked = 30;

    // Colours begin again after these many; then the marks differ.
    private static readonly MarkerShape[] s_marks =
    [
        MarkerShape.FilledCircle,
        MarkerShape.FilledSquare,
        MarkerShape.FilledTriangleUp,
        MarkerShape.FilledDiamond,
    ];

    /// <summary>Draws the panel at a place.</summary>
    public static void Draw(CurvePanel panel, Pen pen, double x, double y, double width, double height)
    {
        PlotFonts.Register();
        using var plot = new Plot();
        Dress(plot, pen.Theme, panel.Title, panel.Across.Name);
        foreach (var series in panel.Series)
        {
            if (series.Points.Count > 0)
                Add(plot, series, panel, pen.Theme);
        }
        SetAxes(plot, panel);
        // The first time, it finds out how wide its labels are, and draws all of it again over what it has drawn.
        plot.RenderInMemory((int)width, (int)height);
        // ScottPlot clears the canvas it is given: no more of it than the panel.
        var saved = pen.Canvas.Save();
        pen.Canvas.ClipRect(SKRect.Create((float)x, (float)y, (float)width, (float)height));
        plot.Render(pen.Canvas, new PixelRect((float)x, (float)(x + width), (float)(y + height), (float)y));
        pen.Canvas.RestoreToCount(saved);
    }

    /// <summary>A legend's piece of a curve.</summary>
    public static void Swatch(Pen pen, int run, CurveKind kind, double x, double y, double width)
    {
        if (kind == CurveKind.Batches)
        {
            using var dot = new SKPaint { Color = Faded(pen.Theme.SeriesColor(run)), IsAntialias = true };
            for (var i = 1; i < 4; i++)
                pen.Canvas.DrawCircle((float)(x + i * width / 4), (float)y, DotSize / 2, dot);
            return;
        }
        using var dashes = SKPathEffect.CreateDash(kind == CurveKind.Mark ? [2, 3] : [6, 4], 0);
        using var paint = new SKPaint
        {
            Color = pen.Theme.SeriesColor(run),
            Style = SKPaintStyle.Stroke,
            StrokeWidth = LineWidth,
            IsAntialias = true,
            PathEffect = kind == CurveKind.Training ? null : dashes,
        };
        pen.Canvas.DrawLine((float)x, (float)y, (float)(x + width), (float)y, paint);
        if (kind != CurveKind.Training)
            return;
        using var fill = new SKPaint { Color = pen.Theme.SeriesColor(run), IsAntialias = true };
        var (cx, cy) = ((float)(x + width / 2), (float)y);
        switch (Mark(run, pen.Theme))
        {
            case MarkerShape.FilledSquare:
                pen.Canvas.DrawRect(cx - 3, cy - 3, 6, 6, fill);
                break;
            case MarkerShape.FilledTriangleUp:
                Polygon(pen, fill, (cx, cy - 4), (cx + 4, cy + 3), (cx - 4, cy + 3));
                break;
            case MarkerShape.FilledDiamond:
                Polygon(pen, fill, (cx, cy - 4), (cx + 4, cy), (cx, cy + 4), (cx - 4, cy));
                break;
            default:
                pen.Canvas.DrawCircle(cx, cy, 3, fill);
                break;
        }
    }

    private static MarkerShape Mark(int run, Theme theme) => s_marks[run / theme.Series.Count % s_marks.Length];

    private static void Polygon(Pen pen, SKPaint paint, params ReadOnlySpan<(float X, float Y)> corners)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(corners[0].X, corners[0].Y);
        foreach (var (x, y) in corners[1..])
            builder.LineTo(x, y);
        builder.Close();
        using var path = builder.Detach();
        pen.Canvas.DrawPath(path, paint);
    }

    private static void Add(Plot plot, CurveSeries series, CurvePanel panel, Theme theme)
    {
        var colour = theme.SeriesColor(series.Run);
        var xs = series.Points.Select(point => Across(panel, point.Across)).ToArray();
        if (series.Kind == CurveKind.Mark)
        {
            foreach (var x in xs)
                plot.Add.VerticalLine(x, LineWidth, Theme.Plot(colour), new LinePattern([2, 3], 0, "mark"));
            return;
        }
        // Far above what is shown a number has no place on a canvas.
        var ys = series
            .Points.Select(point => Math.Min(point.Value, 10 * panel.Top))
            .Select(value => panel.Logarithmic ? Math.Log10(value) : value)
            .ToArray();
        var isDots = series.Kind == CurveKind.Batches;
        var scatter = plot.Add.Scatter(xs, ys, Theme.Plot(isDots ? Faded(colour) : colour));
        scatter.LineWidth = isDots ? 0 : LineWidth;
        scatter.LinePattern =
            series.Kind == CurveKind.Validation ? new LinePattern([6, 4], 0, "validation") : LinePattern.Solid;
        scatter.MarkerShape = series.Kind switch
        {
            CurveKind.Validation => MarkerShape.OpenCircle,
            CurveKind.Batches => MarkerShape.FilledCircle,
            _ => Mark(series.Run, theme),
        };
        scatter.MarkerLineWidth = isDots ? 0 : 1.2f;
        scatter.MarkerSize =
            isDots ? DotSize
            : xs.Length == 1 ? 8
            : xs.Length <= MostMarked && series.Kind == CurveKind.Training ? 5
            : 0;
    }

    private static SKColor Faded(SKColor colour) => colour.WithAlpha(130);

    private static double Across(CurvePanel panel, double value) =>
        panel.Across.Logarithmic ? Math.Log10(value) : value;

    private static void SetAxes(Plot plot, CurvePanel panel)
    {
        var across = panel
            .Series.SelectMany(series => series.Points)
            .Select(point => Across(panel, point.Across))
            .DefaultIfEmpty(1)
            .ToArray();
        var (first, last) = (across.Min(), across.Max());
        // A single epoch would have no width.
        var side = Math.Max(panel.Across.Logarithmic ? 1e-9 : 0.5, (last - first) * 0.04);
        plot.Axes.MarginsY(0.08);
        plot.Axes.AutoScale();
        if (double.IsFinite(panel.Top))
            LimitHeight(plot, panel);
        plot.Axes.SetLimitsX(first - side, last + side);
        plot.Axes.Bottom.TickGenerator = panel.Across.Logarithmic
            ? Rates(first, last, panel.Across)
            : new NumericAutomatic { IntegerTicksOnly = true, MinimumTickSpacing = 30 };
        var values = new NumericAutomatic { MinimumTickSpacing = 25, LabelFormatter = panel.Label };
        plot.Axes.Left.TickGenerator = panel.Logarithmic ? Powers(plot.Axes.GetLimits()) : values;
        // There is nothing between two epochs, and lines enough between two values.
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Axes.Left.MinorTickStyle.Length = 0;
        // One flat line has no height of its own.
        var limits = plot.Axes.GetLimits();
        if (!(limits.Top - limits.Bottom > 1e-9))
            plot.Axes.SetLimitsY(limits.Bottom - 0.05, limits.Bottom + 0.05);
        // Nobody is right more than always.
        if (panel.Percent && plot.Axes.GetLimits().Top > 1)
            plot.Axes.SetLimitsY(plot.Axes.GetLimits().Bottom, Math.Max(1, limits.Bottom + 0.01));
    }

    /// <summary>Leaves out what lies above the panel's top.</summary>
    private static void LimitHeight(Plot plot, CurvePanel panel)
    {
        var shown = panel.Shown.Select(point => panel.Logarithmic ? Math.Log10(point.Value) : point.Value).ToArray();
        if (shown.Length == 0)
            return;
        var margin = (shown.Max() - shown.Min()) * 0.08;
        plot.Axes.SetLimitsY(shown.Min() - margin, shown.Max() + margin);
    }

    /// <summary>Round rates: powers of ten, with 2 and 5 times them between where there is room; the ends of a range that has none.</summary>
    private static NumericManual Rates(double first, double last, CurveAxis axis)
    {
        const int most = 12;
        var span = last - first;
        var every = Math.Max(1, (int)Math.Ceiling(span / most));
        int[] digits = span > 3 ? [1] : [1, 2, 5];
        var ticks = (
            from power in Enumerable.Range((int)Math.Floor(first), (int)Math.Ceiling(span) + 2)
            where power % every == 0
            from digit in digits
            let place = power + Math.Log10(digit)
            where place >= first - 1e-9 && place <= last + 1e-9
            select new Tick(place, axis.Label(Math.Pow(10, place)))
        ).ToArray();
        return ticks.Length >= 2 ? new NumericManual(ticks) : new NumericManual([End(first), End(last)]);

        static Tick End(double place) => new(place, FormattableString.Invariant($"{Math.Pow(10, place):G4}"));
    }

    /// <summary>1, 2 and 5 times the powers of ten that an axis of logarithms shows; where it spans little, all digits.</summary>
    private static NumericManual Powers(AxisLimits limits)
    {
        var digits = limits.Top - limits.Bottom > 0.7 ? new[] { 1, 2, 5 } : [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var shown = limits.Top - limits.Bottom > 3 ? [1] : digits;
        var ticks =
            from power in Enumerable.Range(
                (int)Math.Floor(limits.Bottom),
                (int)Math.Ceiling(limits.Top - limits.Bottom) + 2
            )
            from digit in shown
            let value = digit * Math.Pow(10, power)
            let place = Math.Log10(value)
            where place >= limits.Bottom && place <= limits.Top
            select new Tick(place, FormattableString.Invariant($"{value:0.########}"));
        return new NumericManual([.. ticks]);
    }

    private static void Dress(Plot plot, Theme theme, string title, string across)
    {
        plot.FigureBackground.Color = Theme.Plot(theme.Page);
        plot.DataBackground.Color = Theme.Plot(theme.Page);
        plot.Axes.Color(Theme.Plot(theme.Faint));
        plot.Grid.MajorLineColor = Theme.Plot(theme.Rule);
        plot.Axes.Title.Label.Text = title;
        plot.Axes.Title.Label.FontSize = 13;
        plot.Axes.Title.Label.Bold = true;
        plot.Axes.Title.Label.ForeColor = Theme.Plot(theme.Ink);
        plot.Axes.Bottom.Label.Text = across;
        plot.Axes.Bottom.Label.FontSize = 12;
        plot.Axes.Bottom.Label.Bold = false;
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.TickLabelStyle.FontName = PictureFonts.Family;
            axis.TickLabelStyle.FontSize = 11;
        }
        foreach (var label in new[] { plot.Axes.Title.Label, plot.Axes.Bottom.Label })
            label.FontName = PictureFonts.Family;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
    }
}
