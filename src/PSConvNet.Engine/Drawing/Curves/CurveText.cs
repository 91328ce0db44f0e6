using System.Text;

namespace PSConvNet.Drawing;

/// <summary>Curves in characters: a grid for each panel, a sign for each run.</summary>
internal static class CurveText
{
    private const int Rows = 10;

    // Full for the training images, hollow for the validation images.
    private const string Training = "●■▲◆▼";
    private const string Validation = "○□△◇▽";

    /// <summary>The picture in lines.</summary>
    public static string Write(string title, IReadOnlyList<string> names, IReadOnlyList<CurvePanel> panels, int columns)
    {
        var text = new StringBuilder(TextCells.Fit(title, columns)).Append('\n');
        foreach (var panel in panels)
            Append(text, panel, columns);
        text.Append('\n');
        var validated = panels.Any(panel => panel.Series.Any(series => series.Validation));
        for (var i = 0; i < names.Count; i++)
        {
            var signs = validated
                ? $"{Sign(i, false)} training, {Sign(i, true)} validation"
                : Sign(i, false).ToString();
            text.Append(TextCells.Fit(validated ? $"{names[i]}: {signs}" : $"{signs} {names[i]}", columns))
                .Append('\n');
        }
        return text.ToString().TrimEnd('\n');
    }

    private static void Append(StringBuilder text, CurvePanel panel, int columns)
    {
        var points = panel.Series.SelectMany(series => series.Points).ToArray();
        if (points.Length == 0)
            return;
        Func<double, double> scale = panel.Logarithmic ? Math.Log10 : value => value;
        var (low, high) = (scale(points.Min(p => p.Value)), scale(points.Max(p => p.Value)));
        var (first, last) = (points.Min(p => p.Epoch), points.Max(p => p.Epoch));
        var labels = Enumerable.Range(0, Rows).Select(Label).ToArray();
        var margin = labels.Max(label => label.Length);
        var width = Math.Min(columns - margin - 3, 72);
        var grid = Enumerable.Range(0, Rows).Select(_ => new StringBuilder(new string(' ', width))).ToArray();
        foreach (var series in panel.Series)
        {
            foreach (var (epoch, value) in series.Points)
            {
                var column = last > first ? (int)Math.Round((epoch - first) / (last - first) * (width - 1)) : width / 2;
                var row = high > low ? (int)Math.Round((high - scale(value)) / (high - low) * (Rows - 1)) : Rows / 2;
                grid[row][column] = Sign(series.Run, series.Validation);
            }
        }
        text.Append('\n').Append(panel.Title).Append(panel.Logarithmic ? " (logarithmic)\n" : "\n");
        for (var row = 0; row < Rows; row++)
            text.Append(labels[row].PadLeft(margin))
                .Append(" ┤")
                .Append(grid[row].ToString().TrimEnd(' '))
                .Append('\n');
        text.Append(' ', margin + 1).Append('└').Append('─', width).Append('\n');
        var (from, to) = ($"epoch {first}", last > first ? $"{last}" : "");
        text.Append(' ', margin + 2).Append(from).Append(to.PadLeft(Math.Max(0, width - from.Length))).Append('\n');

        // Every third row: a scale, and not a wall of numbers.
        string Label(int row)
        {
            if (row % 3 != 0)
                return "";
            var value = high > low ? high - (high - low) * row / (Rows - 1) : high;
            return panel.ShortLabel(panel.Logarithmic ? Math.Pow(10, value) : value);
        }
    }

    private static char Sign(int run, bool validation) =>
        validation ? Validation[run % Validation.Length]
        : run < Training.Length ? Training[run]
        // More runs than signs: letters.
        : (char)('a' + (run - Training.Length) % 26);
}
