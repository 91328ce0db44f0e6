namespace PSConvNet;

/// <summary>
/// A seeded stream of random numbers. Its whole state is a key and a counter, so a stream for any (seed, epoch, layer, sample)
/// can be made without running through the ones before it, and results do not depend on which thread asks first.
/// </summary>
/// <remarks>SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal struct RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>A stream named by a seed and any further numbers.</summary>
    public RandomStream(long seed, params ReadOnlySpan<long> path) => _state = Key(seed, path);

    /// <summary>The number a stream is keyed by.</summary>
    public static ulong Key(long seed, params ReadOnlySpan<long> path)
    {
        var key = Mix((ulong)seed + Golden);
        foreach (var step in path)
            key = Mix(key ^ Mix((ulong)step + Golden));
        return key;
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var threshold = (0u - range) % range;
        while (true)
        {
            var product = (NextUInt64() >> 32) * range;
            if ((uint)product >= threshold)
                return (int)(product >> 32);
        }
    }

    /// <summary>Uniform from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public float NextSingle(float low, float high) => low + (high - low) * ((NextUInt64() >> 40) * (1f / (1 << 24)));

    /// <summary>
    /// Bell-shaped with mean 0, standard deviation 1, never beyond 3.5: the sum of four uniform numbers of 16 bits. Cheaper than
    /// <see cref="NextGaussian"/>, and ample for a hand's tremor.
    /// </summary>
    public float NextBell()
    {
        var bits = NextUInt64();
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return (sum * (1f / 65536) - 2) * 1.7320508f;
    }

    /// <summary>Standard normal (Box and Muller 1958).</summary>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Puts the items into random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
