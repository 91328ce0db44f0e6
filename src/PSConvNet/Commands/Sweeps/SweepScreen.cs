using System.Globalization;

namespace PSConvNet.Commands;

/// <summary>Shows the progress of all workers of a study on one screen.</summary>
internal sealed class SweepScreen(CommandProgress screen, Study study)
{
    /// <summary>More lines would leave no room for anything else.</summary>
    private const int MostTrials = 8;

    private string Title => $"Sweep {Path.GetFileName(study.Folder.TrimEnd(Path.DirectorySeparatorChar))}";

    /// <summary>Shows it.</summary>
    public void Show(SweepProgress progress, string place)
    {
        var over = progress.Completed + progress.Pruned + progress.Failed;
        screen.Show($"{Title}, {place}", Status(progress), (double)over / progress.Total, progress.Remaining);
        var running = progress.Running.OrderBy(trial => trial.Id).Take(MostTrials).ToList();
        for (var i = 0; i < running.Count; i++)
        {
            var now = running[i];
            screen.Show(
                $"trial {now.Id}",
                now.Epoch > 0 ? $"epoch {now.Epoch}" : "begins",
                now.Completed,
                below: 1 + i
            );
        }
        for (var i = running.Count; i < MostTrials; i++)
            screen.Complete(1 + i);
    }

    private string Status(SweepProgress progress)
    {
        var parts = new List<string> { $"{progress.Completed} of {progress.Total} done" };
        if (progress.Pruned > 0)
            parts.Add($"{progress.Pruned} pruned");
        if (progress.Failed > 0)
            parts.Add($"{progress.Failed} failed");
        if (progress.Best is { Value: { } value })
            parts.Add($"best {Value(value)}");
        return string.Join(", ", parts);
    }

    private string Value(double value) =>
        study.Settings.Objective == SweepObjective.Accuracy
            ? Percentage.Of(value)
            : value.ToString("F4", CultureInfo.InvariantCulture);
}
