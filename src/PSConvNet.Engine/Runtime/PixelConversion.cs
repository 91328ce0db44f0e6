using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>From bytes to a batch: gathers images and scales 0..255 to 0..1, in one pass.</summary>
/// <remarks>
/// Fast because it reads each byte once and writes each value once, sixty-four at a time; libtorch makes a copy for the gathering, one in
/// fp32 and one of the quotients. The plain version is PlainPixels in the tests.
/// </remarks>
internal static class PixelConversion
{
    /// <summary>Bytes at a time.</summary>
    private const int Lanes = 64;

    /// <summary>Writes the chosen images one after another.</summary>
    /// <param name="pixels">All images, <paramref name="size"/> bytes each.</param>
    /// <param name="rows">Which images.</param>
    /// <param name="size">Bytes per image.</param>
    /// <param name="batch">The batch's memory: rows x size values of <paramref name="type"/>.</param>
    /// <param name="type">Float32 or BFloat16.</param>
    /// <param name="change">A change to each image before its conversion, or null.</param>
    public static void Gather(
        ReadOnlySpan<byte> pixels,
        ReadOnlySpan<int> rows,
        int size,
        Span<byte> batch,
        torch.ScalarType type,
        IImageChange? change = null
    )
    {
        for (var row = 0; row < rows.Length; row++)
        {
            var image = pixels.Slice(rows[row] * size, size);
            if (change is not null)
                image = change.Change(rows[row], image);
            switch (type)
            {
                case torch.ScalarType.Float32:
                    Scale(image, MemoryMarshal.Cast<byte, float>(batch).Slice(row * size, size));
                    break;
                case torch.ScalarType.BFloat16:
                    Scale(image, MemoryMarshal.Cast<byte, ushort>(batch).Slice(row * size, size));
                    break;
                default:
                    throw new InvalidOperationException($"There is no batch of {type}.");
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<byte> image, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, image.Length);
        var source = MemoryMarshal.Cast<byte, Vector512<byte>>(image);
        var values = MemoryMarshal.Cast<float, Vector512<float>>(target);
        for (var i = 0; i < source.Length; i++)
        {
            var (low, high) = Vector512.Widen(source[i]);
            var four = values.Slice(4 * i, 4);
            (four[0], four[1]) = Numbers(low);
            (four[2], four[3]) = Numbers(high);
        }
        for (var rest = source.Length * Lanes; rest < image.Length; rest++)
            target[rest] = image[rest] / 255f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<byte> image, Span<ushort> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, image.Length);
        var source = MemoryMarshal.Cast<byte, Vector512<byte>>(image);
        var values = MemoryMarshal.Cast<ushort, Vector512<ushort>>(target);
        for (var i = 0; i < source.Length; i++)
        {
            var (low, high) = Vector512.Widen(source[i]);
            var two = values.Slice(2 * i, 2);
            var (first, second) = Numbers(low);
            two[0] = Kernels.BFloat16.Round(first, second);
            (first, second) = Numbers(high);
            two[1] = Kernels.BFloat16.Round(first, second);
        }
        for (var rest = source.Length * Lanes; rest < image.Length; rest++)
            target[rest] = Kernels.BFloat16.Round(image[rest] / 255f);
    }

    /// <summary>Divides instead of multiplying by a rounded 1 / 255, so that the values are exactly pixel / 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Low, Vector512<float> High) Numbers(Vector512<ushort> pixels)
    {
        var (low, high) = Vector512.Widen(pixels);
        var scale = Vector512.Create(255f);
        return (Vector512.ConvertToSingle(low.AsInt32()) / scale, Vector512.ConvertToSingle(high.AsInt32()) / scale);
    }
}
