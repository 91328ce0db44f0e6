using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Conversions between fp32 and bfloat16, which is the upper half of an fp32.</summary>
/// <remarks>
/// Rounding is to nearest, ties to even, as in hardware. Fast because both directions are shifts and additions of whole numbers, thirty-two
/// at a time. The plain version is PlainBFloat16 in the tests.
/// </remarks>
internal static class BFloat16
{
    /// <summary>Numbers at a time; the rest is converted one by one.</summary>
    private const int Lanes = 32;

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
        ArgumentOutOfRangeException.ThrowIfNotEqual(to.Length, from.Length);
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        nuint i = 0;
        for (; i + Lanes <= (nuint)from.Length; i += Lanes)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, i));
            (low << 16).AsSingle().StoreUnsafe(ref target, i);
            (high << 16).AsSingle().StoreUnsafe(ref target, i + Lanes / 2);
        }
        for (var rest = (int)i; rest < from.Length; rest++)
            to[rest] = Widen(from[rest]);
    }

    /// <summary>Adds bfloat16 numbers to as many in fp32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(Span<float> sum, ReadOnlySpan<ushort> addend)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sum.Length, addend.Length);
        ref var source = ref MemoryMarshal.GetReference(addend);
        ref var target = ref MemoryMarshal.GetReference(sum);
        nuint i = 0;
        for (; i + Lanes <= (nuint)addend.Length; i += Lanes)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, i));
            (Vector512.LoadUnsafe(ref target, i) + (low << 16).AsSingle()).StoreUnsafe(ref target, i);
            (Vector512.LoadUnsafe(ref target, i + Lanes / 2) + (high << 16).AsSingle()).StoreUnsafe(
                ref target,
                i + Lanes / 2
            );
        }
        for (var rest = (int)i; rest < addend.Length; rest++)
            sum[rest] += Widen(addend[rest]);
    }

    /// <summary>From fp32, rounded; the spans are equally long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(ReadOnlySpan<float> from, Span<ushort> to)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(to.Length, from.Length);
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        nuint i = 0;
        for (; i + Lanes <= (nuint)from.Length; i += Lanes)
        {
            var low = Vector512.LoadUnsafe(ref source, i);
            Round(low, Vector512.LoadUnsafe(ref source, i + Lanes / 2)).StoreUnsafe(ref target, i);
        }
        for (var rest = (int)i; rest < from.Length; rest++)
            to[rest] = Round(from[rest]);
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

    /// <summary>Rounds thirty-two numbers; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Round(Vector512<float> low, Vector512<float> high) =>
        Vector512.Narrow(UpperHalf(low), UpperHalf(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RoundHalf(Vector256<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7fffu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        var isNumber = Vector256.Equals(values, values).AsUInt32();
        return Vector256.ConditionalSelect(isNumber, rounded, Vector256.Create(0x7fc0u));
    }

    /// <summary>Sixteen numbers rounded, each in the lower half of its place; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> UpperHalf(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512.Create(1u))) >> 16;
        var isNumber = Vector512.Equals(values, values).AsUInt32();
        return Vector512.ConditionalSelect(isNumber, rounded, Vector512.Create(0x7fc0u));
    }
}
