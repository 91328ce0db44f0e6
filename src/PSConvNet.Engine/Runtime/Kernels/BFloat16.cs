using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>bfloat16 is the upper half of an fp32. Rounding is to nearest, ties to even, as the hardware does.</summary>
internal static class BFloat16
{
    /// <summary>Rounds one number's bits. Not for NaN.</summary>
    public static ushort Round(uint float32Bits) => (ushort)((float32Bits + 0x7fff + ((float32Bits >> 16) & 1)) >> 16);

    /// <summary>Sixteen numbers, in order, as two vectors of fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Low, Vector256<float> High) Widen(Vector256<ushort> values)
    {
        var (low, high) = Vector256.Widen(values);
        return ((low << 16).AsSingle(), (high << 16).AsSingle());
    }

    /// <summary>To fp32; the spans are equally long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<ushort> from, Span<float> to)
    {
        const int lanes = 16;
        var i = 0;
        for (; i + lanes <= from.Length; i += lanes)
        {
            var (low, high) = Widen(Vector256.Create(from[i..]));
            low.CopyTo(to[i..]);
            high.CopyTo(to[(i + lanes / 2)..]);
        }
        for (; i < from.Length; i++)
            to[i] = Widen(from[i]);
    }

    /// <summary>Adds bfloat16 numbers to as many in fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(Span<float> sum, ReadOnlySpan<ushort> addend)
    {
        const int lanes = 16;
        var i = 0;
        for (; i + lanes <= addend.Length; i += lanes)
        {
            var (low, high) = Widen(Vector256.Create(addend[i..]));
            (Vector256.Create<float>(sum[i..]) + low).CopyTo(sum[i..]);
            (Vector256.Create<float>(sum[(i + lanes / 2)..]) + high).CopyTo(sum[(i + lanes / 2)..]);
        }
        for (; i < addend.Length; i++)
            sum[i] += Widen(addend[i]);
    }

    /// <summary>From fp32, rounded; the spans are equally long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(ReadOnlySpan<float> from, Span<ushort> to)
    {
        const int lanes = 16;
        var i = 0;
        for (; i + lanes <= from.Length; i += lanes)
            Round(Vector256.Create(from[i..]), Vector256.Create(from[(i + lanes / 2)..])).CopyTo(to[i..]);
        for (; i < from.Length; i++)
            to[i] = Round(from[i]);
    }

    /// <summary>Rounds one number; NaN stays NaN.</summary>
    public static ushort Round(float value) =>
        float.IsNaN(value) ? (ushort)0x7fc0 : Round(BitConverter.SingleToUInt32Bits(value));

    /// <summary>To fp32.</summary>
    public static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    /// <summary>Rounds sixteen numbers; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Round(Vector256<float> low, Vector256<float> high) =>
        Vector256.Narrow(RoundHalf(low), RoundHalf(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RoundHalf(Vector256<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7fffu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        var isNumber = Vector256.Equals(values, values).AsUInt32();
        return Vector256.ConditionalSelect(isNumber, rounded, Vector256.Create(0x7fc0u));
    }
}
