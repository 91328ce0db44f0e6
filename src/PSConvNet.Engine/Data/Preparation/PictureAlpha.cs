namespace PSConvNet.Data;

/// <summary>
/// What transparency means: the shape of the ink, as a drawing program saves a digit on nothing, or that there is no paper here, as round a
/// sheet that was cut out.
/// </summary>
internal static class PictureAlpha
{
    /// <summary>From here on a pixel counts as covered.</summary>
    private const int Covered = 128;

    /// <summary>Of the covered pixels' levels, the lowest and highest two in a hundred don't count.</summary>
    private const double Outliers = 0.02;

    /// <summary>Covered pixels whose levels differ by less are all of one ink.</summary>
    private const int OneColour = 64;

    /// <summary>A sheet covers at least this share of the box around what is covered; strokes of several colours cover less.</summary>
    private const double SheetFill = 0.5;

    /// <summary>The picture without transparency.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="isInk">Whether the transparency was the ink's shape; the result is dark ink on white paper then.</param>
    public static PixelPicture Flatten(PixelPicture picture, out bool isInk)
    {
        var pixels = picture.Pixels.Span;
        isInk = false;
        if (IsOpaque(pixels))
            return picture;
        var (clear, covered) = (0, 0);
        var (left, top, right, bottom) = (picture.Width, picture.Height, 0, 0);
        var counts = new int[3][];
        for (var c = 0; c < 3; c++)
            counts[c] = new int[256];
        for (var i = 0; i < picture.Width * picture.Height; i++)
        {
            var alpha = pixels[4 * i + 3];
            if (alpha < Covered)
            {
                clear++;
                continue;
            }
            covered++;
            var (x, y) = (i % picture.Width, i / picture.Width);
            (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y + 1));
            for (var c = 0; c < 3; c++)
                counts[c][pixels[4 * i + c]]++;
        }
        var spread = 0;
        for (var c = 0; c < 3; c++)
            spread = Math.Max(
                spread,
                Plane.Percentile(counts[c], 1 - Outliers) - Plane.Percentile(counts[c], Outliers)
            );
        isInk =
            covered == 0
            || (clear > 0 && (spread < OneColour || covered < SheetFill * (right - left) * (bottom - top)));
        var flat = new byte[pixels.Length];
        Span<int> paper = stackalloc int[3];
        for (var c = 0; c < 3; c++)
            paper[c] = covered == 0 ? 255 : Plane.Percentile(counts[c], 0.5);
        for (var i = 0; i < flat.Length; i += 4)
        {
            int alpha = pixels[i + 3];
            for (var c = 0; c < 3; c++)
                flat[i + c] = isInk
                    ? (byte)(255 - alpha)
                    : (byte)((pixels[i + c] * alpha + paper[c] * (255 - alpha) + 127) / 255);
            flat[i + 3] = 255;
        }
        return new PixelPicture(picture.Width, picture.Height, flat)
        {
            OriginalWidth = picture.OriginalWidth,
            OriginalHeight = picture.OriginalHeight,
        };
    }

    private static bool IsOpaque(ReadOnlySpan<byte> pixels)
    {
        for (var i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] != 255)
                return false;
        }
        return true;
    }
}
