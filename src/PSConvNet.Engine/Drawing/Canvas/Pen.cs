using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Draws on a Skia canvas in a theme's colours.</summary>
/// <param name="canvas">The canvas.</param>
/// <param name="theme">The colours.</param>
internal sealed class Pen(SKCanvas canvas, Theme theme)
{
    /// <summary>The canvas, for who draws by other means.</summary>
    public SKCanvas Canvas { get; } = canvas;

    /// <summary>The colours.</summary>
    public Theme Theme { get; } = theme;

    /// <summary>The width of a line of text in pixels.</summary>
    public static double Measure(string text, double size, bool bold = false)
    {
        var width = 0.0;
        foreach (var (run, face) in PictureFonts.Runs(text, bold))
        {
            using var font = Font(face, size);
            width += font.MeasureText(run);
        }
        return width;
    }

    /// <summary>A text cut to a width, with an ellipsis where something is left out.</summary>
    public static string Fit(string text, double width, double size, bool bold = false)
    {
        if (Measure(text, size, bold) <= width)
            return text;
        var runes = text.EnumerateRunes().ToList();
        for (var count = runes.Count - 1; count > 0; count--)
        {
            var shorter = string.Concat(runes.Take(count)).TrimEnd() + "…";
            if (Measure(shorter, size, bold) <= width)
                return shorter;
        }
        return "…";
    }

    /// <summary>A line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="size">The font size in pixels.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="align">0 begins at <paramref name="x"/>, 0.5 has its middle there, 1 ends there.</param>
    /// <param name="bold">Whether it is bold.</param>
    public void Text(string text, double x, double y, double size, SKColor colour, double align = 0, bool bold = false)
    {
        if (text.Length == 0)
            return;
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        var left = x - align * (align == 0 ? 0 : Measure(text, size, bold));
        foreach (var (run, face) in PictureFonts.Runs(text, bold))
        {
            using var font = Font(face, size);
            Canvas.DrawText(run, (float)left, (float)y, SKTextAlign.Left, font, paint);
            left += font.MeasureText(run);
        }
    }

    /// <summary>The same upwards: turned by 90 degrees, with its base line at <paramref name="x"/>.</summary>
    public void TextUp(
        string text,
        double x,
        double y,
        double size,
        SKColor colour,
        double align = 0,
        bool bold = false
    )
    {
        var saved = Canvas.Save();
        Canvas.Translate((float)x, (float)y);
        Canvas.RotateDegrees(-90);
        Text(text, 0, 0, size, colour, align, bold);
        Canvas.RestoreToCount(saved);
    }

    /// <summary>A filled rectangle.</summary>
    public void Fill(double x, double y, double width, double height, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour };
        Canvas.DrawRect((float)x, (float)y, (float)width, (float)height, paint);
    }

    /// <summary>A rectangle's outline; the line's middle is its edge.</summary>
    public void Frame(double x, double y, double width, double height, SKColor colour, double thickness = 1)
    {
        using var paint = new SKPaint
        {
            Color = colour,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = (float)thickness,
            IsAntialias = true,
        };
        Canvas.DrawRect((float)x, (float)y, (float)width, (float)height, paint);
    }

    /// <summary>Pixels, enlarged without smoothing: each stays a square.</summary>
    public void Image(Bitmap bitmap, double x, double y, double width, double height)
    {
        using var image = bitmap.ToImage();
        var place = SKRect.Create((float)x, (float)y, (float)width, (float)height);
        Canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Nearest));
    }

    private static SKFont Font(SKTypeface face, double size) =>
        // Where letters stand may not depend on the scale: else a text measured here would not fit there.
        new(face, (float)size)
        {
            Subpixel = true,
            LinearMetrics = true,
            Hinting = SKFontHinting.None,
        };
}
