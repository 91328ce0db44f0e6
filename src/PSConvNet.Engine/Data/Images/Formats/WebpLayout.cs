using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>Goes through the chunks of a WebP (RFC 9649).</summary>
internal static class WebpLayout
{
    private const int HeaderLength = 12;
    private const int ChunkHeader = 8;

    // Lossless pictures, and the frames of films, are decoded into memory of their own.
    private const int Held = 4;

    public static ImageLayout Read(ReadOnlySpan<byte> file)
    {
        var layout = new ImageLayout(ImageDecoding.Whole) { HeldPerPixel = Held };
        if (file.Length < HeaderLength)
            return layout;
        var end = ChunkHeader + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        layout = layout with { IsWhole = end <= file.Length };
        file = file[..(int)Math.Min(end, file.Length)];
        for (long at = HeaderLength; at <= file.Length - ChunkHeader; )
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8))
            {
                var content = chunk[ChunkHeader..];
                var exif = content[..(int)Math.Min(length, content.Length)];
                return layout with { Orientation = ExifOrientation.Of(exif) };
            }
            // Chunks are filled up to an even length.
            at += ChunkHeader + length + (length & 1);
        }
        return layout;
    }
}
