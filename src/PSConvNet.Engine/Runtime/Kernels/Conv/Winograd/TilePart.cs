namespace PSConvNet.Runtime.Kernels;

/// <summary>The part of a tile's pixels that an image has; the others are 0.</summary>
internal readonly struct TilePart
{
    /// <param name="top">Where the tile begins in the image; it may be above it.</param>
    /// <param name="left">Where the tile begins in a row.</param>
    /// <param name="size">Pixels down and across the tile.</param>
    /// <param name="height">The image's.</param>
    /// <param name="width">The image's.</param>
    public TilePart(int top, int left, int size, int height, int width)
    {
        (FirstRow, EndRow) = (Math.Max(0, -top), Math.Min(size, height - top));
        (FirstColumn, EndColumn) = (Math.Max(0, -left), Math.Min(size, width - left));
        IsWhole = EndRow - FirstRow == size && EndColumn - FirstColumn == size;
    }

    public int FirstRow { get; }

    public int EndRow { get; }

    public int FirstColumn { get; }

    public int EndColumn { get; }

    /// <summary>Whether the image has all of the tile.</summary>
    public bool IsWhole { get; }
}
