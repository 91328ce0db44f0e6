using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>From bytes to a batch: gathers images and scales 0..255 to 0..1, in one pass.</summary>
internal static class PixelKernel
{
    /// <summary>Bytes at a time.</summary>
    private const int Lanes = 64;

    /// <summary>Writes the chosen images one after another.</summary>
    /// <param name="pixels">All images, <paramref name="size"/> bytes each.</param>
    /// <param name="rows">Which images.</param>
    /// <param name="size">Bytes an image.</param>
    /// <param name="batch">The batch's memory: rows x size values of <paramref name="type"/>.</param>
    /// <param name="type">Float32 or BFloat16.</param>
    /// <param name="change">What is done to each image first, or null.</param>
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
        ref var source = ref MemoryMarshal.GetReference(image);
        ref var values = ref MemoryMarshal.GetReference(target);
        nuint i = 0;
        for (; i + Lanes <= (nuint)image.Length; i += Lanes)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, i));
            var (first, second) = Numbers(low);
            var (third, fourth) = Numbers(high);
            first.StoreUnsafe(ref values, i);
            second.StoreUnsafe(ref values, i + Lanes / 4);
            third.StoreUnsafe(ref values, i + Lanes / 2);
            fourth.StoreUnsafe(ref values, i + 3 * Lanes / 4);
        }
        for (var rest = (int)i; rest < image.Length; rest++)
            target[rest] = image[rest] / 255f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<byte> image, Span<ushort> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, image.Length);
        ref var source = ref MemoryMarshal.GetReference(image);
        ref var values = ref MemoryMarshal.GetReference(target);
        nuint i = 0;
        for (; i + Lanes <= (nuint)image.Length; i += Lanes)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, i));
            var (first, second) = Numbers(low);
            var (third, fourth) = Numbers(high);
            BFloat16.Round(first, second).StoreUnsafe(ref values, i);
            BFloat16.Round(third, fourth).StoreUnsafe(ref values, i + Lanes / 2);
        }
        for (var rest = (int)i; rest < image.Length; rest++)
            target[rest] = BFloat16.Round(image[rest] / 255f);
    }

    /// <summary>Divided, not multiplied by a rounded 1 / 255: the same numbers as anybody's pixel / 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Low, Vector512<float> High) Numbers(Vector512<ushort> pixels)
    {
        var (low, high) = Vector512.Widen(pixels);
        var scale = Vector512.Create(255f);
        return (Vector512.ConvertToSingle(low.AsInt32()) / scale, Vector512.ConvertToSingle(high.AsInt32()) / scale);
    }
}
