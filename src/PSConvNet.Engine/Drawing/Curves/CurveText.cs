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
    public static string Write(
        string title,
        IReadOnlyList<string> names,
        IReadOnlyList<CurvePanel> panels,
        IReadOnlyList<CurveMeaning> legend,
        int columns
    )
    {
        var text = new StringBuilder(TextCells.Fit(title, columns)).Append('\n');
        foreach (var panel in panels)
            Append(text, panel, columns);
        text.Append('\n');
        foreach (var run in legend.GroupBy(entry => entry.Run))
        {
            var name = names[run.Key];
            var line = run.First().Meaning is null
                ? $"{Sign(run.Key, run.First().Kind)} {name}"
                : $"{name}: {string.Join(", ", run.Select(entry => $"{Sign(entry.Run, entry.Kind)} {entry.Meaning}"))}";
            text.Append(TextCells.Fit(line, columns)).Append('\n');
        }
        return text.ToString().TrimEnd('\n');
    }

    private static void Append(StringBuilder text, CurvePanel panel, int columns)
    {
        var points = panel.Shown.ToArray();
        if (points.Length == 0)
            return;
        Func<double, double> scale = panel.Logarithmic ? Math.Log10 : value => value;
        var (low, high) = (scale(points.Min(p => p.Value)), scale(points.Max(p => p.Value)));
        Func<double, double> across = panel.Across.Logarithmic ? Math.Log10 : value => value;
        double[] places = [.. panel.Curves.SelectMany(series => series.Points).Select(point => point.Across)];
        var (least, most) = (places.Min(), places.Max());
        var (first, last) = (across(least), across(most));
        var labels = Enumerable.Range(0, Rows).Select(Label).ToArray();
        var margin = labels.Max(label => label.Length);
        var width = Math.Min(columns - margin - 3, 72);
        var grid = Enumerable.Range(0, Rows).Select(_ => new StringBuilder(new string(' ', width))).ToArray();
        foreach (var mark in panel.Series.Where(series => series.Kind == CurveKind.Mark).SelectMany(s => s.Points))
        {
            foreach (var row in grid)
                row[Column(mark.Across)] = Sign(0, CurveKind.Mark);
        }
        // Dots first: a line goes over them.
        foreach (var series in panel.Curves.OrderByDescending(series => series.Kind))
        {
            foreach (var (place, value) in series.Points.Where(point => point.Value <= panel.Top))
            {
                var row = high > low ? (int)Math.Round((high - scale(value)) / (high - low) * (Rows - 1)) : Rows / 2;
                grid[row][Column(place)] = Sign(series.Run, series.Kind);
            }
        }
        text.Append('\n').Append(panel.Title).Append(panel.Logarithmic ? " (logarithmic)\n" : "\n");
        for (var row = 0; row < Rows; row++)
            text.Append(labels[row].PadLeft(margin))
                .Append(" ┤")
                .Append(grid[row].ToString().TrimEnd(' '))
                .Append('\n');
        text.Append(' ', margin + 1).Append('└').Append('─', width).Append('\n');
        var from = $"{panel.Across.Name.ToLowerInvariant()} {panel.Across.Label(least)}";
        var to = most > least ? panel.Across.Label(most) : "";
        text.Append(' ', margin + 2).Append(from).Append(to.PadLeft(Math.Max(0, width - from.Length))).Append('\n');

        int Column(double place) =>
            last > first ? (int)Math.Round((across(place) - first) / (last - first) * (width - 1)) : width / 2;

        // Every third row: a scale, and not a wall of numbers.
        string Label(int row)
        {
            if (row % 3 != 0)
                return "";
            var value = high > low ? high - (high - low) * row / (Rows - 1) : high;
            return panel.ShortLabel(panel.Logarithmic ? Math.Pow(10, value) : value);
        }
    }

    private static char Sign(int run, CurveKind kind) =>
        kind switch
        {
            CurveKind.Mark => '┊',
            CurveKind.Batches => '·',
            CurveKind.Validation => Validation[run % Validation.Length],
            _ when run < Training.Length => Training[run],
            // More runs than signs: letters.
            _ => (char)('a' + (run - Training.Length) % 26),
        };
}
