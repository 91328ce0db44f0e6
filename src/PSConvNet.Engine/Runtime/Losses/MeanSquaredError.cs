namespace PSConvNet.Runtime;

/// <summary>The mean of (output - target)² over the classes, where the target is 1 for the label and 0 for the others.</summary>
internal sealed class MeanSquaredError(double[]? weights = null) : LossFunction(weights)
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
        for (var row = 0; row < labels.Length; row++)
        {
            var values = outputs.Slice(row * classes, classes);
            if (ArgMax.Of(values) == labels[row])
                correct++;
            var weight = WeightOf(labels[row]);
            for (var i = 0; i < classes; i++)
            {
                var error = values[i] - (i == labels[row] ? 1.0 : 0.0);
                sum += weight * error * error / classes;
                if (!gradient.IsEmpty)
                    gradient[row * classes + i] = (float)(2 * weight * error / classes / batchCount);
            }
        }
        return new LossShare(sum, correct);
    }
}
