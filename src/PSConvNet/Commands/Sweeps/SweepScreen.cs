using System.Globalization;
using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Shows on one screen how all workers of a study get on.</summary>
internal sealed class SweepScreen(Cmdlet cmdlet, Study study)
{
    private const int Activity = 1;

    /// <summary>More would leave no room for anything else.</summary>
    private const int MostTrials = 8;

    private int _shown;

    private string Title => $"Sweep {Path.GetFileName(study.Folder.TrimEnd(Path.DirectorySeparatorChar))}";

    /// <summary>Shows it.</summary>
    public void Show(SweepProgress progress, string place)
    {
        var over = progress.Completed + progress.Pruned + progress.Failed;
        cmdlet.WriteProgress(
            new ProgressRecord(Activity, $"{Title} on {study.DatasetName}, {place}", Status(progress))
            {
                PercentComplete = Percent((double)over / progress.Total),
                SecondsRemaining = progress.Remaining is { } left ? (int)Math.Min(left.TotalSeconds, int.MaxValue) : -1,
            }
        );
        var running = progress.Running.OrderBy(trial => trial.Id).Take(MostTrials).ToList();
        for (var i = 0; i < running.Count; i++)
        {
            var now = running[i];
            cmdlet.WriteProgress(
                new ProgressRecord(Activity + 1 + i, $"trial {now.Id}", now.Epoch > 0 ? $"epoch {now.Epoch}" : "begins")
                {
                    ParentActivityId = Activity,
                    PercentComplete = Percent(now.Completed),
                }
            );
        }
        Complete(running.Count, _shown);
        _shown = running.Count;
    }

    /// <summary>Takes it away.</summary>
    public void Hide()
    {
        Complete(0, _shown);
        cmdlet.WriteProgress(new ProgressRecord(Activity, Title, "done") { RecordType = ProgressRecordType.Completed });
    }

    private void Complete(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            cmdlet.WriteProgress(
                new ProgressRecord(Activity + 1 + i, "trial", "done")
                {
                    ParentActivityId = Activity,
                    RecordType = ProgressRecordType.Completed,
                }
            );
        }
    }

    private string Status(SweepProgress progress)
    {
        var parts = new List<string> { $"{progress.Completed} of {progress.Total} done" };
        if (progress.Pruned > 0)
            parts.Add($"{progress.Pruned} pruned");
        if (progress.Failed > 0)
            parts.Add($"{progress.Failed} failed");
        if (progress.Best is { Value: { } value } best)
            parts.Add($"best {Value(value)} (trial {best.Id})");
        return string.Join(", ", parts);
    }

    private string Value(double value) =>
        study.Settings.Objective == SweepObjective.Accuracy
            ? value.ToString("P2", CultureInfo.InvariantCulture)
            : value.ToString("F4", CultureInfo.InvariantCulture);

    private static int Percent(double share) => (int)Math.Clamp(100 * share, 0, 100);
}
