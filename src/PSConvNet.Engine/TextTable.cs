using System.Text;

namespace PSConvNet;

/// <summary>A column of a text table.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="RightAligned">Whether its cells are numbers, to be set flush right.</param>
internal readonly record struct TextColumn(string Header, bool RightAligned = false);

/// <summary>
/// Sets rows of text in columns as wide as they need: what summaries and runs print as. Where a terminal has no room for them, texts go on in
/// the next line.
/// </summary>
internal static class TextTable
{
    /// <summary>The columns of a usual terminal.</summary>
    public const int Width = 80;

    private const string Gap = "  ";

    // Narrower columns of words would be columns of syllables.
    private const int LeastWidth = 12;

    /// <summary>The table, with a rule under the headings and no line break at its end.</summary>
    public static string Format(IReadOnlyList<TextColumn> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.ToList();
        var widths = columns
            .Select((c, i) => cells.Select(row => row[i].Length).Append(c.Header.Length).Max())
            .ToArray();
        Narrow(columns, widths);
        var text = new StringBuilder();
        Append([.. columns.Select(column => column.Header)]);
        Append([.. widths.Select(width => new string('-', width))]);
        foreach (var row in cells)
            Append(row);
        return text.ToString().TrimEnd('\n');

        void Append(IReadOnlyList<string> row)
        {
            var wrapped = row.Select((cell, i) => Wrap(cell, widths[i])).ToList();
            for (var line = 0; line < wrapped.Max(lines => lines.Count); line++)
            {
                var parts = wrapped.Select(
                    (lines, i) =>
                    {
                        var part = line < lines.Count ? lines[line] : "";
                        return columns[i].RightAligned ? part.PadLeft(widths[i]) : part.PadRight(widths[i]);
                    }
                );
                text.Append(string.Join(Gap, parts).TrimEnd()).Append('\n');
            }
        }
    }

    /// <summary>A text's lines, each broken between words where it is wider than a terminal, and indented as its beginning is.</summary>
    public static string Lines(string text) =>
        string.Join('\n', text.Split('\n').SelectMany(line => Wrap(line, Width)));

    /// <summary>Takes from the widest columns of texts what a terminal has no room for.</summary>
    private static void Narrow(IReadOnlyList<TextColumn> columns, int[] widths)
    {
        var texts = Enumerable.Range(0, columns.Count).Where(i => !columns[i].RightAligned).ToList();
        while (widths.Sum() + Gap.Length * (columns.Count - 1) > Width)
        {
            var widest = texts.Where(i => widths[i] > LeastWidth).OrderByDescending(i => widths[i]).FirstOrDefault(-1);
            if (widest < 0)
                return;
            widths[widest]--;
        }
    }

    private static IReadOnlyList<string> Wrap(string text, int width)
    {
        if (text.Length <= width)
            return [text];
        var indent = text[..(text.Length - text.TrimStart().Length)];
        return
        [
            .. TextWrap
                .Lines(text.Trim(), Math.Max(1, width - indent.Length), part => part.Length)
                .Select(line => indent + line),
        ];
    }
}
