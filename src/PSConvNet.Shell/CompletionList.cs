using System.Globalization;
using System.Text;

namespace PSConvNet.Shell;

/// <summary>Lays candidates out in columns, read downwards.</summary>
internal static class CompletionList
{
    private const int Most = 100;

    /// <summary>The rows, each ended by a line break; at most a hundred candidates, and how many more there are.</summary>
    public static string Draw(IReadOnlyList<string> names, int width)
    {
        var shown = names.Take(Most).Select(name => CellWidth.Fit(name, width - 1)).ToArray();
        var cell = shown.Max(name => CellWidth.Of(name)) + 2;
        var columns = Math.Max(1, width / cell);
        var rows = (shown.Length + columns - 1) / columns;
        var text = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            for (var i = row; i < shown.Length; i += rows)
                text.Append(shown[i])
                    .Append(i + rows < shown.Length ? new string(' ', cell - CellWidth.Of(shown[i])) : "");
            text.Append('\n');
        }
        if (names.Count > Most)
            text.Append(CultureInfo.InvariantCulture, $"... and {names.Count - Most} more\n");
        return text.ToString();
    }
}
