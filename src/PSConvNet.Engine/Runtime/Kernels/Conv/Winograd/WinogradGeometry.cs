namespace PSConvNet.Runtime.Kernels;

/// <summary>The tiles that the outputs of a 3 x 3 convolution are divided into.</summary>
/// <param name="Input">Height x width x channels.</param>
/// <param name="Output">Height x width x filters.</param>
/// <param name="Padding">Rows and columns of zeros around the image.</param>
/// <param name="TileSize">The height and width of a tile of outputs.</param>
internal sealed record WinogradGeometry(Shape Input, Shape Output, Edges Padding, int TileSize)
{
    public int Channels => Input[2];

    public int Filters => Output[2];

    public int TilesDown => (Output[0] + TileSize - 1) / TileSize;

    public int TilesAcross => (Output[1] + TileSize - 1) / TileSize;

    /// <summary>The number of tiles of an image.</summary>
    public int Tiles => TilesDown * TilesAcross;

    /// <summary>The height of the image that the tiles read, with all padding and what the last tiles read beyond it.</summary>
    public int ReadHeight => TilesDown * TileSize + 2;

    /// <summary>The width of the image that the tiles read.</summary>
    public int ReadWidth => TilesAcross * TileSize + 2;

    /// <summary>The number of products per image for one channel and one filter.</summary>
    public long Products => (long)Tiles * (TileSize + 2) * (TileSize + 2);

    /// <summary>The geometry with the tile size that takes the fewest products; of two equal ones the smaller, which rounds less.</summary>
    public static WinogradGeometry Best(Shape input, Shape output, Edges padding)
    {
        Check(input, output, padding);
        var small = new WinogradGeometry(input, output, padding, 2);
        var large = new WinogradGeometry(input, output, padding, 4);
        return small.Products <= large.Products ? small : large;
    }

    private static void Check(Shape input, Shape output, Edges padding)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Rank, 3);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Rank, 3);
        foreach (var edge in (ReadOnlySpan<int>)[padding.Top, padding.Bottom, padding.Left, padding.Right])
            ArgumentOutOfRangeException.ThrowIfNegative(edge);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output[0], input[0] + padding.Top + padding.Bottom - 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output[1], input[1] + padding.Left + padding.Right - 2);
    }
}
