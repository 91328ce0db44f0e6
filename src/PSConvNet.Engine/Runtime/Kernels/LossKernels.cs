using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>A worker's share of a batch's loss.</summary>
/// <param name="Sum">The sum of the samples' losses.</param>
/// <param name="Correct">How many samples' largest output is the label's.</param>
internal readonly record struct LossShare(double Sum, int Correct);

/// <summary>
/// The end of the network while it trains: outputs and labels in; loss, hits and the gradient of the batch's mean loss out.
/// Ten numbers a sample, so plain loops in fp32 and fp64 beat tensor operators.
/// </summary>
/// <param name="weights">
/// How much a sample counts, by its label: its loss and its gradient are multiplied by it, hits are not. Null for 1.
/// </param>
internal abstract class LossKernel(double[]? weights)
{
    /// <summary>Computes the loss, and overwrites <paramref name="gradient"/> with ∂(mean loss)/∂outputs.</summary>
    /// <param name="outputs">samples x classes.</param>
    /// <param name="labels">samples.</param>
    /// <param name="classes">Outputs a sample.</param>
    /// <param name="batchCount">The number of samples the mean is over: the whole batch's, whatever they weigh.</param>
    /// <param name="gradient">samples x classes; empty where none is wanted.</param>
    public abstract LossShare Compute(
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<int> labels,
        int classes,
        int batchCount,
        Span<float> gradient
    );

    /// <summary>The same on tensors: outputs in any precision, the gradient in theirs.</summary>
    public LossShare Compute(torch.Tensor outputs, ReadOnlySpan<int> labels, int batchCount, out torch.Tensor gradient)
    {
        var values = outputs.to_type(torch.ScalarType.Float32).contiguous();
        var result = torch.empty_like(values);
        var share = Compute(
            MemoryMarshal.Cast<byte, float>(values.bytes),
            labels,
            checked((int)values.shape[1]),
            batchCount,
            MemoryMarshal.Cast<byte, float>(result.bytes)
        );
        gradient = result.to_type(outputs.dtype);
        return share;
    }

    /// <summary>How much a sample of a class counts.</summary>
    protected double WeightOf(int label) => weights is null ? 1 : weights[label];

    /// <summary>The index of the largest value; the first one where several are.</summary>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }
}

/// <summary>
/// Cross-entropy of softmax(logits), computed in log space so that no logit is too large, with label smoothing: the target is
/// 1 - ε + ε/K for the label and ε/K elsewhere (Szegedy et al. 2016).
/// </summary>
internal sealed class CrossEntropyKernel(double smoothing, double[]? weights = null) : LossKernel(weights)
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
            var best = ArgMax(logits);
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

/// <summary>The mean over the classes of (output - target)², the target being 1 for the label and 0 elsewhere.</summary>
internal sealed class MeanSquaredErrorKernel(double[]? weights = null) : LossKernel(weights)
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
            if (ArgMax(values) == labels[row])
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
