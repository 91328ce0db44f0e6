using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Draws a diagram on a canvas; in an SVG file <see cref="DiagramSvg"/> does, with styles that a page can change.</summary>
internal static class DiagramPainter
{
    private const double HeadLength = 7;
    private const double HeadWidth = 8;

    /// <summary>Draws everything.</summary>
    public static void Draw(DiagramPicture picture, Pen pen)
    {
        using var dashes = SKPathEffect.CreateDash([5, 4], 0);
        foreach (var frame in picture.Frames)
        {
            Rounded(
                pen,
                frame.X,
                frame.Y,
                frame.Width,
                frame.Height,
                8,
                Soft(pen, pen.Theme.Faint, 0.06),
                null,
                1,
                null
            );
            Rounded(pen, frame.X, frame.Y, frame.Width, frame.Height, 8, null, pen.Theme.Faint, 1, dashes);
        }
        foreach (var path in picture.Paths)
            Path(pen, path);
        foreach (var box in picture.Boxes)
        {
            var accent = Accent(pen.Theme, box.Family);
            var radius = box.Family is null ? box.Height / 2 : 6;
            var fill = box.Family is null ? pen.Theme.Page : Soft(pen, accent, pen.Theme.IsDark ? 0.28 : 0.14);
            Rounded(pen, box.X, box.Y, box.Width, box.Height, radius, fill, accent, 1.2, null);
            foreach (var line in box.Lines)
                Text(pen, line);
        }
        foreach (var text in picture.Texts)
            Text(pen, text);
    }

    /// <summary>The layers that look alike share a colour.</summary>
    private static SKColor Accent(Theme theme, LayerFamily? family) =>
        family switch
        {
            LayerFamily.Convolution => theme.SeriesColor(0),
            LayerFamily.Pooling => theme.SeriesColor(2),
            LayerFamily.Dense => theme.SeriesColor(1),
            LayerFamily.Normalization => theme.SeriesColor(3),
            _ => theme.Faint,
        };

    private static SKColor Soft(Pen pen, SKColor accent, double share) => Theme.Mix(pen.Theme.Page, accent, share);

    private static void Text(Pen pen, PictureText text) =>
        pen.Text(
            text.Text,
            text.X,
            text.Y,
            text.Role.Size(),
            text.Role == TextRole.Note ? pen.Theme.Faint : pen.Theme.Ink,
            text.Anchor == TextAnchor.Middle ? 0.5 : 0,
            text.Role is TextRole.Title or TextRole.Name
        );

    private static void Rounded(
        Pen pen,
        double x,
        double y,
        double width,
        double height,
        double radius,
        SKColor? fill,
        SKColor? line,
        double thickness,
        SKPathEffect? effect
    )
    {
        var place = SKRect.Create((float)x, (float)y, (float)width, (float)height);
        using var paint = new SKPaint { IsAntialias = true };
        if (fill is { } inside)
        {
            paint.Color = inside;
            pen.Canvas.DrawRoundRect(place, (float)radius, (float)radius, paint);
        }
        if (line is { } edge)
        {
            (paint.Color, paint.Style, paint.StrokeWidth) = (edge, SKPaintStyle.Stroke, (float)thickness);
            paint.PathEffect = effect;
            pen.Canvas.DrawRoundRect(place, (float)radius, (float)radius, paint);
        }
    }

    private static void Path(Pen pen, PicturePath path)
    {
        var points = path.Points.ToList();
        var (x, y) = points[^1];
        var (dx, dy) = (Math.Sign(x - points[^2].X), Math.Sign(y - points[^2].Y));
        using var paint = new SKPaint { Color = pen.Theme.Faint, IsAntialias = true };
        if (path.Arrow)
        {
            // The line ends within its head, so that it does not blunt the tip.
            points[^1] = (x - dx * HeadLength / 2, y - dy * HeadLength / 2);
            var (backX, backY) = (x - dx * HeadLength, y - dy * HeadLength);
            var (sideX, sideY) = (dy * HeadWidth / 2, dx * HeadWidth / 2);
            using var head = Line(
                [(x, y), (backX + sideX, backY + sideY), (backX - sideX, backY - sideY)],
                close: true
            );
            pen.Canvas.DrawPath(head, paint);
        }
        using var line = Line(points, close: false);
        (paint.Style, paint.StrokeWidth) = (SKPaintStyle.Stroke, 1.4f);
        pen.Canvas.DrawPath(line, paint);
    }

    private static SKPath Line(List<(double X, double Y)> points, bool close)
    {
        using var path = new SKPathBuilder();
        path.MoveTo((float)points[0].X, (float)points[0].Y);
        foreach (var (x, y) in points.Skip(1))
            path.LineTo((float)x, (float)y);
        if (close)
            path.Close();
        return path.Detach();
    }
}
