namespace PSConvNet.Data;

/// <summary>The codes of a JPEG's Huffman table (ITU-T T.81, annex C).</summary>
internal sealed class JpegHuffmanTable
{
    public const int LongestCode = 16;
    private const int ShortCode = 10;

    // By the first bits: symbol and length; length 0 where the code is longer.
    private readonly (byte Symbol, byte Length)[] _short = new (byte, byte)[1 << ShortCode];

    // For each code length: the first 16-bit value above its codes, and the distance from a code to its symbol.
    private readonly int[] _end = new int[LongestCode + 1];
    private readonly int[] _offset = new int[LongestCode + 1];
    private readonly byte[] _symbols;

    private JpegHuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        _symbols = symbols.ToArray();
        var (code, index) = (0, 0);
        for (var length = 1; length <= LongestCode; length++)
        {
            _offset[length] = index - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (length <= ShortCode && code < 1 << length)
                    Array.Fill(
                        _short,
                        (symbols[index], (byte)length),
                        code << (ShortCode - length),
                        1 << (ShortCode - length)
                    );
            }
            _end[length] = code << (LongestCode - length);
            code <<= 1;
        }
    }

    /// <summary>Reads a table; null where the segment ends in it.</summary>
    /// <param name="segment">The counts of codes of each length, then the symbols, then whatever follows.</param>
    /// <param name="length">How many bytes belong to the table.</param>
    public static JpegHuffmanTable? Read(ReadOnlySpan<byte> segment, out int length)
    {
        length = LongestCode;
        if (segment.Length < LongestCode)
            return null;
        var counts = segment[..LongestCode];
        foreach (var count in counts)
            length += count;
        return length <= segment.Length && length <= LongestCode + 256
            ? new JpegHuffmanTable(counts, segment[LongestCode..length])
            : null;
    }

    /// <summary>The symbol that the next 16 bits begin with, and how many of them it takes; -1 and 0 where there is none.</summary>
    public (int Symbol, int Length) Look(int ahead)
    {
        var (symbol, length) = _short[ahead >> (LongestCode - ShortCode)];
        if (length > 0)
            return (symbol, length);
        for (var longer = ShortCode + 1; longer <= LongestCode; longer++)
        {
            var index = (ahead >> (LongestCode - longer)) + _offset[longer];
            if (ahead < _end[longer] && index >= 0 && index < _symbols.Length)
                return (_symbols[index], longer);
        }
        return (-1, 0);
    }
}
