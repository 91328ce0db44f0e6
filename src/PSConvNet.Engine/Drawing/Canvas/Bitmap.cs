using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>A raster of colours.</summary>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Rgb">height x width x 3 bytes: red, green, blue.</param>
internal sealed record Bitmap(int Width, int Height, byte[] Rgb)
{
    /// <summary>A sample as it is: height x width, or height x width x 1 (grey) or 3 (colour); of other depths, the first channel.</summary>
    public static Bitmap Of(ReadOnlySpan<byte> pixels, Shape shape)
    {
        var (height, width) = shape.Rank == 1 ? (1, shape[0]) : (shape[0], shape[1]);
        var channels = shape.Rank > 2 ? shape.Size / (height * width) : 1;
        var rgb = new byte[height * width * 3];
        for (var i = 0; i < height * width; i++)
        {
            for (var c = 0; c < 3; c++)
                rgb[i * 3 + c] = pixels[i * channels + (channels == 3 ? c : 0)];
        }
        return new Bitmap(width, height, rgb);
    }

    /// <summary>The colour at a place.</summary>
    public (byte Red, byte Green, byte Blue) this[int x, int y]
    {
        get
        {
            var at = (y * Width + x) * 3;
            return (Rgb[at], Rgb[at + 1], Rgb[at + 2]);
        }
    }

    /// <summary>The same in another size; each new pixel is the mean of what it covers, so thin strokes grow faint and don't vanish.</summary>
    public Bitmap Resize(int width, int height)
    {
        if (width == Width && height == Height)
            return this;
        var levels = Array.ConvertAll(Rgb, level => (float)level);
        var resized = ImageResampler.Resize(levels, Height, Width, 3, height, width);
        return new Bitmap(width, height, Array.ConvertAll(resized, level => (byte)Math.Clamp(level + 0.5f, 0, 255)));
    }

    /// <summary>A PNG file's pixels.</summary>
    public static Bitmap FromPng(byte[] png)
    {
        using var decoded = SKBitmap.Decode(png);
        var rgb = new byte[decoded.Width * decoded.Height * 3];
        for (int y = 0, to = 0; y < decoded.Height; y++)
        for (var x = 0; x < decoded.Width; x++, to += 3)
        {
            var colour = decoded.GetPixel(x, y);
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (colour.Red, colour.Green, colour.Blue);
        }
        return new Bitmap(decoded.Width, decoded.Height, rgb);
    }

    /// <summary>The raster as Skia has it.</summary>
    public SKImage ToImage()
    {
        var rgba = new byte[Width * Height * 4];
        for (int from = 0, to = 0; from < Rgb.Length; from += 3, to += 4)
        {
            Rgb.AsSpan(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = 255;
        }
        var info = new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        return SKImage.FromPixelCopy(info, rgba, Width * 4);
    }
}
