using System.Globalization;
using System.Text;

namespace PSConvNet.Drawing;

/// <summary>A confusion matrix in characters; where it is too wide, the most frequent mistakes in words.</summary>
internal static class ConfusionText
{
    private const int NameMost = 14;
    private const int MostListed = 15;

    /// <summary>The picture in lines.</summary>
    public static string Write(string title, IReadOnlyList<string> names, int[,] counts, int columns)
    {
        var text = new StringBuilder(TextCells.Fit(title, columns)).Append("\n\n");
        var labels = names.Select(name => TextCells.Fit(name, NameMost)).ToArray();
        var margin = Math.Max("truth".Length, labels.Max(TextCells.Width));
        var cell = 2 + counts.Cast<int>().Max(count => Number(count).Length);
        cell = Math.Max(cell, 2 + labels.Max(TextCells.Width));
        if (margin + names.Count * cell <= columns)
            Matrix(text, labels, counts, margin, cell);
        else
            List(text, names, counts, columns);
        return text.ToString().TrimEnd('\n');
    }

    private static void Matrix(StringBuilder text, string[] labels, int[,] counts, int margin, int cell)
    {
        text.Append(TextCells.Pad("truth", margin)).Append("  answer\n").Append(' ', margin);
        foreach (var label in labels)
            text.Append(TextCells.Pad(label, cell, left: true));
        text.Append('\n');
        for (var row = 0; row < labels.Length; row++)
        {
            text.Append(TextCells.Pad(labels[row], margin));
            for (var column = 0; column < labels.Length; column++)
            {
                // A dot for none: what there is stands out.
                var count = counts[row, column];
                text.Append((count == 0 ? "·" : Number(count)).PadLeft(cell));
            }
            text.Append('\n');
        }
    }

    private static void List(StringBuilder text, IReadOnlyList<string> names, int[,] counts, int columns)
    {
        var mistakes = ConfusionPicture.Mistakes(counts).ToList();
        text.Append(
            mistakes.Count == 0
                ? "There are no mistakes.\n"
                : $"{Counted.Of(names.Count, "class")}; the most frequent mistakes:\n"
        );
        foreach (var (truth, answer, count) in mistakes.Take(MostListed))
            text.Append(TextCells.Fit($"{Number(count), 6}  {names[truth]} taken for {names[answer]}", columns))
                .Append('\n');
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
