using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>From bytes to a batch: gathers images and scales 0..255 to 0..1, in one pass.</summary>
internal static class PixelKernel
{
    /// <summary>Writes the chosen images one after another.</summary>
    /// <param name="pixels">All images, <paramref name="size"/> bytes each.</param>
    /// <param name="rows">Which images.</param>
    /// <param name="size">Bytes an image.</param>
    /// <param name="batch">The batch's memory: rows x size values of <paramref name="type"/>.</param>
    /// <param name="type">Float32 or BFloat16.</param>
    public static void Gather(
        ReadOnlySpan<byte> pixels,
        ReadOnlySpan<int> rows,
        int size,
        Span<byte> batch,
        torch.ScalarType type
    )
    {
        switch (type)
        {
            case torch.ScalarType.Float32:
                Gather(pixels, rows, size, MemoryMarshal.Cast<byte, uint>(batch), bits => bits);
                break;
            case torch.ScalarType.BFloat16:
                Gather(pixels, rows, size, MemoryMarshal.Cast<byte, ushort>(batch), BFloat16.Round);
                break;
            default:
                throw new InvalidOperationException($"There is no batch of {type}.");
        }
    }

    private static void Gather<T>(
        ReadOnlySpan<byte> pixels,
        ReadOnlySpan<int> rows,
        int size,
        Span<T> batch,
        Func<uint, T> round
    )
        where T : unmanaged
    {
        // 256 possible pixels: a table is exact, and as fast as arithmetic.
        Span<T> table = stackalloc T[256];
        for (var i = 0; i < table.Length; i++)
            table[i] = round(BitConverter.SingleToUInt32Bits(i / 255f));
        for (var row = 0; row < rows.Length; row++)
        {
            var image = pixels.Slice(rows[row] * size, size);
            var target = batch.Slice(row * size, size);
            for (var i = 0; i < image.Length; i++)
                target[i] = table[image[i]];
        }
    }
}
