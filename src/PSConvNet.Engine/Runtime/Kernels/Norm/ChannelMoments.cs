namespace PSConvNet.Runtime.Kernels;

/// <summary>Count, mean and summed squared deviation of each channel's values, in fp64.</summary>
/// <remarks>
/// Moments of parts of the values are merged by the formulas of T. Chan, G. Golub and R. LeVeque, "Updating Formulae and a Pairwise Algorithm
/// for Computing Sample Variances" (1979), which lose nothing to cancellation.
/// </remarks>
internal sealed class ChannelMoments(int channels)
{
    /// <summary>Values per channel.</summary>
    public double Count { get; private set; }

    /// <summary>A number per channel.</summary>
    public double[] Means { get; } = new double[channels];

    /// <summary>Σ (value - mean)², a number per channel.</summary>
    public double[] Deviations { get; } = new double[channels];

    /// <summary>Adds values whose sums are known relative to a pivot per channel, which is near their mean.</summary>
    /// <param name="count">Values per channel.</param>
    /// <param name="pivot">A number per channel.</param>
    /// <param name="sums">Σ (value - pivot).</param>
    /// <param name="squares">Σ (value - pivot)².</param>
    public void Add(int count, ReadOnlySpan<float> pivot, ReadOnlySpan<float> sums, ReadOnlySpan<float> squares)
    {
        // Divided once for all channels: a division takes as long as summing a row.
        var (part, share) = (1.0 / count, count / (Count + count));
        for (var c = 0; c < Means.Length; c++)
        {
            double sum = sums[c];
            Merge(c, share, pivot[c] + sum * part, Math.Max(0, squares[c] - sum * sum * part));
        }
        Count += count;
    }

    /// <summary>The moments of all workers' values, merged in the workers' order.</summary>
    /// <param name="parts">For each worker its <see cref="Packed"/>.</param>
    public static ChannelMoments Merged(IReadOnlyList<double[]> parts)
    {
        var channels = (parts[0].Length - 1) / 2;
        var whole = new ChannelMoments(channels);
        foreach (var part in parts)
        {
            var share = part[^1] / (whole.Count + part[^1]);
            for (var c = 0; c < channels; c++)
                whole.Merge(c, share, part[c], part[channels + c]);
            whole.Count += part[^1];
        }
        return whole;
    }

    /// <summary>Means, deviations and the count as one list.</summary>
    public double[] Packed() => [.. Means, .. Deviations, Count];

    /// <summary>Merges a channel's values, which are a share of all, into those before.</summary>
    private void Merge(int channel, double share, double mean, double deviation)
    {
        var distance = mean - Means[channel];
        Means[channel] += distance * share;
        Deviations[channel] += deviation + distance * distance * Count * share;
    }
}
