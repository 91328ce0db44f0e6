namespace PSConvNet.Runtime.Kernels;

/// <summary>bfloat16 is the upper half of an fp32.</summary>
internal static class BFloat16
{
    /// <summary>Rounds to nearest, ties to even, as the hardware does. Not for NaN.</summary>
    public static ushort Round(uint float32Bits) => (ushort)((float32Bits + 0x7fff + ((float32Bits >> 16) & 1)) >> 16);
}
