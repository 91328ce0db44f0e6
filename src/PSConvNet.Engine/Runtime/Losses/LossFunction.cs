namespace PSConvNet.Runtime;

/// <summary>A worker's share of a batch's loss.</summary>
/// <param name="Sum">The sum of the samples' losses.</param>
/// <param name="Correct">The number of samples whose largest output is that of their label.</param>
internal readonly record struct LossShare(double Sum, int Correct);

/// <summary>
/// What a training minimises. Takes outputs and labels, and computes the loss, the hits, and the gradient of the batch's mean loss with
/// respect to the outputs.
/// </summary>
/// <remarks>
/// Fast because a sample has ten numbers or so: one loop over plain arrays takes less time than calling a tensor operator. The plain version is
/// PlainLosses in the tests.
/// </remarks>
/// <param name="weights">
/// A weight for each label, by which a sample's loss and gradient are multiplied; hits are not. Null for 1.
/// </param>
internal abstract class LossFunction(double[]? weights)
{
    /// <summary>Computes the loss, and overwrites <paramref name="gradient"/> with ∂(mean loss)/∂outputs.</summary>
    /// <param name="outputs">samples x classes.</param>
    /// <param name="labels">samples.</param>
    /// <param name="classes">Outputs per sample.</param>
    /// <param name="batchCount">The number of samples that the mean is over: that of the whole batch, whatever their weights.</param>
    /// <param name="gradient">samples x classes; empty if no gradient is wanted.</param>
    public abstract LossShare Compute(
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<int> labels,
        int classes,
        int batchCount,
        Span<float> gradient
    );

    /// <summary>The same on a batch: outputs in any precision, and the gradient in the same.</summary>
    public LossShare Compute(Batch outputs, ReadOnlySpan<int> labels, int batchCount, out Batch gradient)
    {
        var values = new float[outputs.Count * outputs.Shape.Size];
        var result = new float[values.Length];
        outputs.Numbers.Read(0, values);
        var share = Compute(values, labels, outputs.Shape.Size, batchCount, result);
        gradient = outputs.EmptyLike();
        gradient.Numbers.Write(0, result);
        return share;
    }

    /// <summary>The weight of a sample with this label.</summary>
    protected double WeightOf(int label) => weights is null ? 1 : weights[label];
}
