namespace PSConvNet.Runtime.Kernels;

/// <summary>Neighbouring pixels, or tiles of pixels, that are computed together: those of whole images, or of a part of one.</summary>
/// <param name="Image">The first one's image.</param>
/// <param name="First">The first one's number within its image.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ConvBlock(int Image, int First, int Count)
{
    /// <summary>The blocks of a number of images, in order.</summary>
    /// <param name="images">How many images.</param>
    /// <param name="perImage">Pixels or tiles of an image.</param>
    /// <param name="most">The most of them that a block may have.</param>
    /// <param name="part">Which part of them.</param>
    public static IEnumerable<ConvBlock> Of(int images, int perImage, int most, WorkPart part)
    {
        var (at, end) = part.Of((long)images * perImage);
        while (at < end)
        {
            var (image, first) = ((int)(at / perImage), (int)(at % perImage));
            long count = Math.Min(perImage - first, end - at);
            if (count == perImage && perImage <= most)
                count = Math.Min(end - at, most) / perImage * perImage;
            else
            {
                // Equal blocks, since for a small rest it takes as long to load the weights.
                var blocks = (count + most - 1) / most;
                count = (count + blocks - 1) / blocks;
            }
            yield return new(image, first, (int)count);
            at += count;
        }
    }
}

/// <summary>Where a pixel or tile of a block is.</summary>
internal struct BlockPosition
{
    private readonly int _down;
    private readonly int _across;

    public BlockPosition(ConvBlock block, int perImage, int across)
    {
        (_across, _down) = (across, perImage / across);
        Image = block.Image;
        (Row, Column) = (block.First / across, block.First % across);
    }

    public int Image { get; private set; }

    public int Row { get; private set; }

    public int Column { get; private set; }

    /// <summary>To the one that follows, which may be the next image's first.</summary>
    public void MoveOn()
    {
        if (++Column < _across)
            return;
        Column = 0;
        if (++Row < _down)
            return;
        Row = 0;
        Image++;
    }
}
