using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>ConvLoops</c> and every <c>ImageConv</c> compute: a convolution of one image, as its definition says, in fp64.</summary>
/// <remarks>Images are height x width x channels. Weights are filters x window height x window width x channels of a group.</remarks>
internal static class PlainConv
{
    /// <summary>output[y, x, f] = bias[f] + Σ image[y s + i d - top, x s + j d - left, c] weights[f, i, j, c].</summary>
    public static double[] Forward(
        ReadOnlySpan<float> image,
        Shape input,
        float[] weights,
        float[] bias,
        ConvGeometry geometry,
        Shape output,
        bool relu
    )
    {
        var result = new double[output.Size];
        for (var i = 0; i < result.Length; i++)
            result[i] = bias[i % output[2]];
        foreach (var (from, weight, to) in Products(input, geometry, output))
            result[to] += (double)image[from] * weights[weight];
        if (relu)
        {
            for (var i = 0; i < result.Length; i++)
                result[i] = Math.Max(result[i], 0);
        }
        return result;
    }

    /// <summary>The gradients of weights, bias and image: each product of the forward pass once more, with the output's gradient.</summary>
    public static (double[] Weights, double[] Bias, double[] Image) Backward(
        ReadOnlySpan<float> image,
        Shape input,
        float[] weights,
        ReadOnlySpan<float> gradient,
        ConvGeometry geometry,
        Shape output
    )
    {
        var result = (Weights: new double[weights.Length], Bias: new double[output[2]], Image: new double[input.Size]);
        for (var i = 0; i < output.Size; i++)
            result.Bias[i % output[2]] += gradient[i];
        foreach (var (from, weight, to) in Products(input, geometry, output))
        {
            result.Weights[weight] += (double)gradient[to] * image[from];
            result.Image[from] += (double)gradient[to] * weights[weight];
        }
        return result;
    }

    /// <summary>The indices of each product: in the image, in the weights, and in the output that it is added to.</summary>
    private static IEnumerable<(int Image, int Weight, int Output)> Products(
        Shape input,
        ConvGeometry geometry,
        Shape output
    )
    {
        var (window, stride, dilation, edges, groups) = geometry;
        var (channels, filters) = (input[2] / groups, output[2] / groups);
        for (var y = 0; y < output[0]; y++)
        for (var x = 0; x < output[1]; x++)
        for (var i = 0; i < window.Height; i++)
        for (var j = 0; j < window.Width; j++)
        {
            var row = y * stride.Height + i * dilation.Height - edges.Top;
            var column = x * stride.Width + j * dilation.Width - edges.Left;
            if (row < 0 || row >= input[0] || column < 0 || column >= input[1])
                continue;
            for (var f = 0; f < output[2]; f++)
            for (var c = 0; c < channels; c++)
            {
                var image = (row * input[1] + column) * input[2] + f / filters * channels + c;
                var weight = ((f * window.Height + i) * window.Width + j) * channels + c;
                yield return (image, weight, (y * output[1] + x) * output[2] + f);
            }
        }
    }
}
