using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Chooses between the loops of an <see cref="ImageConv"/> by counting the vectors that they multiply.</summary>
internal static class LoopChoice
{
    private static readonly bool s_computesInHalves = IsZen4();

    /// <summary>Makes the convolution of a shape by those loops, and with vectors as wide, as are the fastest for it.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="geometry">Which pixels and channels each output reads.</param>
    /// <param name="best">The widest vectors.</param>
    public static ImageConv Create(Shape input, Shape output, ConvGeometry geometry, VectorWidth best)
    {
        var groups = geometry.Groups;
        var halves = best == VectorWidth.Bits512 && s_computesInHalves;
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

    /// <summary>
    /// Whether the processor is one that computes vectors of 512 bits in halves: two of 256 bits take no longer there, and use each number twice that is
    /// multiplied by all of a vector.
    /// </summary>
    private static bool IsZen4()
    {
        if (!X86Base.IsSupported)
            return false;
        const int amd = 0x68747541;
        const int zen3And4 = 0x19;
        var (_, vendor, _, _) = X86Base.CpuId(0, 0);
        var (signature, _, _, _) = X86Base.CpuId(1, 0);
        return vendor == amd && ((signature >> 8) & 0xf) + ((signature >> 20) & 0xff) == zen3And4;
    }

    private static int LanesOf(VectorWidth width) => (int)width / (8 * sizeof(float));
}
