using System.Text;

namespace PSConvNet;

/// <summary>A column of a text table.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="RightAligned">Whether its cells are numbers, to be set flush right.</param>
internal readonly record struct TextColumn(string Header, bool RightAligned = false);

/// <summary>Sets rows of text in columns as wide as they need: what summaries and runs print as.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <summary>The table, with a rule under the headings and no line break at its end.</summary>
    public static string Format(IReadOnlyList<TextColumn> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.ToList();
        var widths = columns
            .Select((c, i) => cells.Select(row => row[i].Length).Append(c.Header.Length).Max())
            .ToList();
        var text = new StringBuilder();
        Append([.. columns.Select(column => column.Header)]);
        Append([.. widths.Select(width => new string('-', width))]);
        foreach (var row in cells)
            Append(row);
        return text.ToString().TrimEnd('\n');

        void Append(IReadOnlyList<string> row)
        {
            var line = row.Select(
                (cell, i) => columns[i].RightAligned ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i])
            );
            text.Append(string.Join(Gap, line).TrimEnd()).Append('\n');
        }
    }
}
