namespace PSConvNet;

/// <summary>
/// Resizes pictures with a triangle filter as wide as the reduction (Pillow's BILINEAR): every source pixel counts, so thin pen
/// strokes of a large photograph don't vanish from a small image.
/// </summary>
internal static class ImageResampler
{
    /// <summary>Resizes height x width x channels, channels innermost.</summary>
    public static float[] Resize(float[] pixels, int height, int width, int channels, int newHeight, int newWidth)
    {
        // Rows first: a row of a large picture then shrinks while it is in cache.
        var narrow = ResizeRows(pixels, height, width, channels, newWidth);
        return ResizeColumns(narrow, height, newWidth * channels, newHeight);
    }

    /// <summary>Gives rows of width x channels another width.</summary>
    public static float[] ResizeRows(float[] pixels, int rows, int width, int channels, int newWidth) =>
        Along(pixels, rows, width, channels, newWidth);

    /// <summary>Gives columns another height; <paramref name="length"/> is a row's width x channels.</summary>
    public static float[] ResizeColumns(float[] pixels, int height, int length, int newHeight) =>
        Along(pixels, 1, height, length, newHeight);

    /// <summary>Resizes the middle dimension of outer x length x inner.</summary>
    private static float[] Along(float[] source, int outer, int length, int inner, int newLength)
    {
        if (length == newLength)
            return source;
        var result = new float[outer * newLength * inner];
        var scale = (double)length / newLength;
        var reach = Math.Max(1, scale);
        for (var to = 0; to < newLength; to++)
        {
            var centre = (to + 0.5) * scale;
            var first = Math.Max(0, (int)Math.Ceiling(centre - reach - 0.5));
            var last = Math.Min(length - 1, (int)Math.Floor(centre + reach - 0.5));
            var weights = new float[last - first + 1];
            for (var i = 0; i < weights.Length; i++)
                weights[i] = (float)Math.Max(0, 1 - Math.Abs(first + i + 0.5 - centre) / reach);
            var total = weights.Sum();
            for (var o = 0; o < outer; o++)
            {
                var target = result.AsSpan((o * newLength + to) * inner, inner);
                for (var i = 0; i < weights.Length; i++)
                {
                    var weight = weights[i] / total;
                    var line = source.AsSpan((o * length + first + i) * inner, inner);
                    for (var k = 0; k < inner; k++)
                        target[k] += weight * line[k];
                }
            }
        }
        return result;
    }
}
