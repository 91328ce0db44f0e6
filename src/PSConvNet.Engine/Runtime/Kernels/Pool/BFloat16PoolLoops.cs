using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// <see cref="PoolLoops"/> in bfloat16. Fast because bfloat16 numbers are compared as 16-bit whole numbers, without widening them to fp32:
/// thirty-two channels at a time where their number is a multiple of it, otherwise sixteen. The plain version is PlainPool in the tests.
/// </summary>
internal readonly struct BFloat16PoolLoops : IPoolLoops<ushort>
{
    private const int Lanes = PoolLoops.Lanes;
    private const ushort Magnitude = 0x7fff;
    private const short Infinity = 0x7f80;

    /// <inheritdoc />
    public static void Forward(
        ReadOnlySpan<ushort> input,
        Span<ushort> output,
        Span<byte> which,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        bool relu,
        ReadOnlySpan<ushort> keep,
        float scale
    )
    {
        geometry.Check(input.Length, output.Length, which.IsEmpty ? output.Length : which.Length);
        if (!keep.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(keep.Length, geometry.OutputSize);
        // With ReLU the maximum starts at 0, so values at or below 0 get no gradient. Without it, it starts below every number.
        var least = relu ? (short)0 : short.MinValue;
        if (geometry.Channels % (2 * Lanes) == 0)
            Wide(input, output, which, geometry, offsets, least, keep);
        else
            Narrow(input, output, which, geometry, offsets, least, keep);
        // In a pass of its own: within the loops above the JIT no longer inlines the conversions, which made them five times as slow.
        if (scale != 1)
            MultiplyAll(output, scale);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        ReadOnlySpan<ushort> gradient,
        ReadOnlySpan<byte> which,
        Span<ushort> result,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        float scale
    )
    {
        geometry.Check(result.Length, gradient.Length, which.Length);
        if (geometry.LeavesRest)
            result.Clear();
        ref var target = ref MemoryMarshal.GetReference(result);
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = geometry.Corner(y, x);
            for (var c = 0; c < geometry.Channels; c += Lanes, element += Lanes)
            {
                var g = Vector256.Create<ushort>(gradient[element..]);
                if (scale != 1)
                    g = Multiply(g, scale);
                var from = PoolLoops.Origins(which[element..]);
                for (var k = 0; k < offsets.Length; k++)
                {
                    var here = Vector256.Equals(from, Vector256.Create((ushort)k));
                    (g & here).StoreUnsafe(ref target, (nuint)(corner + offsets[k] + c));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(
        ReadOnlySpan<ushort> input,
        Span<ushort> output,
        Span<byte> which,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        short least,
        ReadOnlySpan<ushort> keep
    )
    {
        ref var source = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output);
        ref var origins = ref MemoryMarshal.GetReference(which);
        ref var mask = ref MemoryMarshal.GetReference(keep);
        var (remembers, masked) = (!which.IsEmpty, !keep.IsEmpty);
        nuint element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = geometry.Corner(y, x);
            for (var c = 0; c < geometry.Channels; c += 2 * Lanes, element += 2 * Lanes)
            {
                var best = Vector512.Create(least);
                var from = Vector512.Create(PoolLoops.Nowhere);
                for (var k = 0; k < offsets.Length; k++)
                {
                    var candidate = Order(Vector512.LoadUnsafe(ref source, (nuint)(corner + offsets[k] + c)));
                    var better = Vector512.GreaterThan(candidate, best).AsUInt16();
                    best = Vector512.Max(candidate, best);
                    from = Vector512.ConditionalSelect(better, Vector512.Create((ushort)k), from);
                }
                var value = FromOrder(best);
                if (masked)
                {
                    var kept = Vector512.LoadUnsafe(ref mask, element);
                    value &= kept;
                    from |= ~kept;
                }
                value.StoreUnsafe(ref target, element);
                if (remembers)
                    Vector256.Narrow(from.GetLower(), from.GetUpper()).StoreUnsafe(ref origins, element);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(
        ReadOnlySpan<ushort> input,
        Span<ushort> output,
        Span<byte> which,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        short least,
        ReadOnlySpan<ushort> keep
    )
    {
        ref var source = ref MemoryMarshal.GetReference(input);
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = geometry.Corner(y, x);
            for (var c = 0; c < geometry.Channels; c += Lanes, element += Lanes)
            {
                var best = Vector256.Create(least);
                var from = Vector256.Create(PoolLoops.Nowhere);
                for (var k = 0; k < offsets.Length; k++)
                {
                    var candidate = Order(Vector256.LoadUnsafe(ref source, (nuint)(corner + offsets[k] + c)));
                    var better = Vector256.GreaterThan(candidate, best).AsUInt16();
                    best = Vector256.Max(candidate, best);
                    from = Vector256.ConditionalSelect(better, Vector256.Create((ushort)k), from);
                }
                var alive = keep.IsEmpty ? Vector256<ushort>.AllBitsSet : Vector256.Create(keep[element..]);
                (FromOrder(best) & alive).CopyTo(output[element..]);
                if (!which.IsEmpty)
                    PoolLoops.Store(from | ~alive, which[element..]);
            }
        }
    }

    /// <summary>Maps bfloat16 numbers to whole numbers in the same order; a NaN of either sign is above all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Order(Vector512<ushort> bits)
    {
        var number = bits.AsInt16();
        var magnitude = number & Vector512.Create((short)Magnitude);
        var ordered = number ^ ((number >> 15) & Vector512.Create((short)Magnitude));
        var isNaN = Vector512.GreaterThan(magnitude, Vector512.Create(Infinity));
        return Vector512.ConditionalSelect(isNaN, magnitude, ordered);
    }

    /// <inheritdoc cref="Order(Vector512{ushort})" />
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Order(Vector256<ushort> bits)
    {
        var number = bits.AsInt16();
        var magnitude = number & Vector256.Create((short)Magnitude);
        var ordered = number ^ ((number >> 15) & Vector256.Create((short)Magnitude));
        var isNaN = Vector256.GreaterThan(magnitude, Vector256.Create(Infinity));
        return Vector256.ConditionalSelect(isNaN, magnitude, ordered);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> FromOrder(Vector512<short> ordered) =>
        (ordered ^ ((ordered >> 15) & Vector512.Create((short)Magnitude))).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> FromOrder(Vector256<short> ordered) =>
        (ordered ^ ((ordered >> 15) & Vector256.Create((short)Magnitude))).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Multiply(Vector256<ushort> values, float factor)
    {
        var (low, high) = BFloat16.Widen(values);
        return BFloat16.Round(low * factor, high * factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAll(Span<ushort> values, float factor)
    {
        for (var i = 0; i < values.Length; i += Lanes)
            Multiply(Vector256.Create<ushort>(values[i..]), factor).CopyTo(values[i..]);
    }
}
