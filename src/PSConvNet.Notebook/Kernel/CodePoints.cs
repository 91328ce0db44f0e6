namespace PSConvNet.Notebook;

/// <summary>Jupyter counts a text's characters, .NET its UTF-16 units; they differ after the first emoji.</summary>
internal static class CodePoints
{
    /// <summary>The index in a string that lies so many characters from its start; the end, where there are fewer.</summary>
    public static int ToIndex(string text, int position)
    {
        var index = 0;
        for (var i = 0; i < position && index < text.Length; i++)
            index += Width(text, index);
        return index;
    }

    /// <summary>How many characters lie before an index of a string.</summary>
    public static int ToPosition(string text, int index)
    {
        var position = 0;
        for (var i = 0; i < index && i < text.Length; i += Width(text, i))
            position++;
        return position;
    }

    private static int Width(string text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;
}
