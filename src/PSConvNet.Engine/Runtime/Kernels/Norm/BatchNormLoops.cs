using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>What batch normalisation makes of a value: (value - mean) x scale + shift, and perhaps ReLU of it. A number per channel each.</summary>
internal readonly record struct Normalisation(float[] Mean, float[] Scale, float[] Shift, bool Relu);

/// <summary>Passes over rows of channels for batch normalisation. Memory is fp32 or bf16 (<c>ushort</c>); the arithmetic is fp32.</summary>
/// <remarks>
/// Fast because neighbouring channels are one vector, whose sums and coefficients stay in registers for some rows, and because ReLU's backward pass
/// is computed again from the inputs instead of being stored. These rows are few, so that memory is read nearly in its order: with 64 channels the
/// processor foresees what comes next and delivers 25 GB/s, but 9 GB/s where 64 rows are read vector by vector. Sums are fp32 within a block and
/// fp64 beyond. The plain version is PlainNorm in the tests.
/// </remarks>
internal abstract class BatchNormLoops(int channels)
{
    /// <summary>Values in a block: few enough to sum a channel's in fp32, and enough that adding the sums in fp64 takes no time.</summary>
    private const int BlockValues = 16384;

    /// <summary>Bytes of the rows that a vector of channels goes through before the next vector does.</summary>
    private const int ChunkBytes = 1024;

    /// <summary>Channels of a row.</summary>
    public int Channels { get; } = channels;

    /// <summary>Rows of a block.</summary>
    protected int BlockRows { get; } = Math.Max(1, BlockValues / channels);

    /// <summary>Rows that a vector of channels goes through before the next vector does.</summary>
    protected int ChunkRows<T>()
        where T : unmanaged => Math.Max(1, ChunkBytes / (Unsafe.SizeOf<T>() * Channels));

    /// <summary>The loops for rows of so many channels.</summary>
    /// <param name="channels">At least 1.</param>
    /// <param name="widest">The vectors' width, unless that is more than there are channels; null for the best one of this processor.</param>
    public static BatchNormLoops Create(int channels, VectorWidth? widest = null)
    {
        var width = widest ?? VectorWidths.Best;
        VectorWidths.Require(width);
        if (width == VectorWidth.Bits512 && channels >= Wide512.Lanes)
            return new BatchNormLoops<Wide512, LongRows>(channels);
        if (width >= VectorWidth.Bits256 && channels >= Wide256.Lanes)
            return new BatchNormLoops<Wide256, LongRows>(channels);
        return channels >= Wide128.Lanes
            ? new BatchNormLoops<Wide128, LongRows>(channels)
            : new BatchNormLoops<Wide128, ShortRows>(channels);
    }

    /// <summary>Adds rows to the moments of their channels.</summary>
    public abstract void AddMoments<T>(ReadOnlySpan<T> rows, ChannelMoments moments)
        where T : unmanaged;

    /// <summary>Normalises rows.</summary>
    public abstract void Normalise<T>(ReadOnlySpan<T> rows, in Normalisation normalisation, Span<T> result)
        where T : unmanaged;

    /// <summary>Adds, for each channel, the sums of gradient and of gradient x (value - mean), after ReLU's backward pass.</summary>
    /// <param name="gradients">With respect to the outputs.</param>
    /// <param name="rows">The inputs.</param>
    /// <param name="normalisation">That of the forward pass.</param>
    /// <param name="sums">Added to.</param>
    /// <param name="along">Added to.</param>
    public abstract void AddGradients<T>(
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<T> rows,
        in Normalisation normalisation,
        double[] sums,
        double[] along
    )
        where T : unmanaged;

    /// <summary>Computes gradient x scale - constant - (value - mean) x slope, after ReLU's backward pass.</summary>
    /// <param name="gradients">With respect to the outputs.</param>
    /// <param name="rows">The inputs.</param>
    /// <param name="normalisation">That of the forward pass.</param>
    /// <param name="constant">A number per channel.</param>
    /// <param name="slope">A number per channel.</param>
    /// <param name="result">Receives the gradients with respect to the inputs.</param>
    public abstract void Backward<T>(
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<T> rows,
        in Normalisation normalisation,
        float[] constant,
        float[] slope,
        Span<T> result
    )
        where T : unmanaged;

    /// <summary>The number of rows; the loops access memory without bounds checks, so lengths are checked here.</summary>
    protected int Check<T>(int length, in Normalisation normalisation, params ReadOnlySpan<int> others)
        where T : unmanaged
    {
        Element.Check<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % Channels, 0);
        foreach (var other in others)
            ArgumentOutOfRangeException.ThrowIfNotEqual(other, length);
        CheckChannels(normalisation.Mean.Length, normalisation.Scale.Length, normalisation.Shift.Length);
        return length / Channels;
    }

    /// <summary>Refuses arrays that don't have a number per channel.</summary>
    protected void CheckChannels(params ReadOnlySpan<int> lengths)
    {
        foreach (var length in lengths)
            ArgumentOutOfRangeException.ThrowIfNotEqual(length, Channels);
    }
}
