namespace PSConvNet.Runtime.Kernels;

/// <summary>Chooses between the loops of an <see cref="ImageConv"/> by counting the vectors that they multiply.</summary>
internal static class LoopChoice
{
    /// <summary>
    /// The fewest channels and filters of a group for which Winograd's filtering saves more than its transforms and the copies take: with 16 images of 14 x 14
    /// take 2.5 ms instead of 2.2 forward, with 64 5.1 instead of 8.4.
    /// </summary>
    private const int FewestForFiltering = 32;

    /// <summary>Makes the convolution of a shape by those loops, and with vectors as wide, as are the fastest for it.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="geometry">Which pixels and channels each output reads.</param>
    /// <param name="best">The widest vectors.</param>
    public static ImageConv Create(Shape input, Shape output, ConvGeometry geometry, VectorWidth best)
    {
        var groups = geometry.Groups;
        if (Math.Min(input[2], output[2]) / groups >= FewestForFiltering && DividedConv.CanCompute(input, geometry))
            return new DividedConv(input, output, geometry, best);
        var halves = best == VectorWidth.Bits512 && CpuFeatures.Current.HalvesVectors;
        var numbers = Math.Max(input[2], output[2]);
        var narrow =
            halves && numbers / groups <= LanesOf(best)
                ? Narrowest(VectorWidth.Bits256, numbers / groups)
                : Narrowest(best, numbers / groups);
        var wide = Narrowest(best, numbers);
        // So many more vectors are multiplied in the same time by products, which find their numbers in nearer caches.
        var speed = halves && wide == best ? 3 : 1.9;
        var products = Vectors(input, output, groups, LanesOf(narrow), together: 1);
        var sums = Vectors(input, output, groups, LanesOf(wide), together: groups);
        return groups > 1 && products > speed * sums
            ? ImageConv.ByLanes(input, output, geometry, wide)
            : ImageConv.Gathering(input, output, geometry, narrow);
    }

    /// <summary>The narrowest vectors that hold some numbers: wider ones would be part empty, and take longer to write.</summary>
    private static VectorWidth Narrowest(VectorWidth best, int numbers)
    {
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            if (width < best && VectorWidths.Has(width) && LanesOf(width) >= numbers)
                return width;
        }
        return best;
    }

    /// <summary>How many vectors are multiplied for a tap of the window, forward and backward.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="lanes">Numbers in a vector.</param>
    /// <param name="together">How many groups share vectors.</param>
    private static double Vectors(Shape input, Shape output, int groups, int lanes, int together)
    {
        var (channels, filters) = (input[2] / groups, output[2] / groups);
        // Outputs and gradients of weights have vectors of filters, gradients of images of channels.
        var ofFilters = 2.0 * channels * Vectors(filters * together, lanes);
        var ofChannels = (double)filters * Vectors(channels * together, lanes);
        return groups / together * (ofFilters + ofChannels);
    }

    private static int Vectors(int numbers, int lanes) => (numbers + lanes - 1) / lanes;

    private static int LanesOf(VectorWidth width) => (int)width / (8 * sizeof(float));
}
