using System.Numerics;

namespace PSConvNet.Data;

/// <summary>Turns and mirrors a picture as EXIF's orientation says, which is how the camera was held.</summary>
internal static class ImageOrientation
{
    /// <summary>Whether the stored rows are the upright picture's columns.</summary>
    public static bool IsTurned(int orientation) => orientation > 4;

    /// <summary>The sample of a picture that is stored in an orientation, levels rounded.</summary>
    /// <param name="stored">The levels as they are stored, 0 to 255.</param>
    /// <param name="orientation">1 to 8.</param>
    /// <param name="height">The height of the upright picture.</param>
    /// <param name="width">Its width.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="invert">Whether light becomes dark.</param>
    public static byte[] Upright(float[] stored, int orientation, int height, int width, int channels, bool invert)
    {
        var sample = new byte[height * width * channels];
        if (orientation is < 2 or > 8 && !invert)
        {
            Round(stored, sample);
            return sample;
        }
        var storedWidth = IsTurned(orientation) ? height : width;
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (row, column) = Stored(orientation, y, x, height, width);
            for (var c = 0; c < channels; c++)
            {
                var level = stored[(row * storedWidth + column) * channels + c];
                sample[(y * width + x) * channels + c] = (byte)
                    Math.Clamp((invert ? 255 - level : level) + 0.5f, 0, 255);
            }
        }
        return sample;
    }

    private static void Round(ReadOnlySpan<float> levels, Span<byte> rounded)
    {
        var i = 0;
        // Four vectors of floats make one of bytes.
        for (; i + Vector<byte>.Count <= rounded.Length; i += Vector<byte>.Count)
            Vector
                .Narrow(
                    Vector.Narrow(Next(levels, i, 0), Next(levels, i, 1)),
                    Vector.Narrow(Next(levels, i, 2), Next(levels, i, 3))
                )
                .CopyTo(rounded[i..]);
        for (; i < rounded.Length; i++)
            rounded[i] = (byte)Math.Clamp(levels[i] + 0.5f, 0, 255);

        static Vector<uint> Next(ReadOnlySpan<float> levels, int from, int quarter)
        {
            var some = new Vector<float>(levels[(from + quarter * Vector<float>.Count)..]) + new Vector<float>(0.5f);
            return Vector.AsVectorUInt32(
                Vector.ConvertToInt32(Vector.Min(Vector.Max(some, Vector<float>.Zero), new Vector<float>(255)))
            );
        }
    }

    /// <summary>Where the upright picture's pixel lies in the stored one; the EXIF orientations 1 to 8.</summary>
    private static (int Row, int Column) Stored(int orientation, int y, int x, int height, int width) =>
        orientation switch
        {
            2 => (y, width - 1 - x),
            3 => (height - 1 - y, width - 1 - x),
            4 => (height - 1 - y, x),
            5 => (x, y),
            6 => (width - 1 - x, y),
            7 => (width - 1 - x, height - 1 - y),
            8 => (x, height - 1 - y),
            _ => (y, x),
        };
}
