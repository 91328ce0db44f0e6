namespace PSConvNet.Benchmarks;

/// <summary>The images everything is measured on: the real digits where PSCONVNET_DATA or the cache has them, synthetic ones elsewhere.</summary>
internal static class Digits
{
    /// <summary>Reads them, with a channel dimension.</summary>
    public static Dataset Load()
    {
        var source = new MnistSource(MnistName.Digits, MnistLocations.FromEnvironment());
        var data = source.Find() is { } folder ? source.Read(folder) : SyntheticDigits.Generate();
        return data.ExpandDimension();
    }

    /// <summary>Pixels as other libraries want them, 0 to 1.</summary>
    public static float[] ToFloats(ReadOnlySpan<byte> pixels)
    {
        var floats = new float[pixels.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = pixels[i] / 255f;
        return floats;
    }
}
