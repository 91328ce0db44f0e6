namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>PixelConversion</c> and <c>PixelNoise</c> compute, one pixel at a time.</summary>
internal static class PlainPixels
{
    /// <summary>The chosen images one after another, 0..255 as 0..1.</summary>
    public static float[] Gather(byte[] pixels, int[] rows, int size)
    {
        var result = new float[rows.Length * size];
        for (var row = 0; row < rows.Length; row++)
        for (var i = 0; i < size; i++)
            result[row * size + i] = pixels[rows[row] * size + i] / 255f;
        return result;
    }

    /// <summary>Pixels with noise, neither rounded nor limited to 0..255: eight bytes of two hashes, less their mean, scaled to sigma.</summary>
    public static double[] AddNoise(byte[] pixels, ulong key, double sigma)
    {
        var (low, high) = ((uint)key, (uint)(key >> 32));
        // A byte that is uniform in 0..255 has the variance (256² - 1) / 12.
        var deviation = Math.Sqrt(8 * (256.0 * 256 - 1) / 12);
        var result = new double[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var sum = 0;
            foreach (var value in BitConverter.GetBytes(PlainDropout.Hash((uint)i, low, high)))
                sum += value;
            foreach (var value in BitConverter.GetBytes(PlainDropout.Hash((uint)i, ~high, ~low)))
                sum += value;
            result[i] = pixels[i] + (sum - 8 * 127.5) * sigma / deviation;
        }
        return result;
    }
}
