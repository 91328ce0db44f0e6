namespace PSConvNet.Drawing;

/// <summary>What a tile's caption says of its image.</summary>
internal enum TileTone
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>The model was right.</summary>
    Right,

    /// <summary>The model was wrong.</summary>
    Wrong,
}

/// <summary>An image in a grid.</summary>
/// <param name="Image">The image.</param>
/// <param name="Caption">The lines below it; none for none.</param>
/// <param name="Tone">How they are coloured; the words say it too.</param>
internal sealed record Tile(Bitmap Image, IReadOnlyList<string> Caption, TileTone Tone = TileTone.Plain);

/// <summary>Tiles under a heading.</summary>
/// <param name="Heading">The heading, or null for none.</param>
/// <param name="Tiles">The tiles; each image in a section has the same size.</param>
/// <param name="Columns">Tiles in a row, at least 1.</param>
/// <param name="PixelSize">The side of one of an image's pixels, in pixels of the picture.</param>
internal sealed record TileSection(string? Heading, IReadOnlyList<Tile> Tiles, int Columns, double PixelSize);
