using System.Globalization;

namespace PSConvNet.Drawing;

/// <summary>How many columns of a terminal plain text takes: letters of East Asia and emoji two, combining marks none.</summary>
internal static class TextCells
{
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F),
        (0x2E80, 0xA4CF),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE6F),
        (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6),
        (0x1F300, 0x1FAFF),
        (0x20000, 0x3FFFD),
    ];

    /// <summary>The columns of a text without line breaks and control sequences.</summary>
    public static int Width(string text)
    {
        var cells = 0;
        for (var i = 0; i < text.Length; i += StringInfo.GetNextTextElementLength(text.AsSpan(i)))
            cells += OfElement(text, i);
        return cells;
    }

    /// <summary>A text cut to a number of columns, at least 1, with an ellipsis where something is left out.</summary>
    public static string Fit(string text, int columns)
    {
        if (Width(text) <= columns)
            return text;
        var (i, left) = (0, columns - 1);
        while (OfElement(text, i) is var cells && cells <= left)
        {
            left -= cells;
            i += StringInfo.GetNextTextElementLength(text.AsSpan(i));
        }
        return text[..i].TrimEnd() + "…";
    }

    /// <summary>A text made as wide as a number of columns.</summary>
    public static string Pad(string text, int columns, bool left = false)
    {
        var spaces = new string(' ', Math.Max(0, columns - Width(text)));
        return left ? spaces + text : text + spaces;
    }

    private static int OfElement(string text, int index)
    {
        if (char.IsControl(text[index]))
            return 0;
        var code =
            index + 1 < text.Length && char.IsSurrogatePair(text, index)
                ? char.ConvertToUtf32(text, index)
                : text[index];
        if (code < 0x300)
            return 1;
        if (CharUnicodeInfo.GetUnicodeCategory(code) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
            return 0;
        return Array.Exists(s_wide, range => code >= range.First && code <= range.Last) ? 2 : 1;
    }
}
