using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>One image's geometry for windows that don't overlap.</summary>
internal readonly record struct PoolGeometry(int Height, int Width, int Channels, Window Window)
{
    public int OutputHeight => Height / Window.Height;

    public int OutputWidth => Width / Window.Width;

    public int InputSize => Height * Width * Channels;

    public int OutputSize => OutputHeight * OutputWidth * Channels;

    /// <summary>Whether windows leave out a last row or column.</summary>
    public bool LeavesRest => Height % Window.Height != 0 || Width % Window.Width != 0;

    /// <summary>Where a window's pixels lie, from its first.</summary>
    public int[] Offsets()
    {
        var (width, channels, window) = (Width, Channels, Window);
        return
        [
            .. Enumerable
                .Range(0, window.Height * window.Width)
                .Select(k => (k / window.Width * width + k % window.Width) * channels),
        ];
    }
}

/// <summary>
/// Maximum of each window, ReLU and dropout in one pass over an image in channels-last order, sixteen channels at a time; and the
/// way back. <c>which</c> remembers for each output the window's pixel it came from, or 255 where no gradient goes back; it may be
/// empty where nothing will. <c>keep</c>
/// is the dropout mask, all ones or zeros an output, empty where nothing is dropped; <c>scale</c> multiplies what is kept.
/// </summary>
internal static class PoolLoops
{
    /// <summary>The vector loops take this many channels at a time.</summary>
    public const int Lanes = 16;

    private const ushort Nowhere = 255;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        Check(input.Length, output.Length, which.IsEmpty ? output.Length : which.Length, geometry);
        if (!keep.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(keep.Length, geometry.OutputSize);
        ref var source = ref MemoryMarshal.GetReference(input);
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = (y * geometry.Window.Height * geometry.Width + x * geometry.Window.Width) * geometry.Channels;
            for (var c = 0; c < geometry.Channels; c += Lanes, element += Lanes)
            {
                var best = Order(Load(ref source, corner + c));
                var from = Vector256<ushort>.Zero;
                for (var k = 1; k < offsets.Length; k++)
                {
                    var candidate = Order(Load(ref source, corner + offsets[k] + c));
                    var better = Vector256.GreaterThan(candidate, best);
                    best = Vector256.ConditionalSelect(better, candidate, best);
                    from = Vector256.ConditionalSelect(better.AsUInt16(), Vector256.Create((ushort)k), from);
                }
                var alive = Vector256<ushort>.AllBitsSet;
                if (relu)
                    alive = Vector256.GreaterThan(best, Vector256<short>.Zero).AsUInt16();
                if (!keep.IsEmpty)
                    alive &= Vector256.Create<ushort>(keep[element..]);
                (Disorder(best) & alive).CopyTo(output[element..]);
                if (!which.IsEmpty)
                    Store(from | ~alive, which[element..]);
            }
        }
        // A pass of its own: in the loop above it is one call too many for the JIT to inline, and costs five times the rest.
        if (scale != 1)
            MultiplyAll(output, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        ReadOnlySpan<float> input,
        Span<float> output,
        Span<byte> which,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        bool relu,
        ReadOnlySpan<ushort> keep,
        float scale
    )
    {
        Check(input.Length, output.Length, which.IsEmpty ? output.Length : which.Length, geometry);
        if (!keep.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(keep.Length, geometry.OutputSize);
        const int half = Lanes / 2;
        ref var source = ref MemoryMarshal.GetReference(input);
        Span<uint> origins = stackalloc uint[Lanes];
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = (y * geometry.Window.Height * geometry.Width + x * geometry.Window.Width) * geometry.Channels;
            for (var c = 0; c < geometry.Channels; c += Lanes, element += Lanes)
            {
                for (var part = 0; part < Lanes; part += half)
                {
                    var best = Vector256.LoadUnsafe(ref source, (nuint)(corner + c + part));
                    var from = Vector256<uint>.Zero;
                    for (var k = 1; k < offsets.Length; k++)
                    {
                        var candidate = Vector256.LoadUnsafe(ref source, (nuint)(corner + offsets[k] + c + part));
                        // Like libtorch: a NaN wins, and of equals the first.
                        var better = ~Vector256.LessThanOrEqual(candidate, best).AsUInt32() & IsNumber(best);
                        best = Vector256.ConditionalSelect(better.AsSingle(), candidate, best);
                        from = Vector256.ConditionalSelect(better, Vector256.Create((uint)k), from);
                    }
                    var alive = Vector256<uint>.AllBitsSet;
                    if (relu)
                        alive = ~Vector256.LessThanOrEqual(best, Vector256<float>.Zero).AsUInt32();
                    if (!keep.IsEmpty)
                        alive &= KeepOf(keep[(element + part)..]);
                    var value = (best.AsUInt32() & alive).AsSingle() * scale;
                    value.CopyTo(output[(element + part)..]);
                    (from | ~alive).CopyTo(origins[part..]);
                }
                var narrow = Vector256.Narrow(Vector256.Create<uint>(origins), Vector256.Create<uint>(origins[half..]));
                if (!which.IsEmpty)
                    Store(narrow, which[element..]);
            }
        }
    }

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
        Check(result.Length, gradient.Length, which.Length, geometry);
        if (geometry.LeavesRest)
            result.Clear();
        ref var target = ref MemoryMarshal.GetReference(result);
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = (y * geometry.Window.Height * geometry.Width + x * geometry.Window.Width) * geometry.Channels;
            for (var c = 0; c < geometry.Channels; c += Lanes, element += Lanes)
            {
                var g = Vector256.Create<ushort>(gradient[element..]);
                if (scale != 1)
                    g = Multiply(g, scale);
                var from = Origins(which[element..]);
                for (var k = 0; k < offsets.Length; k++)
                {
                    var here = Vector256.Equals(from, Vector256.Create((ushort)k));
                    (g & here).StoreUnsafe(ref target, (nuint)(corner + offsets[k] + c));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        ReadOnlySpan<float> gradient,
        ReadOnlySpan<byte> which,
        Span<float> result,
        PoolGeometry geometry,
        ReadOnlySpan<int> offsets,
        float scale
    )
    {
        Check(result.Length, gradient.Length, which.Length, geometry);
        const int half = Lanes / 2;
        if (geometry.LeavesRest)
            result.Clear();
        ref var target = ref MemoryMarshal.GetReference(result);
        var factor = Vector256.Create(scale);
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = (y * geometry.Window.Height * geometry.Width + x * geometry.Window.Width) * geometry.Channels;
            for (var c = 0; c < geometry.Channels; c += Lanes, element += Lanes)
            {
                var low = (Vector256.Create<float>(gradient[element..]) * factor).AsUInt32();
                var high = (Vector256.Create<float>(gradient[(element + half)..]) * factor).AsUInt32();
                var (fromLow, fromHigh) = Vector256.Widen(Origins(which[element..]));
                for (var k = 0; k < offsets.Length; k++)
                {
                    var at = (nuint)(corner + offsets[k] + c);
                    var origin = Vector256.Create((uint)k);
                    (low & Vector256.Equals(fromLow, origin)).AsSingle().StoreUnsafe(ref target, at);
                    (high & Vector256.Equals(fromHigh, origin)).AsSingle().StoreUnsafe(ref target, at + half);
                }
            }
        }
    }

    /// <summary>The loops go by references: what they may touch is checked here, once.</summary>
    private static void Check(int larger, int smaller, int which, PoolGeometry geometry)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(geometry.Channels % Lanes, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(larger, geometry.InputSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(smaller, geometry.OutputSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(which, geometry.OutputSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(geometry.Window.Height * geometry.Window.Width, Nowhere);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Load(ref ushort source, int at) => Vector256.LoadUnsafe(ref source, (nuint)at);

    /// <summary>bfloat16 numbers as whole numbers in the same order; a NaN, whatever its sign, above all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Order(Vector256<ushort> bits)
    {
        var number = bits.AsInt16();
        var magnitude = number & Vector256.Create((short)0x7fff);
        var ordered = number ^ ((number >> 15) & Vector256.Create((short)0x7fff));
        var isNaN = Vector256.GreaterThan(magnitude, Vector256.Create((short)0x7f80));
        return Vector256.ConditionalSelect(isNaN, magnitude, ordered);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Disorder(Vector256<short> ordered) =>
        (ordered ^ ((ordered >> 15) & Vector256.Create((short)0x7fff))).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> KeepOf(ReadOnlySpan<ushort> keep)
    {
        // All ones in sixteen bits are all ones in 32 when the sign is carried on.
        var (low, high) = Vector128.Widen(Vector128.Create<ushort>(keep).AsInt16());
        return Vector256.Create(low, high).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> IsNumber(Vector256<float> values) => Vector256.Equals(values, values).AsUInt32();

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ushort> origins, Span<byte> which) =>
        Vector128.Narrow(origins.GetLower(), origins.GetUpper()).CopyTo(which);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> Origins(ReadOnlySpan<byte> which)
    {
        var (low, high) = Vector128.Widen(Vector128.Create<byte>(which));
        return Vector256.Create(low, high);
    }
}
