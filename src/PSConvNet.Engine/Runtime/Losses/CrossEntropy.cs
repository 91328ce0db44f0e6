namespace PSConvNet.Runtime;

/// <summary>
/// Cross-entropy of softmax(logits) with label smoothing: the target is 1 - ε + ε/K for the label and ε/K for the others (Szegedy et al.
/// 2016). Computed in log space, where large logits don't overflow.
/// </summary>
internal sealed class CrossEntropy(double smoothing, double[]? weights = null) : LossFunction(weights)
{
    /// <inheritdoc />
    public override LossShare Compute(
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<int> labels,
        int classes,
        int batchCount,
        Span<float> gradient
    )
    {
        var (sum, correct) = (0.0, 0);
        var spread = smoothing / classes;
        for (var row = 0; row < labels.Length; row++)
        {
            var logits = outputs.Slice(row * classes, classes);
            var label = labels[row];
            var weight = WeightOf(label);
            var best = ArgMax.Of(logits);
            if (best == label)
                correct++;
            double maximum = logits[best];
            var (exponentials, logitSum) = (0.0, 0.0);
            foreach (var logit in logits)
            {
                exponentials += Math.Exp(logit - maximum);
                logitSum += logit;
            }
            var logNormaliser = maximum + Math.Log(exponentials);
            sum += weight * (logNormaliser - (1 - smoothing) * logits[label]);
            if (spread > 0)
                sum -= weight * spread * logitSum;
            if (gradient.IsEmpty)
                continue;
            var target = gradient.Slice(row * classes, classes);
            for (var i = 0; i < classes; i++)
                target[i] = (float)(weight * (Math.Exp(logits[i] - logNormaliser) - spread) / batchCount);
            target[label] -= (float)(weight * (1 - smoothing) / batchCount);
        }
        return new LossShare(sum, correct);
    }
}
