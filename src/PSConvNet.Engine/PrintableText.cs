using System.Globalization;
using System.Text;

namespace PSConvNet;

/// <summary>
/// Texts from outside (names in files, names of files and folders, messages of other machines) as a terminal may be given them. A terminal obeys
/// control characters: a name could clear the screen or set the window's title. Others are invisible, or turn the direction of writing, so that one
/// name passes for another. Here each becomes a sign that shows it. The rule goes by Unicode's categories, not by a list of characters.
/// </summary>
internal static class PrintableText
{
    /// <summary>The longest name that a message shows whole; of a longer one it shows the beginning and the end.</summary>
    public const int LongestName = 200;

    /// <summary>How many names of a list a message shows.</summary>
    public const int MostNames = 10;

    private const char ControlPictures = '\u2400';
    private const char PictureOfDelete = '\u2421';
    private const char Unknown = '\uFFFD';
    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;

    /// <summary>The text with a sign for each character that a terminal obeys or hides; the same object where there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="lines">Whether it may have several lines, and tabs in them.</param>
    public static string Of(string text, bool lines = false)
    {
        StringBuilder? signs = null;
        for (var i = 0; i < text.Length; )
        {
            // Half a surrogate pair, which file systems allow, is no character, and UTF-8 has none.
            var rune = Rune.TryGetRuneAt(text, i, out var whole) ? whole : Rune.ReplacementChar;
            var length = rune.IsBmp ? 1 : 2;
            if (rune == Rune.ReplacementChar && text[i] != Unknown)
                (signs ??= new StringBuilder(text, 0, i, text.Length)).Append(Unknown);
            else if (IsObeyed(text, i, rune) && !(lines && IsLayout(text, i)))
                (signs ??= new StringBuilder(text, 0, i, text.Length)).Append(Sign(rune.Value));
            else
                signs?.Append(text, i, length);
            i += length;
        }
        return signs?.ToString() ?? text;
    }

    /// <summary>A name as a message shows it: on one line, and not too long.</summary>
    public static string Name(string name) => Cut(Of(name), LongestName);

    /// <summary>Names as a message lists them: <c>a, b and 3 more</c>.</summary>
    /// <param name="names">The names.</param>
    /// <param name="quoted">Whether each stands in quotes, so that its case and its blanks show.</param>
    public static string Names(IEnumerable<string> names, bool quoted = false)
    {
        string[] all = [.. names];
        var shown = string.Join(", ", all.Take(MostNames).Select(name => quoted ? $"'{Name(name)}'" : Name(name)));
        return all.Length <= MostNames
            ? shown
            : string.Create(CultureInfo.InvariantCulture, $"{shown} and {all.Length - MostNames:N0} more");
    }

    /// <summary>The beginning and the end of a text that is too long to be shown.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters are shown.</param>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        // What to do stands at the end of a message.
        var end = most / 3;
        var begin = most - end;
        if (char.IsHighSurrogate(text[begin - 1]))
            begin--;
        if (char.IsLowSurrogate(text[^end]))
            end--;
        return $"{text[..begin]} ... {text[^end..]}";
    }

    /// <summary>Whether it is a tab or the end of a line; a carriage return alone would have the line written over.</summary>
    private static bool IsLayout(string text, int at) =>
        text[at] is '\n' or '\t' || (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n');

    /// <summary>Whether a character is a command to whatever shows the text, and has no shape of its own.</summary>
    public static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    /// <summary>Whether it is one of the two joiners, which Persian words and composed emoji need.</summary>
    public static bool IsJoiner(Rune rune) => rune.Value is NonJoiner or Joiner;

    private static bool IsObeyed(string text, int at, Rune rune) =>
        IsHidden(rune) && !(IsJoiner(rune) && IsWithinWord(text, at));

    private static bool IsWithinWord(string text, int at) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var before, out _) == System.Buffers.OperationStatus.Done
        && Rune.DecodeFromUtf16(text.AsSpan(at + 1), out var after, out _) == System.Buffers.OperationStatus.Done
        && IsOfWord(before)
        && IsOfWord(after);

    private static bool IsOfWord(Rune rune) =>
        Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.OtherSymbol
                or UnicodeCategory.ModifierSymbol;

    private static char Sign(int letter) =>
        letter switch
        {
            < ' ' => (char)(ControlPictures + letter),
            '\u007F' => PictureOfDelete,
            _ => Unknown,
        };
}
