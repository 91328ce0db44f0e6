using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PSConvNet.Runtime.Kernels;

/// <summary>ReLU's backward pass over fp32 values, a vector at a time. The plain version is PlainNorm in the tests.</summary>
internal static class ReluLoops
{
    private const int Lanes = 16;

    /// <summary>Changes gradients in place: outputs at or below 0 get no gradient. A NaN passes it on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(Span<float> gradient, ReadOnlySpan<float> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, gradient.Length);
        var i = 0;
        for (; i + Lanes <= gradient.Length; i += Lanes)
        {
            var dead = Vector512.LessThanOrEqual(Load(output, i), Vector512<float>.Zero);
            Store(Vector512.AndNot(Load(gradient, i), dead), gradient, i);
        }
        for (; i < gradient.Length; i++)
        {
            if (output[i] <= 0)
                gradient[i] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> vector, Span<float> target, int at) =>
        vector.StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)at);
}
