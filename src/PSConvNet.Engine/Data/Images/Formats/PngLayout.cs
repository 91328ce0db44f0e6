using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>Goes through the chunks of a PNG (ISO/IEC 15948).</summary>
internal static class PngLayout
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;
    private const int HeaderLength = 13;

    public static ImageLayout Read(ReadOnlySpan<byte> file)
    {
        var layout = new ImageLayout(ImageDecoding.Bands);
        for (var at = SignatureLength; at <= file.Length - ChunkOverhead; )
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - ChunkOverhead - at)
                break;
            var kind = file.Slice(at + 4, 4);
            var content = file.Slice(at + 8, (int)length);
            if (kind.SequenceEqual("IHDR"u8) && content.Length == HeaderLength && content[12] != 0)
                layout = layout with { Decoding = ImageDecoding.Whole, HeldPerPixel = BytesPerPixel(content) };
            else if (kind.SequenceEqual("eXIf"u8))
                layout = layout with { Orientation = ExifOrientation.Of(content) };
            else if (kind.SequenceEqual("IEND"u8))
                return layout with { IsWhole = true };
            at += ChunkOverhead + (int)length;
        }
        return layout;
    }

    /// <summary>Of an interlaced picture the decoder holds all its rows, as they are in the file.</summary>
    private static double BytesPerPixel(ReadOnlySpan<byte> header)
    {
        var channels = header[9] switch
        {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        return header[8] * channels / 8.0;
    }
}
