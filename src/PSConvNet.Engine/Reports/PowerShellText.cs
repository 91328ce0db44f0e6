using System.Globalization;
using System.Text;

namespace PSConvNet.Reports;

/// <summary>Values as PowerShell reads them back, and nothing in them as it would run.</summary>
internal static class PowerShellText
{
    /// <summary>A string in quotes. What can't be seen is written by its number, so that the command does what it looks like.</summary>
    public static string Quote(string text)
    {
        // PowerShell takes typographic quotes for quotes too.
        if (text.EnumerateRunes().All(IsVisible) && !HasLoneSurrogate(text))
            return "'" + string.Concat(text.Select(c => IsSingleQuote(c) ? $"{c}{c}" : $"{c}")) + "'";
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
            {
                quoted.Append(ReportText.Of($"$([char]0x{(int)text[i]:x})"));
                continue;
            }
            var rune = Rune.GetRuneAt(text, i);
            i += rune.Utf16SequenceLength - 1;
            if (rune.Value == '\n')
                quoted.Append("`n");
            else if (!IsVisible(rune))
                quoted.Append(ReportText.Of($"`u{{{rune.Value:x}}}"));
            else if (rune.Value is '`' or '$' || IsDoubleQuote(rune.Value))
                quoted.Append('`').Append(rune);
            else
                quoted.Append(rune);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A string as an argument: bare where it is a plain word.</summary>
    public static string Argument(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? text
            : Quote(text);

    /// <summary>A number.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text that stays within one line of comment.</summary>
    public static string Comment(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => IsVisible(rune) ? rune.ToString() : "\uFFFD"));

    private static bool IsVisible(Rune rune) =>
        rune.Value == ' '
        || Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
            );

    // The replacement character itself is visible: only halves of pairs are told from it here.
    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i))
                return true;
            i++;
        }
        return false;
    }

    private static bool IsSingleQuote(char letter) => letter is '\'' or (>= '\u2018' and <= '\u201B');

    private static bool IsDoubleQuote(int letter) => letter is '"' or (>= 0x201C and <= 0x201E);
}
