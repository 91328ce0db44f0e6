using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>How the camera was held, from a picture's EXIF (CIPA DC-008, tag 274).</summary>
internal static class ExifOrientation
{
    private const int Tag = 0x0112;
    private const int Short = 3;
    private const int EntryLength = 12;

    /// <summary>What a JPEG writes before the block; other formats' writers do so too now and then.</summary>
    public static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>Reads it from a block of EXIF.</summary>
    /// <returns>1 to 8; 1, upright, where the block doesn't say. A damaged block counts as one that doesn't say: the picture can still be read.</returns>
    public static int Of(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith(Prefix))
            block = block[Prefix.Length..];
        var isLittle = block.StartsWith("II*\0"u8);
        if (block.Length < 8 || (!isLittle && !block.StartsWith("MM\0*"u8)))
            return 1;
        var directory = Word(block, 4);
        if (directory > block.Length - 2)
            return 1;
        var count = Half(block, (int)directory);
        var entries = block[((int)directory + 2)..];
        for (var i = 0; i < count && (i + 1) * EntryLength <= entries.Length; i++)
        {
            var entry = entries[(i * EntryLength)..];
            if (Half(entry, 0) == Tag)
                return Half(entry, 2) == Short && Word(entry, 4) == 1 && Half(entry, 8) is >= 1 and <= 8 and var way
                    ? way
                    : 1;
        }
        return 1;

        int Half(ReadOnlySpan<byte> bytes, int at) =>
            isLittle
                ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..])
                : BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

        uint Word(ReadOnlySpan<byte> bytes, int at) =>
            isLittle
                ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..])
                : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
    }
}
