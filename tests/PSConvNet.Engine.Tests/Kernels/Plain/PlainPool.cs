namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>
/// What <c>PoolLoops</c> and <c>BFloat16PoolLoops</c> compute: max pooling over windows that don't overlap, then ReLU, then dropout, one layer
/// after another, on one image of height x width x channels.
/// </summary>
internal static class PlainPool
{
    /// <summary>The origin of an output that no gradient goes back from.</summary>
    public const byte Nowhere = 255;

    /// <summary>The outputs, and for each the position in its window of the pixel that it came from.</summary>
    /// <param name="image">The image.</param>
    /// <param name="input">Its shape.</param>
    /// <param name="window">The window, which is also the stride.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="kept">Which outputs dropout keeps.</param>
    /// <param name="scale">The factor for kept outputs.</param>
    public static (double[] Output, byte[] Origins) Forward(
        float[] image,
        Shape input,
        Window window,
        bool relu,
        bool[] kept,
        float scale
    )
    {
        var output = OutputOf(input, window);
        var (values, origins) = (new double[output.Size], new byte[output.Size]);
        for (var y = 0; y < output[0]; y++)
        for (var x = 0; x < output[1]; x++)
        for (var c = 0; c < output[2]; c++)
        {
            var (best, origin) = (double.NegativeInfinity, 0);
            for (var i = 0; i < window.Height; i++)
            for (var j = 0; j < window.Width; j++)
            {
                var pixel = image[At(input, y * window.Height + i, x * window.Width + j, c)];
                if (pixel > best)
                    (best, origin) = (pixel, i * window.Width + j);
            }
            var at = At(output, y, x, c);
            var passes = kept[at] && !(relu && best <= 0);
            values[at] = passes ? best * scale : 0;
            origins[at] = passes ? (byte)origin : Nowhere;
        }
        return (values, origins);
    }

    /// <summary>The gradient of an output goes to the pixel that the output came from; all others get 0.</summary>
    public static double[] Backward(float[] gradient, byte[] origins, Shape input, Window window, float scale)
    {
        var output = OutputOf(input, window);
        var result = new double[input.Size];
        for (var y = 0; y < output[0]; y++)
        for (var x = 0; x < output[1]; x++)
        for (var c = 0; c < output[2]; c++)
        {
            var at = At(output, y, x, c);
            if (origins[at] == Nowhere)
                continue;
            var (i, j) = (origins[at] / window.Width, origins[at] % window.Width);
            result[At(input, y * window.Height + i, x * window.Width + j, c)] = (double)gradient[at] * scale;
        }
        return result;
    }

    /// <summary>The shape of the outputs. Rows and columns that fill no window are left out.</summary>
    public static Shape OutputOf(Shape input, Window window) =>
        new(input[0] / window.Height, input[1] / window.Width, input[2]);

    private static int At(Shape shape, int y, int x, int channel) => (y * shape[1] + x) * shape[2] + channel;
}
