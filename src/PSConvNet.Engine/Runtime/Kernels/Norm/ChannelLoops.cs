using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Passes over rows of channels, in fp32, for batch normalisation: sums over the rows for each channel, a linear function of each value
/// with coefficients per channel, and ReLU's backward pass.
/// </summary>
/// <remarks>
/// Fast because sixteen neighbouring channels are one vector, so that a channel's sum stays in a register and its coefficients are loaded as
/// they are, and two rows at a time give two sums that needn't wait for each other; the last channels of a number that isn't a multiple of sixteen are done one by one. The plain version is PlainNorm in the tests.
/// </remarks>
internal static class ChannelLoops
{
    private const int Lanes = 16;

    /// <summary>Adds each channel's sum over the rows to <paramref name="sums"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(ReadOnlySpan<float> rows, Span<float> sums)
    {
        var channels = Check(rows, sums.Length);
        var c = 0;
        for (; c + Lanes <= channels; c += Lanes)
        {
            var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var at = c;
            for (; at + channels < rows.Length; at += 2 * channels)
            {
                even += Load(rows, at);
                odd += Load(rows, at + channels);
            }
            if (at < rows.Length)
                even += Load(rows, at);
            Store(Load(sums, c) + even + odd, sums, c);
        }
        for (; c < channels; c++)
        {
            for (var at = c; at < rows.Length; at += channels)
                sums[c] += rows[at];
        }
    }

    /// <summary>Adds, for each channel, Σ (value - mean)².</summary>
    public static void SumSquares(ReadOnlySpan<float> rows, ReadOnlySpan<float> mean, Span<float> sums) =>
        SumProducts(rows, rows, mean, mean, sums);

    /// <summary>Adds, for each channel, Σ gradient x (value - mean).</summary>
    public static void SumAlong(
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<float> rows,
        ReadOnlySpan<float> mean,
        Span<float> sums
    ) => SumProducts(gradient, rows, [], mean, sums);

    /// <summary>(value - mean) x scale + shift, with or without ReLU.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalise(
        ReadOnlySpan<float> rows,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> shift,
        bool relu,
        Span<float> result
    )
    {
        var channels = Check(rows, mean.Length);
        RequireLengths(rows.Length, result.Length);
        RequireLengths(channels, scale.Length, shift.Length);
        for (var row = 0; row < rows.Length; row += channels)
        {
            var c = 0;
            for (; c + Lanes <= channels; c += Lanes)
            {
                var distance = Load(rows, row + c) - Load(mean, c);
                var value = distance * Load(scale, c) + Load(shift, c);
                if (relu)
                    value = Vector512.AndNot(value, Vector512.LessThanOrEqual(value, Vector512<float>.Zero));
                Store(value, result, row + c);
            }
            for (; c < channels; c++)
            {
                var value = (rows[row + c] - mean[c]) * scale[c] + shift[c];
                result[row + c] = relu && value <= 0 ? 0 : value;
            }
        }
    }

    /// <summary>Replaces the gradient by gradient x scale - constant - (value - mean) x slope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        Span<float> gradient,
        ReadOnlySpan<float> rows,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> constant,
        ReadOnlySpan<float> slope
    )
    {
        var channels = Check(rows, mean.Length);
        RequireLengths(rows.Length, gradient.Length);
        RequireLengths(channels, scale.Length, constant.Length, slope.Length);
        for (var row = 0; row < gradient.Length; row += channels)
        {
            var c = 0;
            for (; c + Lanes <= channels; c += Lanes)
            {
                var g = Load(gradient, row + c) * Load(scale, c);
                var distance = Load(rows, row + c) - Load(mean, c);
                Store(g - Load(constant, c) - distance * Load(slope, c), gradient, row + c);
            }
            for (; c < channels; c++)
            {
                gradient[row + c] = gradient[row + c] * scale[c] - constant[c] - (rows[row + c] - mean[c]) * slope[c];
            }
        }
    }

    /// <summary>ReLU's backward pass, in place: outputs at or below 0 get no gradient. A NaN passes it on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReluBackward(Span<float> gradient, ReadOnlySpan<float> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, gradient.Length);
        var i = 0;
        for (; i + Lanes <= gradient.Length; i += Lanes)
        {
            var dead = Vector512.LessThanOrEqual(Load(output, i), Vector512<float>.Zero);
            Store(Vector512.AndNot(Load(gradient, i), dead), gradient, i);
        }
        for (; i < gradient.Length; i++)
        {
            if (output[i] <= 0)
                gradient[i] = 0;
        }
    }

    /// <summary>Adds, for each channel, Σ (a - meanA) (b - meanB); an empty mean is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumProducts(
        ReadOnlySpan<float> a,
        ReadOnlySpan<float> b,
        ReadOnlySpan<float> meanA,
        ReadOnlySpan<float> meanB,
        Span<float> sums
    )
    {
        var channels = Check(a, sums.Length);
        RequireLengths(a.Length, b.Length);
        RequireLengths(channels, meanA.IsEmpty ? channels : meanA.Length, meanB.Length);
        var c = 0;
        for (; c + Lanes <= channels; c += Lanes)
        {
            var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var ma = meanA.IsEmpty ? Vector512<float>.Zero : Load(meanA, c);
            var mb = Load(meanB, c);
            var at = c;
            for (; at + channels < a.Length; at += 2 * channels)
            {
                var next = at + channels;
                even += (Load(a, at) - ma) * (Load(b, at) - mb);
                odd += (Load(a, next) - ma) * (Load(b, next) - mb);
            }
            if (at < a.Length)
                even += (Load(a, at) - ma) * (Load(b, at) - mb);
            Store(Load(sums, c) + even + odd, sums, c);
        }
        for (; c < channels; c++)
        {
            var ma = meanA.IsEmpty ? 0 : meanA[c];
            for (var at = c; at < a.Length; at += channels)
                sums[c] += (a[at] - ma) * (b[at] - meanB[c]);
        }
    }

    /// <summary>The vectors are loaded without bounds checks, so lengths are checked here and in <see cref="RequireLengths"/>.</summary>
    private static int Check(ReadOnlySpan<float> rows, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length % channels, 0);
        return channels;
    }

    private static void RequireLengths(int expected, params ReadOnlySpan<int> lengths)
    {
        foreach (var length in lengths)
            ArgumentOutOfRangeException.ThrowIfNotEqual(length, expected);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> vector, Span<float> target, int at) =>
        vector.StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)at);
}
