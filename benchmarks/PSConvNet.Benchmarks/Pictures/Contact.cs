using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

internal static class Contact
{
    public static void Write(string dir, string style, int i, string file, byte[] sample)
    {
        Directory.CreateDirectory(dir);
        using var bitmap = new SKBitmap(460, 228);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Gray);
        using var source = SKBitmap.Decode(file);
        var s = Math.Min(224f / source.Width, 224f / source.Height);
        canvas.DrawBitmap(
            source,
            new SKRect(2, 2, 2 + s * source.Width, 2 + s * source.Height),
            new SKSamplingOptions(SKFilterMode.Linear)
        );
        for (var y = 0; y < 28; y++)
        for (var x = 0; x < 28; x++)
        {
            var v = sample[y * 28 + x];
            using var paint = new SKPaint { Color = new SKColor(v, v, v) };
            canvas.DrawRect(232 + 8 * x, 2 + 8 * y, 8, 8, paint);
        }
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 90);
        File.WriteAllBytes(Path.Combine(dir, $"{style.Replace(' ', '_').Replace(',', '_')}-{i}.png"), data.ToArray());
    }
}
