namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>CrossEntropy</c> and <c>MeanSquaredError</c> compute, by their definitions, for one sample.</summary>
internal static class PlainLosses
{
    /// <summary>weight x -Σ target log(softmax), and its derivatives weight x (softmax - target).</summary>
    public static (double Loss, double[] Gradient) CrossEntropy(
        float[] logits,
        int label,
        double smoothing,
        double weight
    )
    {
        var total = logits.Sum(logit => Math.Exp(logit));
        var (loss, gradient) = (0.0, new double[logits.Length]);
        for (var i = 0; i < logits.Length; i++)
        {
            var softmax = Math.Exp(logits[i]) / total;
            var target = (i == label ? 1 - smoothing : 0) + smoothing / logits.Length;
            loss -= weight * target * Math.Log(softmax);
            gradient[i] = weight * (softmax - target);
        }
        return (loss, gradient);
    }

    /// <summary>weight x the mean of (output - target)², and its derivatives.</summary>
    public static (double Loss, double[] Gradient) SquaredError(float[] outputs, int label, double weight)
    {
        var (loss, gradient) = (0.0, new double[outputs.Length]);
        for (var i = 0; i < outputs.Length; i++)
        {
            var error = outputs[i] - (i == label ? 1.0 : 0.0);
            loss += weight * error * error / outputs.Length;
            gradient[i] = weight * 2 * error / outputs.Length;
        }
        return (loss, gradient);
    }
}
