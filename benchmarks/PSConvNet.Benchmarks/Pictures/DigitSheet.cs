using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>Several digits on a sheet, line after line.</summary>
internal static class DigitSheet
{
    /// <summary>Writes digits on a sheet of 1200 x 900 pixels, as a photograph.</summary>
    /// <param name="lines">Digits of 28 x 28 pixels, line by line.</param>
    /// <param name="seed">The same seed makes the same file.</param>
    /// <param name="isRuled">Whether the paper is ruled.</param>
    /// <param name="gap">The gap between two digits' boxes, as a share of their height; below 0 they touch.</param>
    public static byte[] Make(byte[][][] lines, int seed, bool isRuled = false, double gap = 0.25)
    {
        using var picture = new DrawnPicture(1200, 900, new SKColor(244, 242, 236), seed);
        if (isRuled)
            picture.Draw(canvas =>
            {
                using var paint = new SKPaint { Color = new SKColor(150, 180, 225), StrokeWidth = 2.5f };
                for (var y = 60; y < 900; y += 75)
                    canvas.DrawLine(0, y, 1200, y, paint);
            });
        const int side = 170;
        const double pixel = side / 28.0;
        for (var i = 0; i < lines.Length; i++)
        {
            var left = 90.0 + picture.Random.Next(80);
            foreach (var digit in lines[i])
            {
                var box = DigitInk.Box(digit, 60);
                var top = 120 + 240 * i + picture.Random.Next(-14, 15);
                picture.Digit(digit, left - box.Left * pixel, top, side, new SKColor(30, 35, 80));
                left += (box.Width + gap * 20) * pixel;
            }
        }
        return picture.Change((level, x, _) => level * (1 - 0.35 * x)).Noise(3).Jpeg(85);
    }
}
