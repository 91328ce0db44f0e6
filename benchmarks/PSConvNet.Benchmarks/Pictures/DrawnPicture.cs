using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>A picture that is being made: paper, digits on it, and what a camera adds.</summary>
internal sealed class DrawnPicture : IDisposable
{
    private readonly SKBitmap _bitmap;
    private readonly Random _random;

    public DrawnPicture(int width, int height, SKColor paper, int seed)
    {
        _bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        _bitmap.Erase(paper);
        _random = new Random(seed);
    }

    public int Width => _bitmap.Width;

    public int Height => _bitmap.Height;

    public Random Random => _random;

    public void Dispose() => _bitmap.Dispose();

    /// <summary>Draws.</summary>
    public DrawnPicture Draw(Action<SKCanvas> draw)
    {
        using var surface = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(surface))
        {
            canvas.DrawBitmap(_bitmap, 0, 0, SKSamplingOptions.Default);
            draw(canvas);
        }
        using var pixels = surface.PeekPixels();
        pixels.ReadPixels(_bitmap.Info, _bitmap.GetPixels(), _bitmap.RowBytes);
        return this;
    }

    /// <summary>Writes a digit; the place is that of its whole 28 x 28 square.</summary>
    public DrawnPicture Digit(
        ReadOnlySpan<byte> digit,
        double left,
        double top,
        int side,
        SKColor ink,
        bool isSharp = true,
        double growth = 0,
        float degrees = 0
    )
    {
        using var shape = DigitInk.Enlarge(digit, side, isSharp, growth);
        return Draw(canvas =>
        {
            using var paint = new SKPaint { Color = ink };
            canvas.RotateDegrees(degrees, (float)(left + side / 2.0), (float)(top + side / 2.0));
            using var image = SKImage.FromBitmap(shape);
            canvas.DrawImage(image, (float)left, (float)top, new SKSamplingOptions(SKFilterMode.Linear), paint);
        });
    }

    /// <summary>Changes each pixel's colours.</summary>
    public DrawnPicture Change(Func<double, double, double, double> change)
    {
        var pixels = _bitmap.GetPixelSpan();
        for (var y = 0; y < Height; y++)
        for (var x = 0; x < Width; x++)
        for (var c = 0; c < 3; c++)
        {
            ref var level = ref pixels[4 * (y * Width + x) + c];
            level = (byte)Math.Clamp(change(level, (double)x / Width, (double)y / Height) + 0.5, 0, 255);
        }
        return this;
    }

    /// <summary>Adds noise of a standard deviation.</summary>
    public DrawnPicture Noise(double deviation) =>
        Change(
            (level, _, _) =>
                level
                + deviation
                    * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()))
                    * Math.Cos(2 * Math.PI * _random.NextDouble())
        );

    public DrawnPicture Blur(float sigma) =>
        Draw(canvas =>
        {
            using var copy = _bitmap.Copy();
            using var filter = SKImageFilter.CreateBlur(sigma, sigma, SKShaderTileMode.Clamp, null);
            using var paint = new SKPaint { ImageFilter = filter };
            canvas.Clear(SKColors.Transparent);
            canvas.DrawBitmap(copy, 0, 0, SKSamplingOptions.Default, paint);
        });

    public byte[] Png() => Encode(SKEncodedImageFormat.Png, 100);

    public byte[] Jpeg(int quality = 90) => Encode(SKEncodedImageFormat.Jpeg, quality);

    private byte[] Encode(SKEncodedImageFormat format, int quality)
    {
        using var image = SKImage.FromBitmap(_bitmap);
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>A JPEG that a camera lying on its side made: the rows stored are the upright picture's columns.</summary>
    public byte[] TurnedJpeg(int quality = 90)
    {
        using var turned = new DrawnPicture(Height, Width, SKColors.White, 0);
        turned.Draw(canvas =>
        {
            // Orientation 6: to be turned by 90 degrees clockwise to be seen; stored, it is turned the other way.
            canvas.Translate(0, Width);
            canvas.RotateDegrees(-90);
            canvas.DrawBitmap(_bitmap, 0, 0, SKSamplingOptions.Default);
        });
        var jpeg = turned.Jpeg(quality);
        byte[] exif =
        [
            0xFF,
            0xE1,
            0,
            34,
            .. "Exif\0\0MM\0*"u8,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            6,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
