namespace PSConvNet.Data;

/// <summary>A picture in colour, as a camera, a scanner or a drawing program gives it.</summary>
public sealed class PixelPicture
{
    private readonly byte[] _pixels;

    /// <summary>Wraps the array without copying; the caller does not change it afterwards.</summary>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels">Red, green, blue and alpha of each pixel, row after row; alpha is not multiplied into the colours.</param>
    public PixelPicture(int width, int height, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.LongLength, 4L * width * height);
        (Width, Height, _pixels) = (width, height, pixels);
        (OriginalWidth, OriginalHeight) = (width, height);
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue and alpha of each pixel, row after row.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The width of the picture that this one was reduced from, in its own pixels; the same where nothing was reduced.</summary>
    public int OriginalWidth { get; init; }

    /// <summary>The height of the picture that this one was reduced from.</summary>
    public int OriginalHeight { get; init; }

    /// <summary>Makes an opaque picture of grey levels.</summary>
    public static PixelPicture Grey(int width, int height, ReadOnlySpan<byte> levels)
    {
        var pixels = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            pixels.AsSpan(4 * i, 3).Fill(levels[i]);
            pixels[4 * i + 3] = 255;
        }
        return new PixelPicture(width, height, pixels);
    }
}
