using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Data;

/// <summary>Noise on pixels, from a counter-based generator: what is added to pixel i depends on the key and i alone.</summary>
/// <remarks>
/// <para>
/// Each number is the sum of eight uniform bytes from two hashes of the counter (the finalizer of dropout masks, "lowbias32"). Its distribution
/// is close to a normal one and never goes beyond 4.9 standard deviations.
/// </para>
/// <para>
/// Fast because no number depends on the one before it, so that sixteen are made at a time, and because a sum of bytes needs no logarithm.
/// The plain version is PlainPixels.AddNoise in the tests.
/// </para>
/// </remarks>
internal static class PixelNoise
{
    private const int Lanes = 64;
    private const int Quarter = Lanes / 4;

    /// <summary>The mean of a sum of eight bytes, and its standard deviation: eight times (256² - 1) / 12 is its variance.</summary>
    private const float Mean = 8 * 127.5f;
    private static readonly float s_deviation = MathF.Sqrt(8 * (256 * 256 - 1) / 12f);

    /// <summary>Adds noise to pixels, and rounds and clamps them to 0..255.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="key">Names the numbers.</param>
    /// <param name="sigma">Their standard deviation in grey levels.</param>
    public static void Add(Span<byte> pixels, ulong key, double sigma) =>
        Add(pixels, (uint)key, (uint)(key >> 32), (float)(sigma / s_deviation));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<byte> pixels, uint low, uint high, float scale)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector512<byte>>(pixels);
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = Noisy(vectors[i], i * Lanes, low, high, scale);
        var whole = vectors.Length * Lanes;
        if (whole == pixels.Length)
            return;
        Span<byte> rest = stackalloc byte[Lanes];
        pixels[whole..].CopyTo(rest);
        Noisy(Vector512.Create<byte>(rest), whole, low, high, scale).CopyTo(rest);
        rest[..(pixels.Length - whole)].CopyTo(pixels[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Noisy(Vector512<byte> pixels, int first, uint low, uint high, float scale)
    {
        var (lower, upper) = Vector512.Widen(pixels);
        var (a, b) = Vector512.Widen(lower);
        var (c, d) = Vector512.Widen(upper);
        return Vector512.Narrow(
            Vector512.Narrow(Noisy(a, first, low, high, scale), Noisy(b, first + Quarter, low, high, scale)),
            Vector512.Narrow(
                Noisy(c, first + 2 * Quarter, low, high, scale),
                Noisy(d, first + 3 * Quarter, low, high, scale)
            )
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Noisy(Vector512<uint> pixels, int first, uint low, uint high, float scale)
    {
        var counter =
            Vector512.Create(0u, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector512.Create((uint)first);
        var one = Hash(counter, low, high);
        // The other four bytes: the same counter hashed with the two halves of the key exchanged and inverted.
        var two = Hash(counter, ~high, ~low);
        var sum = (ByteSum(one) + ByteSum(two)).AsInt32();
        var value =
            Vector512.ConvertToSingle(pixels.AsInt32())
            + (Vector512.ConvertToSingle(sum) - Vector512.Create(Mean)) * Vector512.Create(scale);
        return ImageWarp.ToByte(Vector512.Min(Vector512.Max(value, Vector512<float>.Zero), Vector512.Create(255f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Hash(Vector512<uint> counter, uint low, uint high)
    {
        var x = counter ^ Vector512.Create(low);
        x ^= x >> 16;
        x *= Vector512.Create(0x7feb352du);
        x ^= x >> 15;
        x += Vector512.Create(high);
        x *= Vector512.Create(0x846ca68bu);
        return x ^ (x >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> ByteSum(Vector512<uint> bits)
    {
        var pairs = (bits & Vector512.Create(0x00ff00ffu)) + ((bits >> 8) & Vector512.Create(0x00ff00ffu));
        return (pairs + (pairs >> 16)) & Vector512.Create(0xffffu);
    }
}
