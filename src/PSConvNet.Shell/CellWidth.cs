using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using Spectre.Console;

namespace PSConvNet.Shell;

/// <summary>How many columns of a terminal text takes: wide letters two, combining marks and control sequences none.</summary>
internal static class CellWidth
{
    /// <summary>The columns a text without line breaks takes.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        // Nearly all text is plain ASCII, and needs no table.
        if (!text.ContainsAnyExceptInRange(' ', '~'))
            return text.Length;
        var plain = new StringDecorated(text.ToString()).ToString(OutputRendering.PlainText);
        var width = 0;
        for (var i = 0; i < plain.Length; i += StringInfo.GetNextTextElementLength(plain.AsSpan(i)))
            width += OfElement(plain, i);
        return width;
    }

    /// <summary>As much of a text without control sequences as fits a number of columns.</summary>
    public static string Fit(string text, int columns)
    {
        var i = 0;
        while (i < text.Length && OfElement(text, i) is var width && width <= columns)
        {
            columns -= width;
            i += StringInfo.GetNextTextElementLength(text.AsSpan(i));
        }
        return text[..i];
    }

    /// <summary>The columns of the text element (what a person calls a letter) that starts at an index.</summary>
    public static int OfElement(string text, int index) =>
        char.IsControl(text[index])
            ? 0
            : Math.Clamp(
                text.Substring(index, StringInfo.GetNextTextElementLength(text.AsSpan(index))).GetCellWidth(),
                0,
                2
            );
}
