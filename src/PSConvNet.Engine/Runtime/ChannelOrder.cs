namespace PSConvNet.Runtime;

/// <summary>
/// Rows of pixels x channels, as images, kernels and what is flattened from an image lie here, and rows of channels x pixels, as PyTorch
/// and ONNX have them.
/// </summary>
internal static class ChannelOrder
{
    /// <summary>Brings the channels to the front of each row.</summary>
    /// <param name="values">rows x <paramref name="pixels"/> x <paramref name="channels"/>.</param>
    /// <param name="pixels">Pixels a row; 1 leaves all as it is.</param>
    /// <param name="channels">Channels a pixel.</param>
    public static float[] ToFirst(ReadOnlySpan<float> values, int pixels, int channels)
    {
        var result = new float[values.Length];
        Transpose(values, result, pixels, channels);
        return result;
    }

    /// <summary>Brings the channels of each row behind the pixels again.</summary>
    /// <param name="values">rows x <paramref name="channels"/> x <paramref name="pixels"/>.</param>
    /// <param name="result">Receives rows x <paramref name="pixels"/> x <paramref name="channels"/>.</param>
    /// <param name="pixels">Pixels a row.</param>
    /// <param name="channels">Channels a pixel.</param>
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
