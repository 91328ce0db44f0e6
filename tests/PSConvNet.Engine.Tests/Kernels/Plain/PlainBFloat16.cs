namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What the conversions of <c>BFloat16</c> compute, by value: a sign, eight bits of exponent, seven of fraction.</summary>
internal static class PlainBFloat16
{
    /// <summary>The number that the bits stand for.</summary>
    public static double Widen(ushort bits)
    {
        var sign = bits >> 15 == 0 ? 1.0 : -1.0;
        var exponent = (bits >> 7) & 0xff;
        var fraction = (bits & 0x7f) / 128.0;
        return exponent switch
        {
            0xff => fraction == 0 ? sign * double.PositiveInfinity : double.NaN,
            0 => sign * fraction * Math.Pow(2, -126),
            _ => sign * (1 + fraction) * Math.Pow(2, exponent - 127),
        };
    }

    /// <summary>The bits of the nearest number; of two equally near ones, those of the even one. Beyond the largest comes infinity.</summary>
    public static ushort Round(float value)
    {
        if (float.IsNaN(value))
            return 0x7fc0;
        var sign = (ushort)(float.IsNegative(value) ? 0x8000 : 0);
        // Bits without a sign are in the order of their numbers: the last one that isn't larger, and the one after it.
        var (below, above) = (0, 0x7f80);
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            (below, above) = Widen((ushort)middle) <= Math.Abs(value) ? (middle, above) : (below, middle);
        }
        if (float.IsInfinity(value))
            return (ushort)(sign | 0x7f80);
        // Infinity stands where the next number would be.
        var next = above == 0x7f80 ? Math.Pow(2, 128) : Widen((ushort)above);
        var (toBelow, toAbove) = (Math.Abs(value) - Widen((ushort)below), next - Math.Abs(value));
        var nearest =
            toBelow < toAbove ? below
            : toBelow > toAbove ? above
            : below % 2 == 0 ? below
            : above;
        return (ushort)(sign | nearest);
    }

    /// <summary>Values that bf16 can represent, as fp32.</summary>
    public static float[] Rounded(float[] values) => [.. values.Select(value => (float)Widen(Round(value)))];

    /// <summary>The bits of values.</summary>
    public static ushort[] Bits(float[] values) => [.. values.Select(Round)];
}
