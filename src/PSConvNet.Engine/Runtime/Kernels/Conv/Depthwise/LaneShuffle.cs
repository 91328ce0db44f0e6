using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Copies the numbers of a vector in another order.</summary>
internal static unsafe class LaneShuffle
{
    /// <summary>target[i] = source[indices[i]].</summary>
    /// <param name="source">As many numbers as in a vector.</param>
    /// <param name="indices">As many, each less than their number.</param>
    /// <param name="lanes">How many.</param>
    /// <param name="target">As many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pick(float* source, int* indices, int lanes, float* target)
    {
        if (lanes == Vector512<float>.Count && Avx512F.IsSupported)
            Avx512F.PermuteVar16x32(Vector512.Load(source), Vector512.Load(indices)).Store(target);
        else if (lanes == Vector256<float>.Count && Avx2.IsSupported)
            Avx2.PermuteVar8x32(Vector256.Load(source), Vector256.Load(indices)).Store(target);
        else
        {
            for (var lane = 0; lane < lanes; lane += Vector128<float>.Count)
                Four(source, indices + lane, target + lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* source, int* indices, float* target) =>
        Vector128.Create(source[indices[0]], source[indices[1]], source[indices[2]], source[indices[3]]).Store(target);
}
