using System.Numerics;
using System.Runtime.InteropServices;

namespace PSConvNet.Data;

/// <summary>What a pass over pixels adds up to.</summary>
/// <param name="Sum">The sum of the bytes.</param>
/// <param name="Squares">The sum of their squares.</param>
/// <param name="Least">The darkest.</param>
/// <param name="Most">The brightest.</param>
internal readonly record struct PixelSums(long Sum, long Squares, byte Least, byte Most)
{
    // Few enough bytes that 32 bits hold a lane's sum of squares.
    private const int Block = 1 << 14;

    /// <summary>Adds up pixels; of none the darkest is 255 and the brightest 0.</summary>
    public static PixelSums Of(ReadOnlySpan<byte> pixels)
    {
        var total = new PixelSums(0, 0, byte.MaxValue, byte.MinValue);
        for (; !pixels.IsEmpty; pixels = pixels[Math.Min(Block, pixels.Length)..])
            total = total.With(OfBlock(pixels[..Math.Min(Block, pixels.Length)]));
        return total;
    }

    private static PixelSums OfBlock(ReadOnlySpan<byte> pixels)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(pixels);
        var (sum, squares) = (Vector<uint>.Zero, Vector<uint>.Zero);
        var (least, most) = (new Vector<byte>(byte.MaxValue), Vector<byte>.Zero);
        foreach (var vector in vectors)
        {
            (least, most) = (Vector.Min(least, vector), Vector.Max(most, vector));
            Vector.Widen(vector, out var low, out var high);
            sum += Widened(low + high);
            squares += Widened(low * low) + Widened(high * high);
        }
        var total = new PixelSums(Vector.Sum(sum), Vector.Sum(squares), byte.MaxValue, byte.MinValue);
        for (var lane = 0; lane < Vector<byte>.Count && vectors.Length > 0; lane++)
            total = total with { Least = Math.Min(total.Least, least[lane]), Most = Math.Max(total.Most, most[lane]) };
        foreach (var pixel in pixels[(vectors.Length * Vector<byte>.Count)..])
            total = total.With(new PixelSums(pixel, pixel * pixel, pixel, pixel));
        return total;
    }

    private static Vector<uint> Widened(Vector<ushort> values)
    {
        Vector.Widen(values, out var low, out var high);
        return low + high;
    }

    private PixelSums With(PixelSums other) =>
        new(Sum + other.Sum, Squares + other.Squares, Math.Min(Least, other.Least), Math.Max(Most, other.Most));
}
