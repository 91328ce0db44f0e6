using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The product of a matrix and one vector in bf16, summed in fp32: a dense layer on a single image.</summary>
/// <remarks>
/// Fast because each row is read once, in order, thirty-two values at a time, and because bf16 becomes fp32 by a shift or a mask; libtorch's
/// product, which is made for matrices, takes twice as long. The plain version is PlainDense in the tests.
/// </remarks>
internal static class VectorLoops
{
    private const int Lanes = 32;

    /// <summary>result = matrix x vector + bias, rounded once.</summary>
    /// <param name="matrix">rows x columns.</param>
    /// <param name="vector">columns.</param>
    /// <param name="bias">rows; empty for none.</param>
    /// <param name="result">rows.</param>
    public static void Multiply(
        ReadOnlySpan<ushort> matrix,
        ReadOnlySpan<ushort> vector,
        ReadOnlySpan<ushort> bias,
        Span<ushort> result
    )
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Length, result.Length * vector.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.IsEmpty || bias.Length == result.Length, true);
        for (var row = 0; row < result.Length; row++)
        {
            var sum = Dot(matrix.Slice(row * vector.Length, vector.Length), vector);
            if (!bias.IsEmpty)
                sum += BFloat16.Widen(bias[row]);
            result[row] = BFloat16.Round(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        // The bits of a bf16 are the upper half of an fp32. Of two in a 32-bit lane, a mask gives the upper and a shift the lower.
        var upper = Vector512.Create(0xffff0000u);
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var i = 0;
        for (; i + Lanes <= a.Length; i += Lanes)
        {
            var x = Vector512.LoadUnsafe(ref first, (nuint)i).AsUInt32();
            var y = Vector512.LoadUnsafe(ref second, (nuint)i).AsUInt32();
            even += (x << 16).AsSingle() * (y << 16).AsSingle();
            odd += (x & upper).AsSingle() * (y & upper).AsSingle();
        }
        var sum = Vector512.Sum(even + odd);
        for (; i < a.Length; i++)
            sum += BFloat16.Widen(a[i]) * BFloat16.Widen(b[i]);
        return sum;
    }
}
