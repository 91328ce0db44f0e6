using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Dropout masks from a counter-based generator: element i of a row depends on the row's key and i alone.</summary>
/// <remarks>
/// The counter goes through a 32-bit finalizer with two multiplications (the constants are Ellis' "lowbias32"), keyed twice;
/// a value is kept where the result is at least rate x 2^32, so the probability is exact to 2^-32.
/// </remarks>
internal static class DropoutMask
{
    /// <summary>Fills a row with 0 (dropped) or 1 / (1 - rate).</summary>
    /// <param name="row">The row's memory.</param>
    /// <param name="type">Float32 or BFloat16.</param>
    /// <param name="key">Names the row.</param>
    /// <param name="rate">The share to drop, 0 to below 1.</param>
    public static void Fill(Span<byte> row, torch.ScalarType type, ulong key, double rate)
    {
        var threshold = (uint)Math.Min(Math.Round(rate * 4294967296.0), uint.MaxValue);
        var scale = BitConverter.SingleToUInt32Bits((float)(1 / (1 - rate)));
        switch (type)
        {
            case torch.ScalarType.Float32:
                Fill(MemoryMarshal.Cast<byte, uint>(row), key, threshold, scale);
                break;
            case torch.ScalarType.BFloat16:
                Fill(MemoryMarshal.Cast<byte, ushort>(row), key, threshold, BFloat16.Round(scale));
                break;
            default:
                throw new InvalidOperationException($"Dropout has no mask in {type}.");
        }
    }

    private static void Fill(Span<uint> row, ulong key, uint threshold, uint kept)
    {
        var i = 0;
        var counter = Counters();
        for (; i + Vector256<uint>.Count <= row.Length; i += Vector256<uint>.Count)
        {
            var keep = Keep(counter + Vector256.Create((uint)i), key, threshold);
            (keep & Vector256.Create(kept)).CopyTo(row[i..]);
        }
        for (; i < row.Length; i++)
            row[i] = Keep(Vector256.Create((uint)i), key, threshold)[0] & kept;
    }

    private static void Fill(Span<ushort> row, ulong key, uint threshold, ushort kept)
    {
        var i = 0;
        var counter = Counters();
        for (; i + Vector256<ushort>.Count <= row.Length; i += Vector256<ushort>.Count)
        {
            var low = Keep(counter + Vector256.Create((uint)i), key, threshold);
            var high = Keep(counter + Vector256.Create((uint)(i + Vector256<uint>.Count)), key, threshold);
            (Vector256.Narrow(low, high) & Vector256.Create(kept)).CopyTo(row[i..]);
        }
        for (; i < row.Length; i++)
            row[i] = (ushort)(Keep(Vector256.Create((uint)i), key, threshold)[0] & kept);
    }

    private static Vector256<uint> Counters() => Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);

    /// <summary>All ones where the value is kept.</summary>
    private static Vector256<uint> Keep(Vector256<uint> counter, ulong key, uint threshold)
    {
        var x = counter ^ Vector256.Create((uint)key);
        x ^= x >> 16;
        x *= Vector256.Create(0x7feb352du);
        x ^= x >> 15;
        x += Vector256.Create((uint)(key >> 32));
        x *= Vector256.Create(0x846ca68bu);
        x ^= x >> 16;
        return Vector256.GreaterThanOrEqual(x, Vector256.Create(threshold));
    }
}
