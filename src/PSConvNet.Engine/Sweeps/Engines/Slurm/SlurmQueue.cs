using System.Globalization;

namespace PSConvNet.Sweeps;

/// <summary>Tasks of one array in one state, a line of squeue.</summary>
/// <param name="Job">The array's number.</param>
/// <param name="Tasks">How many.</param>
/// <param name="State">Slurm's word: PENDING, RUNNING, ...</param>
/// <param name="Reason">Why they wait or how they ended, in Slurm's words.</param>
internal sealed record SlurmLine(string Job, int Tasks, string State, string Reason)
{
    private static readonly HashSet<string> s_ended = new(StringComparer.Ordinal)
    {
        "BOOT_FAIL",
        "CANCELLED",
        "COMPLETED",
        "DEADLINE",
        "FAILED",
        "LAUNCH_FAILED",
        "NODE_FAIL",
        "OUT_OF_MEMORY",
        "PREEMPTED",
        "RECONFIG_FAIL",
        "REVOKED",
        "TIMEOUT",
    };

    /// <summary>Whether they are over. A state that is not known here counts as going on.</summary>
    public bool IsEnded => s_ended.Contains(State);

    /// <summary>Whether they are still to start.</summary>
    public bool IsPending =>
        State is "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "RESV_DEL_HOLD" or "SPECIAL_EXIT";
}

/// <summary>Reads what squeue and sacct say.</summary>
internal static class SlurmQueue
{
    /// <summary>The format squeue is asked for: array, tasks, state, reason.</summary>
    public const string Format = "--format=%F|%K|%T|%r";

    /// <summary>Reads squeue's lines in <see cref="Format"/>; what is none of them is passed over.</summary>
    public static IReadOnlyList<SlurmLine> ReadQueue(string output)
    {
        var lines = new List<SlurmLine>();
        foreach (var line in Lines(output))
        {
            var parts = line.Split('|', 4);
            if (parts.Length == 4)
                lines.Add(new SlurmLine(parts[0], CountTasks(parts[1]), parts[2], parts[3]));
        }
        return lines;
    }

    /// <summary>
    /// Reads sacct's lines JobID|State|ExitCode, as <c>17_3|COMPLETED|0:0</c> and <c>17_[4-9%2]|CANCELLED by 0|0:0</c>; steps are
    /// passed over.
    /// </summary>
    public static IReadOnlyList<SlurmLine> ReadAccounts(string output)
    {
        var lines = new List<SlurmLine>();
        foreach (var line in Lines(output))
        {
            var parts = line.Split('|');
            if (parts.Length < 3 || parts[0].Contains('.', StringComparison.Ordinal))
                continue;
            var id = parts[0].Split('_', 2);
            var tasks = id.Length == 2 ? CountTasks(id[1].Trim('[', ']')) : 1;
            lines.Add(new SlurmLine(id[0], tasks, parts[1].Split(' ')[0], parts[2]));
        }
        return lines;
    }

    /// <summary>How many tasks <c>7</c>, <c>0-4,9%2</c> or <c>0-10:2</c> names; 1 for what is not told (<c>N/A</c>).</summary>
    public static int CountTasks(string tasks)
    {
        var count = 0;
        foreach (var range in tasks.Split('%')[0].Split(','))
        {
            var stepped = range.Split(':');
            var ends = stepped[0].Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first))
                continue;
            var last = first;
            if (ends.Length == 2 && !int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out last))
                last = first;
            var step = 1;
            if (
                stepped.Length == 2
                && int.TryParse(stepped[1], NumberStyles.None, CultureInfo.InvariantCulture, out var s)
            )
                step = Math.Max(1, s);
            count += Math.Max(0, last - first) / step + 1;
        }
        return Math.Max(1, count);
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
