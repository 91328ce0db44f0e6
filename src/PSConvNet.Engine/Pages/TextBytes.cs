namespace PSConvNet.Pages;

/// <summary>
/// Bytes as text in a page: two characters of ninety-one for each thirteen bits. Base64 needs a twelfth more, and a page is mostly weights.
/// </summary>
internal static class TextBytes
{
    /// <summary>The bits in each pair of characters.</summary>
    private const int PairBits = 13;

    /// <summary>The characters: all that ASCII prints but those that markup escapes. In a notebook's frame the whole page is an attribute, so that the quotation mark is one of them.</summary>
    private static readonly char[] s_characters =
    [
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(['<', '>', '&', '"']),
    ];

    /// <summary>The bits that fit into one character, which ends a text where no more are left.</summary>
    private const int SingleBits = 6;

    /// <summary>The text of some bytes, lowest bit first. Its length tells how many there are.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var (pairs, rest) = Math.DivRem(8L * bytes.Length, PairBits);
        var text = new char[2 * (pairs + (rest > 0 ? 1 : 0))];
        var (waiting, held, next) = (0, 0, 0);
        for (var at = 0; at < text.Length; at += 2)
        {
            for (; held < PairBits && next < bytes.Length; held += 8)
                waiting |= bytes[next++] << held;
            var pair = waiting & ((1 << PairBits) - 1);
            (text[at], text[at + 1]) = (
                s_characters[pair % s_characters.Length],
                s_characters[pair / s_characters.Length]
            );
            waiting >>= PairBits;
            held = Math.Max(0, held - PairBits);
        }
        return new string(text, 0, text.Length - (rest is > 0 and <= SingleBits ? 1 : 0));
    }
}
