using System.Globalization;

namespace PSConvNet;

/// <summary>Breaks text into lines: between words, and within one only where it is wider than a line.</summary>
internal static class TextWrap
{
    private const char NoBreak = '\u00A0';

    /// <summary>Settings that break at their commas only.</summary>
    public static string Phrases(string settings) =>
        string.Join(", ", settings.Split(", ").Select(phrase => phrase.Replace(' ', NoBreak)));

    /// <summary>The lines; one empty line for an empty text.</summary>
    /// <param name="text">Words, or <see cref="Phrases"/>, with spaces between.</param>
    /// <param name="width">What a line may take, in whatever <paramref name="measure"/> measures.</param>
    /// <param name="measure">What a text takes.</param>
    public static IReadOnlyList<string> Lines(string text, double width, Func<string, double> measure)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (measure(longer) <= width)
            {
                line = longer;
                continue;
            }
            if (line.Length > 0)
                lines.Add(line);
            line = word;
            while (measure(line) > width && Cut(line, width, measure) is var cut && cut < line.Length)
            {
                lines.Add(line[..cut]);
                line = line[cut..];
            }
        }
        lines.Add(line);
        return lines.ConvertAll(part => part.Replace(NoBreak, ' '));
    }

    /// <summary>How much of a word fits: whole letters, with their accents, and one at least.</summary>
    private static int Cut(string word, double width, Func<string, double> measure)
    {
        var cut = StringInfo.GetNextTextElementLength(word);
        while (cut < word.Length)
        {
            var next = cut + StringInfo.GetNextTextElementLength(word.AsSpan(cut));
            if (measure(word[..next]) > width)
                break;
            cut = next;
        }
        return cut;
    }
}
