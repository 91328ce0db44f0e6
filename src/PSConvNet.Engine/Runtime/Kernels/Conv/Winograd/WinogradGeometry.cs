namespace PSConvNet.Runtime.Kernels;

/// <summary>The tiles that the outputs of a convolution with stride 1 are divided into.</summary>
/// <param name="Input">Height x width x channels.</param>
/// <param name="Output">Height x width x filters. It may be smaller than the windows allow: the last ones are then left out.</param>
/// <param name="Padding">Rows and columns of zeros around the image.</param>
/// <param name="Window">The height and width of a window.</param>
/// <param name="TileSize">The height and width of a tile of outputs.</param>
internal sealed record WinogradGeometry(Shape Input, Shape Output, Edges Padding, int Window, int TileSize)
{
    public int Channels => Input[2];

    public int Filters => Output[2];

    public int TilesDown => (Output[0] + TileSize - 1) / TileSize;

    public int TilesAcross => (Output[1] + TileSize - 1) / TileSize;

    /// <summary>The number of tiles of an image.</summary>
    public int Tiles => TilesDown * TilesAcross;

    /// <summary>The height of the image with the padding above it, and with all that the tiles read beyond it.</summary>
    public int ReadHeight => Math.Max(TilesDown * TileSize + Window - 1, Padding.Top + Input[0]);

    /// <summary>The width of the image with the padding before it, and with all that the tiles read beyond it.</summary>
    public int ReadWidth => Math.Max(TilesAcross * TileSize + Window - 1, Padding.Left + Input[1]);

    /// <summary>The number of products per image for one channel and one filter.</summary>
    public long Products => (long)Tiles * (TileSize + Window - 1) * (TileSize + Window - 1);

    /// <summary>How many times as many products there would be without Winograd's filtering.</summary>
    public double Gain => (double)Window * Window * Output[0] * Output[1] / Products;

    /// <summary>The geometry with the best tile size.</summary>
    /// <remarks>
    /// Of tiles of 2 and 4 outputs a side that is the one with the fewest products; of two equal ones the smaller, which rounds less. Tiles of 7 round more and take longer to
    /// transform, so they have to save a fifth of the products, of which there have to be many, as with 16 channels and filters: for 64 images and 64 channels they take 7 ms instead
    /// of 11 at 14 x 14, forward and backward.
    /// </remarks>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="padding">Rows and columns of zeros around the image.</param>
    /// <param name="window">The height and width of a window, 3 or 5.</param>
    /// <param name="pools">Whether outputs are pooled in windows of 2 x 2, which have to be within a tile.</param>
    public static WinogradGeometry Best(Shape input, Shape output, Edges padding, int window, bool pools = false)
    {
        const double leastSaving = 0.8;
        const int leastChannels = 16;
        Check(input, output, padding, window);
        var small = new WinogradGeometry(input, output, padding, window, TileSize: 2);
        if (window == 5)
            return small;
        var large = small with { TileSize = 4 };
        var best = small.Products <= large.Products ? small : large;
        var largest = small with { TileSize = 7 };
        var pays = Math.Min(input[2], output[2]) >= leastChannels && largest.Products <= leastSaving * best.Products;
        return pays && !pools ? largest : best;
    }

    private static void Check(Shape input, Shape output, Edges padding, int window)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Rank, 3);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Rank, 3);
        if (window is not (3 or 5))
            throw new ArgumentOutOfRangeException(nameof(window), window, "Windows are 3 x 3 or 5 x 5.");
        foreach (var edge in (ReadOnlySpan<int>)[padding.Top, padding.Bottom, padding.Left, padding.Right])
            ArgumentOutOfRangeException.ThrowIfNegative(edge);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output[0], input[0] + padding.Top + padding.Bottom - window + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output[1], input[1] + padding.Left + padding.Right - window + 1);
    }
}
