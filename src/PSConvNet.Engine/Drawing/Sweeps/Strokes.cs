using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Lines and marks of charts.</summary>
internal static class Strokes
{
    /// <summary>A line from point to point.</summary>
    public static void Line(
        this Pen pen,
        IReadOnlyList<(double X, double Y)> points,
        SKColor colour,
        double thickness = 1
    )
    {
        if (points.Count < 2)
            return;
        using var builder = new SKPathBuilder();
        builder.MoveTo((float)points[0].X, (float)points[0].Y);
        foreach (var (x, y) in points.Skip(1))
            builder.LineTo((float)x, (float)y);
        using var path = builder.Detach();
        using var paint = Paint(colour, thickness);
        paint.StrokeJoin = SKStrokeJoin.Round;
        pen.Canvas.DrawPath(path, paint);
    }

    /// <summary>The mark of a trial by how it stands.</summary>
    public static void Mark(this Pen pen, TrialState state, double x, double y, double radius = 3.5)
    {
        var theme = pen.Theme;
        switch (state)
        {
            case TrialState.Completed:
                using (var fill = new SKPaint { Color = theme.SeriesColor(0), IsAntialias = true })
                    pen.Canvas.DrawCircle((float)x, (float)y, (float)radius, fill);
                break;
            case TrialState.Failed:
                var arm = radius * 0.9;
                pen.Line([(x - arm, y - arm), (x + arm, y + arm)], theme.SeriesColor(1), 1.8);
                pen.Line([(x - arm, y + arm), (x + arm, y - arm)], theme.SeriesColor(1), 1.8);
                break;
            case TrialState.Pruned:
                Circle(theme.Faint);
                break;
            default:
                var reach = radius + 0.5;
                pen.Line(
                    [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y), (x, y - reach)],
                    theme.SeriesColor(2),
                    1.4
                );
                break;
        }

        void Circle(SKColor colour)
        {
            using var paint = Paint(colour, 1.4);
            pen.Canvas.DrawCircle((float)x, (float)y, (float)radius, paint);
        }
    }

    private static SKPaint Paint(SKColor colour, double thickness) =>
        new()
        {
            Color = colour,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = (float)thickness,
            IsAntialias = true,
        };
}
