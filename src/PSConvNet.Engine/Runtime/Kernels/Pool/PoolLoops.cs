using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The geometry of an image that is pooled in windows that don't overlap.</summary>
internal readonly record struct PoolGeometry(int Height, int Width, int Channels, Window Window)
{
    public int OutputHeight => Height / Window.Height;

    public int OutputWidth => Width / Window.Width;

    public int InputSize => Height * Width * Channels;

    public int OutputSize => OutputHeight * OutputWidth * Channels;

    /// <summary>Whether the last rows or columns are in no window.</summary>
    public bool LeavesRest => Height % Window.Height != 0 || Width % Window.Width != 0;

    /// <summary>The index of a window's first value.</summary>
    public int Corner(int y, int x) => (y * Window.Height * Width + x * Window.Width) * Channels;

    /// <summary>The offsets of a window's pixels from its first one.</summary>
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

    /// <summary>The loops access memory without bounds checks, so lengths are checked here, once.</summary>
    /// <param name="larger">Elements on the input's side.</param>
    /// <param name="smaller">Elements on the output's side.</param>
    /// <param name="which">Origins.</param>
    public void Check(int larger, int smaller, int which)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Channels % PoolLoops.Lanes, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(larger, InputSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(smaller, OutputSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(which, OutputSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Window.Height * Window.Width, PoolLoops.Nowhere);
    }
}

/// <summary>Max pooling, ReLU and dropout in one pass over an image in channels-last order, and their common backward pass.</summary>
/// <remarks>
/// Fast because memory is read and written once for three layers, sixteen channels at a time, and because the backward pass finds the
/// winners in <c>which</c>, a byte each, instead of comparing again. The plain version is PlainPool in the tests.
/// </remarks>
internal readonly struct PoolLoops : IPoolLoops<float>
{
    /// <summary>Channels at a time; the number of channels must be a multiple.</summary>
    public const int Lanes = 16;

    /// <summary>The value in <c>which</c> of outputs that no gradient goes back from.</summary>
    public const ushort Nowhere = 255;

    /// <inheritdoc />
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
        geometry.Check(input.Length, output.Length, which.IsEmpty ? output.Length : which.Length);
        if (!keep.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(keep.Length, geometry.OutputSize);
        const int half = Lanes / 2;
        ref var source = ref MemoryMarshal.GetReference(input);
        Span<uint> origins = stackalloc uint[Lanes];
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = geometry.Corner(y, x);
            for (var c = 0; c < geometry.Channels; c += Lanes, element += Lanes)
            {
                for (var part = 0; part < Lanes; part += half)
                {
                    var best = Vector256.LoadUnsafe(ref source, (nuint)(corner + c + part));
                    var from = Vector256<uint>.Zero;
                    for (var k = 1; k < offsets.Length; k++)
                    {
                        var candidate = Vector256.LoadUnsafe(ref source, (nuint)(corner + offsets[k] + c + part));
                        // As in libtorch, a NaN wins, and the first of equal values.
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

    /// <inheritdoc />
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
        geometry.Check(result.Length, gradient.Length, which.Length);
        const int half = Lanes / 2;
        if (geometry.LeavesRest)
            result.Clear();
        ref var target = ref MemoryMarshal.GetReference(result);
        var factor = Vector256.Create(scale);
        var element = 0;
        for (var y = 0; y < geometry.OutputHeight; y++)
        for (var x = 0; x < geometry.OutputWidth; x++)
        {
            var corner = geometry.Corner(y, x);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> KeepOf(ReadOnlySpan<ushort> keep)
    {
        // Sign extension turns sixteen ones into 32.
        var (low, high) = Vector128.Widen(Vector128.Create<ushort>(keep).AsInt16());
        return Vector256.Create(low, high).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> IsNumber(Vector256<float> values) => Vector256.Equals(values, values).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<ushort> origins, Span<byte> which) =>
        Vector128.Narrow(origins.GetLower(), origins.GetUpper()).CopyTo(which);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Origins(ReadOnlySpan<byte> which)
    {
        var (low, high) = Vector128.Widen(Vector128.Create<byte>(which));
        return Vector256.Create(low, high);
    }
}
