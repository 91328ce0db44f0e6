namespace PSConvNet.Tests.Kernels;

/// <summary>Distances in units of the last place, of numbers in fp32 and bf16.</summary>
internal static class Ulps
{
    private const int SmallestExponent = -126;
    private const int LargestExponent = 127;

    /// <summary>How many units of fp32's last place a number is away from what it should be. A NaN is only right for a NaN.</summary>
    /// <param name="found">The number.</param>
    /// <param name="expected">What it should be.</param>
    /// <param name="scale">The size whose last place counts, if that is larger than the expected number's.</param>
    public static double Between(float found, double expected, double scale = 0)
    {
        if (double.IsNaN(expected) || float.IsNaN(found))
            return double.IsNaN(expected) && float.IsNaN(found) ? 0 : double.PositiveInfinity;
        return found == expected ? 0 : Math.Abs(found - expected) / Unit(Math.Max(Math.Abs(expected), scale), 23);
    }

    /// <summary>The unit of the last place of bf16 at a number.</summary>
    public static double OfBFloat16(double value) => Unit(Math.Abs(value), 7);

    private static double Unit(double size, int digits)
    {
        var exponent = size == 0 ? SmallestExponent : Math.Floor(Math.Log2(size));
        return Math.Pow(2, Math.Clamp(exponent, SmallestExponent, LargestExponent) - digits);
    }
}
