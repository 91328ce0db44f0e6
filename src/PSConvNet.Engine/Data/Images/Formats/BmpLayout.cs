using System.Buffers.Binary;

namespace PSConvNet.Data;

/// <summary>Reads the header of a BMP, of Windows and of OS/2.</summary>
internal static class BmpLayout
{
    private const int FileHeader = 14;
    private const int CoreHeader = 12;
    private const int Plain = 0;
    private const int BitFields = 3;
    private const int AlphaBitFields = 6;

    public static ImageLayout Read(ReadOnlySpan<byte> file)
    {
        var layout = new ImageLayout(ImageDecoding.Whole);
        if (file.Length < FileHeader + CoreHeader)
            return layout;
        var pixels = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        var isCore = BinaryPrimitives.ReadInt32LittleEndian(file[FileHeader..]) == CoreHeader;
        if (!isCore && file.Length < 34)
            return layout;
        long width = isCore ? Half(file, 18) : BinaryPrimitives.ReadInt32LittleEndian(file[18..]);
        long height = isCore ? Half(file, 20) : BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        var bits = Half(file, isCore ? 24 : 28);
        var compression = isCore ? Plain : BinaryPrimitives.ReadInt32LittleEndian(file[30..]);
        // Of run lengths the decoder itself sees whether there are enough.
        if (compression is not (Plain or BitFields or AlphaBitFields))
            return layout with { IsWhole = true };
        var stride = (width * bits + 31) / 32 * 4;
        return layout with
        {
            Decoding = ImageDecoding.Rows,
            IsWhole = pixels + stride * Math.Abs(height) <= file.Length,
        };
    }

    private static int Half(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);
}
