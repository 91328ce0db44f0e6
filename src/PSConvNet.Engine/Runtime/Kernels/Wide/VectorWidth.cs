using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>The number of bits in the vectors that loops over <see cref="IWide{TSelf}"/> compute with.</summary>
internal enum VectorWidth
{
    Bits128 = 128,
    Bits256 = 256,
    Bits512 = 512,
}

/// <summary>Which widths this processor has.</summary>
internal static class VectorWidths
{
    /// <summary>The widest, which is the fastest.</summary>
    public static VectorWidth Best { get; } =
        Has(VectorWidth.Bits512) ? VectorWidth.Bits512
        : Has(VectorWidth.Bits256) ? VectorWidth.Bits256
        : VectorWidth.Bits128;

    /// <summary>Whether the processor has the instructions. The runtime would replace missing ones, many times slower.</summary>
    public static bool Has(VectorWidth width) =>
        width switch
        {
            VectorWidth.Bits512 => Avx512F.IsSupported && Vector512.IsHardwareAccelerated,
            VectorWidth.Bits256 => Avx2.IsSupported && Fma.IsSupported,
            _ => true,
        };

    /// <summary>Throws if the processor doesn't have the width.</summary>
    public static void Require(VectorWidth width)
    {
        if (!Has(width))
            throw new PlatformNotSupportedException($"This processor has no vectors of {(int)width} bits.");
    }
}
