namespace PSConvNet.Runtime.Kernels;

/// <summary>y = x Wᵀ + b in fp32 for a batch of vectors, and its gradients. Weights are outputs x inputs, as parameters have them.</summary>
/// <remarks>
/// Fast because no matrix is transposed: outputs are dot products along the inputs, which both matrices have side by side, over parts of the inputs whose vectors
/// stay in the second-level cache while the weights stream past; gradients are products of <see cref="MatrixProduct"/> over panels of inputs that are copied
/// first, as rows of some powers of two compete for the same lines of the first-level cache. libtorch's product (MKL)
/// takes 2.4 times as long on Zen 5, and 1.1 times with AVX2 only. Sums have one order. The plain version is PlainDense in the tests.
/// </remarks>
internal abstract class DenseLoops(int inputs, int outputs)
{
    /// <summary>Outputs at a time in the forward pass.</summary>
    public const int OutputsAtOnce = 4;

    /// <summary>The number of inputs must be a multiple: whole vectors of any width.</summary>
    public const int InputMultiple = 16;

    /// <summary>Inputs per sample.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>Outputs per sample.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>Whether the loops can compute a layer: whole vectors of inputs, and an even number of outputs.</summary>
    public static bool CanCompute(int inputs, int outputs) =>
        inputs % InputMultiple == 0 && outputs >= OutputsAtOnce && outputs % MatrixProduct.RowMultiple == 0;

    /// <summary>The loops for a layer.</summary>
    /// <param name="inputs">A multiple of <see cref="InputMultiple"/>.</param>
    /// <param name="outputs">Even, and at least <see cref="OutputsAtOnce"/>.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    public static DenseLoops Create(int inputs, int outputs, VectorWidth? width = null)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(CanCompute(inputs, outputs), false);
        var best = width ?? VectorWidths.Best;
        VectorWidths.Require(best);
        return best switch
        {
            VectorWidth.Bits512 => new DenseLoops<Wide512>(inputs, outputs),
            VectorWidth.Bits256 => new DenseLoops<Wide256>(inputs, outputs),
            _ => new DenseLoops<Wide128>(inputs, outputs),
        };
    }

    /// <summary>Computes the outputs of any number of samples.</summary>
    /// <param name="x">samples x inputs.</param>
    /// <param name="weights">outputs x inputs.</param>
    /// <param name="bias">A number per output; empty for none.</param>
    /// <param name="y">Receives samples x outputs.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void Forward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> y,
        DenseScratch scratch
    );

    /// <summary>Computes some outputs that follow each other, of one sample.</summary>
    /// <param name="x">Inputs.</param>
    /// <param name="weights">Those outputs x inputs.</param>
    /// <param name="bias">A number for each of them; empty for none.</param>
    /// <param name="y">Receives them.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void ForwardOne(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> bias,
        Span<float> y,
        DenseScratch scratch
    );

    /// <summary>The gradient with respect to the weights.</summary>
    /// <param name="x">samples x inputs.</param>
    /// <param name="gradients">With respect to the outputs: samples x outputs.</param>
    /// <param name="weights">Receives outputs x inputs.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void BackwardWeights(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gradients,
        Span<float> weights,
        DenseScratch scratch
    );

    /// <summary>The gradient with respect to the inputs.</summary>
    /// <param name="gradients">With respect to the outputs: samples x outputs.</param>
    /// <param name="weights">outputs x inputs.</param>
    /// <param name="x">Receives samples x inputs.</param>
    /// <param name="scratch">The worker's memory.</param>
    public abstract void BackwardInputs(
        ReadOnlySpan<float> gradients,
        ReadOnlySpan<float> weights,
        Span<float> x,
        DenseScratch scratch
    );

    /// <summary>The gradient with respect to the biases: the sum over the samples.</summary>
    public void BackwardBias(ReadOnlySpan<float> gradients, Span<float> bias)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, Outputs);
        bias.Clear();
        for (var i = 0; i < gradients.Length; i++)
            bias[i % Outputs] += gradients[i];
    }

    /// <summary>The number of samples; lengths are checked here, since the loops access memory without bounds checks.</summary>
    protected int Check(int x, int y, int weights)
    {
        var count = y / Outputs;
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)y, (long)count * Outputs);
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)x, (long)count * Inputs);
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)weights, (long)Outputs * Inputs);
        return count;
    }
}

/// <summary>One worker's memory for <see cref="DenseLoops"/>.</summary>
internal sealed class DenseScratch : IDisposable
{
    private AlignedFloats? _sums;
    private AlignedFloats? _panel;

    /// <summary>Room for sums that are still vectors.</summary>
    public AlignedFloats Sums(nint length) => Room(ref _sums, length);

    /// <summary>Room for a panel of inputs.</summary>
    public AlignedFloats Panel(nint length) => Room(ref _panel, length);

    /// <inheritdoc />
    public void Dispose()
    {
        _sums?.Dispose();
        _panel?.Dispose();
    }

    private static AlignedFloats Room(ref AlignedFloats? memory, nint length)
    {
        if (memory?.Length >= length)
            return memory;
        memory?.Dispose();
        return memory = new AlignedFloats(length);
    }
}
