namespace PSConvNet.Data;

/// <summary>How the rows of a picture are had from the decoder.</summary>
internal enum ImageDecoding
{
    /// <summary>Some at a time, each once.</summary>
    Rows,

    /// <summary>In bands, each of which the decoder begins at the top for.</summary>
    Bands,

    /// <summary>All at once.</summary>
    Whole,
}

/// <summary>What a picture's file says of itself, read without decoding a pixel.</summary>
/// <param name="Decoding">How its rows are had.</param>
internal sealed record ImageLayout(ImageDecoding Decoding)
{
    /// <summary>Whether the file goes on to its format's end; bytes after that are nobody's business.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Which of the eight ways the camera was held: 1 to 8, as EXIF has them.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>The memory that the decoder itself holds, in bytes a pixel.</summary>
    public double HeldPerPixel { get; init; }

    /// <summary>Reads a file's layout.</summary>
    public static ImageLayout Of(ImageFormat format, ReadOnlySpan<byte> file) =>
        format switch
        {
            ImageFormat.Png => PngLayout.Read(file),
            ImageFormat.Jpeg => JpegLayout.Read(file),
            ImageFormat.Gif => GifLayout.Read(file),
            ImageFormat.Webp => WebpLayout.Read(file),
            _ => BmpLayout.Read(file),
        };
}
