using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// One sample's dropout mask, from a counter-based generator: whether element i is kept depends on the key and i alone.
/// </summary>
/// <remarks>
/// <para>
/// The counter goes through a 32-bit finalizer with two multiplications (the constants are Ellis' "lowbias32"), keyed twice;
/// a value is kept where the result is at least rate x 2^32, so the probability is exact to 2^-32.
/// </para>
/// <para>
/// Fast because no number depends on the one before it, as it does in libtorch's generator, so that eight are hashed at a time. The plain
/// version is PlainDropout in the tests.
/// </para>
/// </remarks>
internal readonly struct DropoutMask(ulong key, double rate)
{
    private readonly uint _low = (uint)key;
    private readonly uint _high = (uint)(key >> 32);
    private readonly uint _threshold = (uint)Math.Min(Math.Round(rate * 4294967296.0), uint.MaxValue);

    /// <summary>The factor for kept values, 1 / (1 - rate), which leaves the expectation as it was.</summary>
    public float Scale { get; } = (float)(1 / (1 - rate));

    /// <summary>All ones for each of the eight elements from <paramref name="first"/> on that is kept, otherwise zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<uint> Keep8(int first)
    {
        var x = (Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7) + Vector256.Create((uint)first)) ^ Vector256.Create(_low);
        x ^= x >> 16;
        x *= Vector256.Create(0x7feb352du);
        x ^= x >> 15;
        x += Vector256.Create(_high);
        x *= Vector256.Create(0x846ca68bu);
        x ^= x >> 16;
        return Vector256.GreaterThanOrEqual(x, Vector256.Create(_threshold));
    }

    /// <summary>The same for sixteen elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<ushort> Keep16(int first) => Vector256.Narrow(Keep8(first), Keep8(first + Vector256<uint>.Count));

    /// <summary>Fills a row with 0 (dropped) or <see cref="Scale"/>.</summary>
    /// <param name="row">The row's memory.</param>
    /// <param name="type">Float32 or BFloat16.</param>
    public void Fill(Span<byte> row, torch.ScalarType type)
    {
        var scale = BitConverter.SingleToUInt32Bits(Scale);
        switch (type)
        {
            case torch.ScalarType.Float32:
                Fill(MemoryMarshal.Cast<byte, uint>(row), scale);
                break;
            case torch.ScalarType.BFloat16:
                Fill(MemoryMarshal.Cast<byte, ushort>(row), BFloat16.Round(scale));
                break;
            default:
                throw new InvalidOperationException($"Dropout has no mask in {type}.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(Span<uint> row, uint kept)
    {
        var i = 0;
        for (; i + Vector256<uint>.Count <= row.Length; i += Vector256<uint>.Count)
            (Keep8(i) & Vector256.Create(kept)).CopyTo(row[i..]);
        for (; i < row.Length; i++)
            row[i] = Keep8(i)[0] & kept;
    }

    /// <summary>Fills a row with 0 (dropped) or <paramref name="kept"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(Span<ushort> row, ushort kept)
    {
        var i = 0;
        for (; i + Vector256<ushort>.Count <= row.Length; i += Vector256<ushort>.Count)
            (Keep16(i) & Vector256.Create(kept)).CopyTo(row[i..]);
        for (; i < row.Length; i++)
            row[i] = (ushort)(Keep8(i)[0] & kept);
    }
}
