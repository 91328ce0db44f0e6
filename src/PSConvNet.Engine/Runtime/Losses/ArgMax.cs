namespace PSConvNet.Runtime;

/// <summary>The class that a row of outputs chooses. Whatever compares outputs with labels asks here, so that ties go the same way everywhere.</summary>
internal static class ArgMax
{
    /// <summary>The index of the largest value; the first one where several are.</summary>
    public static int Of(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }
}
