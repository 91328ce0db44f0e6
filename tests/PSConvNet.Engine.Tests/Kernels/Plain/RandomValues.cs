namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>Random inputs for comparisons of fast kernels with plain ones.</summary>
internal static class RandomValues
{
    /// <summary>Normally distributed numbers.</summary>
    public static float[] Normal(Random random, int length, double scale = 1)
    {
        var stream = new RandomStream(random.NextInt64());
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
            value = (float)(stream.NextGaussian() * scale);
        return values;
    }

    /// <summary>An image of random bytes.</summary>
    public static byte[] Bytes(int length, int seed)
    {
        var image = new byte[length];
        new Random(seed).NextBytes(image);
        return image;
    }
}
