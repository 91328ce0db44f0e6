namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>
/// What <c>BatchNormKernel</c> computes in training, from the formulas of Ioffe and Szegedy (2015), and each pass of <c>BatchNormLoops</c> and <c>ReluLoops</c>. Values are
/// rows x channels.
/// </summary>
internal static class PlainNorm
{
    /// <summary>y = (x - mean) / √(variance + ε) γ + β, with mean and population variance of each channel over the rows.</summary>
    public static double[] Forward(float[] x, float[] gamma, float[] beta, double epsilon, bool relu)
    {
        var channels = gamma.Length;
        var (mean, variance) = Statistics(x, channels);
        var y = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var c = i % channels;
            y[i] = (x[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon) * gamma[c] + beta[c];
            if (relu)
                y[i] = Math.Max(y[i], 0);
        }
        return y;
    }

    /// <summary>The gradients with respect to x, γ and β, step by step through the formulas of the paper.</summary>
    public static (double[] X, double[] Gamma, double[] Beta) Backward(
        float[] x,
        float[] gradient,
        float[] gamma,
        float[] beta,
        double epsilon,
        bool relu
    )
    {
        var channels = gamma.Length;
        var rows = x.Length / channels;
        var (mean, variance) = Statistics(x, channels);
        var y = Forward(x, gamma, beta, epsilon, relu: false);
        var (dx, dGamma, dBeta) = (new double[x.Length], new double[channels], new double[channels]);
        for (var c = 0; c < channels; c++)
        {
            var deviation = Math.Sqrt(variance[c] + epsilon);
            var (dVariance, dMean) = (0.0, 0.0);
            for (var row = 0; row < rows; row++)
            {
                var i = row * channels + c;
                var g = relu && y[i] <= 0 ? 0 : gradient[i];
                dGamma[c] += g * (x[i] - mean[c]) / deviation;
                dBeta[c] += g;
                dVariance += g * gamma[c] * (x[i] - mean[c]) * -0.5 / Math.Pow(deviation, 3);
                dMean -= g * gamma[c] / deviation;
            }
            for (var row = 0; row < rows; row++)
            {
                var i = row * channels + c;
                var g = relu && y[i] <= 0 ? 0 : gradient[i];
                dx[i] = g * gamma[c] / deviation + dVariance * 2 * (x[i] - mean[c]) / rows + dMean / rows;
            }
        }
        return (dx, dGamma, dBeta);
    }

    /// <summary>Σ a b over the rows, for each channel.</summary>
    public static double[] SumProducts(double[] a, double[] b, int channels)
    {
        var sums = new double[channels];
        for (var i = 0; i < a.Length; i++)
            sums[i % channels] += a[i] * b[i];
        return sums;
    }

    /// <summary>value - mean, with the mean of the value's channel.</summary>
    public static double[] Centred(float[] values, float[] mean)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            result[i] = (double)values[i] - mean[i % mean.Length];
        return result;
    }

    /// <summary>ReLU's backward pass: outputs at or below 0 get no gradient.</summary>
    public static float[] ReluBackward(float[] gradient, float[] output)
    {
        var result = new float[gradient.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = output[i] <= 0 ? 0 : gradient[i];
        return result;
    }

    private static (double[] Mean, double[] Variance) Statistics(float[] x, int channels)
    {
        var rows = x.Length / channels;
        var (mean, variance) = (new double[channels], new double[channels]);
        for (var i = 0; i < x.Length; i++)
            mean[i % channels] += (double)x[i] / rows;
        for (var i = 0; i < x.Length; i++)
            variance[i % channels] += Math.Pow(x[i] - mean[i % channels], 2) / rows;
        return (mean, variance);
    }
}
