namespace PSConvNet.Data;

/// <summary>Goes through the blocks of a GIF (GIF89a).</summary>
internal static class GifLayout
{
    private const int HeaderLength = 13;
    private const byte Extension = 0x21;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;

    // The decoder's own picture, beside the one it fills.
    private const int Held = 5;

    public static ImageLayout Read(ReadOnlySpan<byte> file)
    {
        var layout = new ImageLayout(ImageDecoding.Whole) { HeldPerPixel = Held };
        if (file.Length < HeaderLength)
            return layout;
        var at = HeaderLength + ColourTable(file[10]);
        while (at < file.Length)
        {
            switch (file[at])
            {
                case Trailer:
                    return layout with { IsWhole = true };
                case Extension:
                    at += 2;
                    break;
                case Image when at + 9 < file.Length:
                    // A descriptor of ten bytes, colours, the width of the first code.
                    at += 10 + ColourTable(file[at + 9]) + 1;
                    break;
                default:
                    return layout;
            }
            at = AfterBlocks(file, at);
        }
        return layout;
    }

    private static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>Skips blocks that begin with their length, up to an empty one.</summary>
    private static int AfterBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] != 0)
            at += 1 + file[at];
        return at + 1;
    }
}
