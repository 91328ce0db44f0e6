namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>ConvLoops</c> and <c>WinogradConv</c> compute: a convolution of one image without padding, as its definition says, in fp64.</summary>
/// <remarks>Images are height x width x channels. Weights are filters x window height x window width x channels.</remarks>
internal static class PlainConv
{
    /// <summary>output[y, x, f] = bias[f] + Σ image[y s + i, x s + j, c] weights[f, i, j, c].</summary>
    public static double[] Forward(
        float[] image,
        Shape input,
        float[] weights,
        float[] bias,
        Window window,
        Window stride,
        Shape output,
        bool relu
    )
    {
        var result = new double[output.Size];
        for (var y = 0; y < output[0]; y++)
        for (var x = 0; x < output[1]; x++)
        for (var f = 0; f < output[2]; f++)
        {
            double sum = bias[f];
            for (var i = 0; i < window.Height; i++)
            for (var j = 0; j < window.Width; j++)
            for (var c = 0; c < input[2]; c++)
            {
                var pixel = image[At(input, y * stride.Height + i, x * stride.Width + j, c)];
                sum += (double)pixel * weights[((f * window.Height + i) * window.Width + j) * input[2] + c];
            }
            result[At(output, y, x, f)] = relu ? Math.Max(sum, 0) : sum;
        }
        return result;
    }

    /// <summary>The gradients of weights and bias: each product of the forward pass once more, with the output's gradient.</summary>
    public static (double[] Weights, double[] Bias) Backward(
        float[] image,
        Shape input,
        float[] gradient,
        Window window,
        Window stride,
        Shape output
    )
    {
        var weights = new double[output[2] * window.Height * window.Width * input[2]];
        var bias = new double[output[2]];
        for (var y = 0; y < output[0]; y++)
        for (var x = 0; x < output[1]; x++)
        for (var f = 0; f < output[2]; f++)
        {
            double g = gradient[At(output, y, x, f)];
            bias[f] += g;
            for (var i = 0; i < window.Height; i++)
            for (var j = 0; j < window.Width; j++)
            for (var c = 0; c < input[2]; c++)
            {
                var pixel = image[At(input, y * stride.Height + i, x * stride.Width + j, c)];
                weights[((f * window.Height + i) * window.Width + j) * input[2] + c] += g * pixel;
            }
        }
        return (weights, bias);
    }

    /// <summary>The gradient of the image.</summary>
    public static double[] BackwardImage(
        float[] weights,
        Shape input,
        float[] gradient,
        Window window,
        Window stride,
        Shape output
    )
    {
        var image = new double[input.Size];
        for (var y = 0; y < output[0]; y++)
        for (var x = 0; x < output[1]; x++)
        for (var f = 0; f < output[2]; f++)
        {
            double g = gradient[At(output, y, x, f)];
            for (var i = 0; i < window.Height; i++)
            for (var j = 0; j < window.Width; j++)
            for (var c = 0; c < input[2]; c++)
            {
                var weight = weights[((f * window.Height + i) * window.Width + j) * input[2] + c];
                image[At(input, y * stride.Height + i, x * stride.Width + j, c)] += g * weight;
            }
        }
        return image;
    }

    private static int At(Shape shape, int y, int x, int channel) => (y * shape[1] + x) * shape[2] + channel;
}
