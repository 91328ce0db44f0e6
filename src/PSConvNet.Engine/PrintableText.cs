namespace PSConvNet;

/// <summary>
/// Texts of strangers (names in files, names of files and folders) as a terminal may be given them. A terminal obeys control characters: a name
/// could clear the screen or set the window's title. It also obeys those that turn the direction of writing, by which one name passes for another.
/// Here each becomes a sign that shows it.
/// </summary>
internal static class PrintableText
{
    private const char ControlPictures = '\u2400';
    private const char PictureOfDelete = '\u2421';
    private const char Unknown = '\uFFFD';

    /// <summary>The text with a sign for each character that a terminal obeys; the same object where there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="lines">Whether it may have several lines, and tabs in them.</param>
    public static string Of(string text, bool lines = false)
    {
        if (!text.Any(IsObeyed))
            return text;
        var signs = text.ToCharArray();
        for (var i = 0; i < signs.Length; i++)
        {
            if (IsObeyed(signs[i]) && !(lines && IsLayout(text, i)))
                signs[i] = Sign(signs[i]);
        }
        return new string(signs);
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

    /// <summary>Control characters, Unicode's ends of lines and paragraphs, and embeddings, overrides and isolates of writing's direction.</summary>
    private static bool IsObeyed(char letter) =>
        char.IsControl(letter) || letter is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static char Sign(char letter) =>
        letter switch
        {
            < ' ' => (char)(ControlPictures + letter),
            '\u007F' => PictureOfDelete,
            _ => Unknown,
        };
}
