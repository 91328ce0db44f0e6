namespace PSConvNet.Runtime;

/// <summary>
/// Converts rows between pixels x channels, the order of images, kernels and flattened images here, and channels x pixels, the order of
/// PyTorch and ONNX.
/// </summary>
internal static class ChannelOrder
{
    /// <summary>From pixels x channels to channels x pixels.</summary>
    /// <param name="values">rows x <paramref name="pixels"/> x <paramref name="channels"/>.</param>
    /// <param name="pixels">Pixels per row; 1 changes nothing.</param>
    /// <param name="channels">Channels per pixel.</param>
    public static float[] ToFirst(ReadOnlySpan<float> values, int pixels, int channels)
    {
        var result = new float[values.Length];
        Transpose(values, result, pixels, channels);
        return result;
    }

    /// <summary>From channels x pixels to pixels x channels.</summary>
    /// <param name="values">rows x <paramref name="channels"/> x <paramref name="pixels"/>.</param>
    /// <param name="result">Receives rows x <paramref name="pixels"/> x <paramref name="channels"/>.</param>
    /// <param name="pixels">Pixels per row.</param>
    /// <param name="channels">Channels per pixel.</param>
    public static void ToLast(ReadOnlySpan<float> values, Span<float> result, int pixels, int channels) =>
        Transpose(values, result, channels, pixels);

    /// <summary>rows x height x width to rows x width x height.</summary>
    private static void Transpose(ReadOnlySpan<float> from, Span<float> to, int height, int width)
    {
        for (var start = 0; start < from.Length; start += height * width)
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            to[start + x * height + y] = from[start + y * width + x];
    }
}
