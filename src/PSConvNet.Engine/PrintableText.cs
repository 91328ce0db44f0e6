namespace PSConvNet;

/// <summary>
/// Texts of strangers (names in files, names of files and folders) as a terminal may be given them. A terminal obeys control characters: a name
/// could clear the screen or set the window's title. Here each becomes a sign that shows it.
/// </summary>
internal static class PrintableText
{
    private const char ControlPictures = '\u2400';
    private const char PictureOfDelete = '\u2421';
    private const char Unknown = '\uFFFD';

    /// <summary>Whether a terminal would obey something in it.</summary>
    public static bool IsPrintable(string text) => !text.Any(char.IsControl);

    /// <summary>The text with a sign for each control character; the same object where there is none. Different texts stay different.</summary>
    /// <param name="text">The text.</param>
    /// <param name="lines">Whether it may have several lines.</param>
    public static string Of(string text, bool lines = false) =>
        text.Any(letter => IsObeyed(letter, lines))
            ? string.Concat(text.Select(letter => IsObeyed(letter, lines) ? Sign(letter) : letter))
            : text;

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

    private static bool IsObeyed(char letter, bool lines) =>
        char.IsControl(letter) && !(lines && letter is '\n' or '\r' or '\t');

    private static char Sign(char letter) =>
        letter switch
        {
            < ' ' => (char)(ControlPictures + letter),
            '\u007F' => PictureOfDelete,
            _ => Unknown,
        };
}
