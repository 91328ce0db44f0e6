namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>DropoutMask</c> computes: for one element, from its key and its index, whether it is kept.</summary>
internal static class PlainDropout
{
    /// <summary>A hash of the index, compared with the rate: both as shares of 2^32.</summary>
    public static bool Keeps(ulong key, int index, double rate) =>
        Hash((uint)index, (uint)key, (uint)(key >> 32)) >= Math.Min(Math.Round(rate * Math.Pow(2, 32)), uint.MaxValue);

    /// <summary>Ellis' "lowbias32" with half of the key before its first round and the other half in the middle.</summary>
    public static uint Hash(uint counter, uint low, uint high)
    {
        var x = counter ^ low;
        x ^= x >> 16;
        x *= 0x7feb352d;
        x ^= x >> 15;
        x += high;
        x *= 0x846ca68b;
        x ^= x >> 16;
        return x;
    }
}
