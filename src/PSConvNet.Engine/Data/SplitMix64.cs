namespace PSConvNet;

/// <summary>
/// A small generator of random numbers whose sequence belongs to its seed on every platform and in every version of .NET
/// (S. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014). A mutable struct: pass it by
/// reference.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator for one item of a numbered series, independent of its neighbours'.</summary>
    public static SplitMix64 ForItem(int seed, int series, int item)
    {
        var mixed = new SplitMix64(((ulong)(uint)seed << 32) | (uint)series);
        return new SplitMix64(mixed.Next() ^ ((ulong)(uint)item * 0xD1342543DE82EF95));
    }

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number in 0..<paramref name="bound"/>-1.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>Uniform from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public float Uniform(float low, float high) => low + (high - low) * ((Next() >> 40) * (1f / (1 << 24)));

    /// <summary>
    /// Bell-shaped with mean 0, standard deviation 1, never beyond 3.5: the sum of four uniform numbers, ample for a hand's
    /// tremor.
    /// </summary>
    public float Bell()
    {
        var bits = Next();
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return (sum * (1f / 65536) - 2) * 1.7320508f;
    }
}
