namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// In training, sets a random share of the values to zero and multiplies the others by 1 / (1 - rate), so that the expectation stays
/// the same (Srivastava et al. 2014). Otherwise does nothing.
/// </summary>
/// <remarks>
/// The mask of a sample follows from seed, step, layer and the sample's position in the batch, whichever worker computes it.
/// libtorch draws its masks one number after another, which takes 10 ms per batch for the tutorial's network; ours take less than 1 ms.
/// </remarks>
internal sealed class DropoutKernel(string name, Shape shape, double rate) : Kernel(name, shape, shape)
{
    private readonly long _salt = Salt(name);

    /// <summary>The share that is dropped.</summary>
    public double Rate { get; } = rate;

    /// <inheritdoc />
    public override string Method => "dropout, own masks";

    /// <summary>The factor of the values that a pass keeps; 1 where nothing is dropped.</summary>
    public float ScaleIn(WorkerPass pass) => pass.Training && Rate > 0 ? MaskOf(0, pass).Scale : 1;

    /// <summary>The mask of the worker's sample number <paramref name="row"/> in this step.</summary>
    public DropoutMask MaskOf(int row, WorkerPass pass) =>
        new(RandomStream.Key((long)pass.RandomKey, _salt, pass.FirstRow + row), Rate);

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        if (!context.Pass.Training || Rate == 0)
        {
            context.Save(null);
            return input;
        }
        var mask = input.EmptyLike();
        var bytes = mask.Memory<byte>();
        var row = bytes.Length / input.Count;
        for (var i = 0; i < input.Count; i++)
            MaskOf(i, context.Pass).Fill(bytes.Slice(i * row, row), input.Type);
        context.Save(new Passed(mask));
        return Masked(input, mask);
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context) =>
        context.TryGetSaved(out Passed? passed) ? Masked(gradient, passed.Mask) : gradient;

    private static Batch Masked(Batch values, Batch mask) => Batch.Of(values.Values.mul(mask.Values), values.Shape);

    private sealed record Passed(Batch Mask);

    private static long Salt(string name)
    {
        // string.GetHashCode differs from process to process; a seed must not.
        var hash = 1469598103934665603UL;
        foreach (var c in name)
            hash = (hash ^ c) * 1099511628211UL;
        return (long)hash;
    }
}
