using System.Text;

namespace PSConvNet.Drawing;

/// <summary>Pictures of studies in characters.</summary>
internal static class SweepText
{
    private const int Rows = 12;
    private const int MostListed = 15;

    /// <summary>Values by trial.</summary>
    public static string Scatter(
        string title,
        string what,
        IReadOnlyList<SweepTrial> trials,
        IReadOnlyList<(int Number, double Value)> best,
        SweepObjective objective,
        int columns
    )
    {
        var values = trials.Where(t => t.Value is { } v && double.IsFinite(v)).Select(t => t.Value!.Value).ToArray();
        var axis = ValueAxis.Of(values, objective);
        var labels = new string[Rows];
        Array.Fill(labels, "");
        foreach (var (place, text) in axis.Ticks(4))
            labels[Row(place)] = text;
        var margin = labels.Max(label => label.Length);
        var width = Math.Min(columns - margin - 3, 72);
        var grid = Enumerable.Range(0, Rows).Select(_ => new string(' ', width).ToCharArray()).ToArray();
        var (first, last) = (trials[0].Number, trials[^1].Number);
        for (var i = 0; i < best.Count; i++)
        {
            var end = i + 1 < best.Count ? Column(best[i + 1].Number) : width;
            for (var column = Column(best[i].Number); column < end; column++)
                grid[Row(axis.Place(best[i].Value))][column] = '─';
        }
        foreach (var trial in trials.OrderBy(t => t.State == TrialState.Completed))
        {
            if (trial.State == TrialState.Failed)
                grid[Rows - 1][Column(trial.Number)] = '×';
            else if (trial.Value is { } value && double.IsFinite(value))
                grid[Row(axis.Place(value))][Column(trial.Number)] = Sign(trial.State);
        }
        var chart = new StringBuilder(TextCells.Fit(title, columns)).Append("\n\n").Append(what).Append('\n');
        for (var row = 0; row < Rows; row++)
            chart
                .Append(labels[row].PadLeft(margin))
                .Append(" ┤")
                .Append(new string(grid[row]).TrimEnd(' '))
                .Append('\n');
        var (from, to) = ($"trial {first}", last > first ? $"{last}" : "");
        chart.Append(' ', margin + 1).Append('└').Append('─', width).Append('\n');
        chart.Append(' ', margin + 2).Append(from).Append(to.PadLeft(Math.Max(0, width - from.Length))).Append("\n\n");
        chart.Append(TextCells.Fit("● completed  ○ pruned  × failed  ◇ not done  ─ best so far", columns));
        return chart.ToString();

        int Row(double place) => Math.Clamp((int)Math.Round((1 - place) * (Rows - 1)), 0, Rows - 1);

        int Column(int number) =>
            last > first ? (int)Math.Round((double)(number - first) / (last - first) * (width - 1)) : width / 2;
    }

    /// <summary>Shares as bars.</summary>
    public static string Bars(
        string title,
        string note,
        IReadOnlyList<(string Name, double Share, string Text)> bars,
        int columns
    )
    {
        var text = new StringBuilder(TextCells.Fit(title, columns)).Append("\n\n");
        foreach (var line in TextWrap.Lines(note, columns, line => TextCells.Width(line)))
            text.Append(line).Append('\n');
        text.Append('\n');
        var names = bars.Select(bar => TextCells.Fit(bar.Name, columns / 3)).ToArray();
        var margin = names.Max(TextCells.Width);
        var width = Math.Min(columns - margin - 3 - bars.Max(bar => bar.Text.Length), 50);
        for (var i = 0; i < bars.Count; i++)
        {
            var length = (int)Math.Round(Math.Clamp(bars[i].Share, 0, 1) * width);
            text.Append(TextCells.Pad(names[i], margin, left: true))
                .Append(' ')
                .Append('█', length)
                .Append(' ')
                .Append(bars[i].Text)
                .Append('\n');
        }
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The best trials as a table: value and parameters, as many columns as there is room for.</summary>
    public static string Table(string title, IReadOnlyList<SweepTrial> ranked, SweepObjective objective, int columns)
    {
        var text = new StringBuilder(TextCells.Fit(title, columns)).Append("\n\n");
        if (ranked.Count == 0)
            return text.Append("No trial is completed yet.").ToString();
        var listed = ranked.Take(MostListed).ToArray();
        string[] names =
        [
            .. listed
                .SelectMany(t => t.Parameters.Keys)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase),
        ];
        var table = new List<string[]>
        {
            (string[])["trial", objective == SweepObjective.Accuracy ? "accuracy" : "loss", .. names],
        };
        foreach (var trial in listed)
        {
            table.Add([
                trial.Id.ToString(),
                ValueAxis.Text(trial.Value!.Value, objective),
                .. names.Select(name =>
                    trial.Parameters.TryGetValue(name, out var value) ? SweepValue.ToShortText(value) : "·"
                ),
            ]);
        }
        var widths = Enumerable
            .Range(0, names.Length + 2)
            .Select(c => table.Max(row => Math.Min(TextCells.Width(row[c]), 20)))
            .ToArray();
        foreach (var row in table)
        {
            var line = string.Join(
                "  ",
                row.Select((cell, c) => TextCells.Pad(TextCells.Fit(cell, widths[c]), widths[c], left: true))
            );
            text.Append(TextCells.Fit(line, columns)).Append('\n');
        }
        return text.ToString().TrimEnd('\n');
    }

    private static char Sign(TrialState state) =>
        state switch
        {
            TrialState.Completed => '●',
            TrialState.Pruned => '○',
            _ => '◇',
        };
}
