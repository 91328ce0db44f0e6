using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>A digit of 28 x 28 pixels as ink of any size: how much of each pixel it covers.</summary>
internal static class DigitInk
{
    /// <summary>Enlarges a digit.</summary>
    /// <param name="digit">28 x 28 levels, light on dark.</param>
    /// <param name="side">The side of the whole 28 x 28 square, in pixels.</param>
    /// <param name="isSharp">Whether edges are a pixel wide, as a pen's, and not as soft as the enlarged pixels.</param>
    /// <param name="growth">By how much strokes are widened on either side, in pixels of the digit; negative makes them narrower.</param>
    public static SKBitmap Enlarge(ReadOnlySpan<byte> digit, int side, bool isSharp = true, double growth = 0)
    {
        using var small = new SKBitmap(new SKImageInfo(28, 28, SKColorType.Alpha8, SKAlphaType.Premul));
        digit.CopyTo(small.GetPixelSpan());
        var large = new SKBitmap(new SKImageInfo(side, side, SKColorType.Alpha8, SKAlphaType.Premul));
        using (var image = SKImage.FromBitmap(small))
            image.ScalePixels(large.PeekPixels(), new SKSamplingOptions(SKCubicResampler.Mitchell));
        var levels = large.GetPixelSpan();
        var pixel = side / 28.0;
        if (isSharp)
        {
            // The slope of an enlarged edge is 255 a pixel of the digit.
            for (var i = 0; i < levels.Length; i++)
                levels[i] = (byte)Math.Clamp(127.5 + (levels[i] - 110) * Math.Max(1, pixel), 0, 255);
        }
        if (growth == 0)
            return large;
        var radius = (float)Math.Abs(growth * pixel);
        var changed = new SKBitmap(large.Info);
        using var canvas = new SKCanvas(changed);
        using var filter =
            growth > 0 ? SKImageFilter.CreateDilate(radius, radius) : SKImageFilter.CreateErode(radius, radius);
        using var paint = new SKPaint { ImageFilter = filter };
        canvas.Clear(SKColors.Transparent);
        canvas.DrawBitmap(large, 0, 0, SKSamplingOptions.Default, paint);
        large.Dispose();
        return changed;
    }

    /// <summary>The box around a digit's ink.</summary>
    public static SKRectI Box(ReadOnlySpan<byte> digit, int level = 0)
    {
        var box = new SKRectI(28, 28, 0, 0);
        for (var i = 0; i < digit.Length; i++)
        {
            if (digit[i] <= level)
                continue;
            var (x, y) = (i % 28, i / 28);
            box = new SKRectI(
                Math.Min(box.Left, x),
                Math.Min(box.Top, y),
                Math.Max(box.Right, x + 1),
                Math.Max(box.Bottom, y + 1)
            );
        }
        return box;
    }
}
