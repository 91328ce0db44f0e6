using System.Globalization;
using System.Text.RegularExpressions;

namespace PSConvNet.Sweeps;

/// <summary>Talks to a cluster by Slurm's own commands.</summary>
internal sealed partial class SlurmClient(Tool tool)
{
    private int? _maxArraySize;
    private string? _cluster;

    /// <summary>Whether sacct answers; null before it was asked.</summary>
    public bool? HasAccounting { get; private set; }

    /// <summary>The most tasks an array may have here.</summary>
    /// <exception cref="ConvNetException"><c>SlurmNotFound</c>, <c>SlurmUnreachable</c>.</exception>
    public int MaxArraySize => _maxArraySize ??= ReadMaxArraySize();

    /// <summary>Submits an array of tasks numbered from 0.</summary>
    /// <returns>The array's number.</returns>
    /// <exception cref="ConvNetException"><c>SlurmNotFound</c>, <c>SlurmRefused</c>, <c>SlurmAnswerUnknown</c>.</exception>
    public string Submit(string script, string study, string name, int tasks, int? atOnce, IEnumerable<string> options)
    {
        var array = FormattableString.Invariant($"--array=0-{tasks - 1}");
        if (atOnce is { } most)
            array += FormattableString.Invariant($"%{most}");
        var result = Run(
            "sbatch",
            [
                "--parsable",
                array,
                $"--job-name={name}",
                $"--chdir={study}",
                "--output=/dev/null",
                // The pool sees to what is missing; a task that is queued again as well would be one too many.
                "--no-requeue",
                .. options,
                script,
            ]
        );
        if (result.Code != 0)
        {
            throw new ConvNetException(
                ErrorIds.SlurmRefused,
                ErrorKind.Unavailable,
                $"Slurm refuses the workers: {result.Complaint:text}. Check partition, account, time, cores and memory (sinfo shows what there is).",
                result.Complaint
            );
        }
        // With more than one cluster "17;name", and a site's plug-ins may write lines of their own before it.
        var answer = result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var match = answer.Length == 0 ? Match.Empty : JobNumber().Match(answer[^1]);
        if (!match.Success)
        {
            throw new ConvNetException(
                ErrorIds.SlurmAnswerUnknown,
                ErrorKind.InvalidData,
                $"sbatch returned '{result.Output.Trim():text}' instead of a job's number; check with squeue --me whether workers were queued, and cancel them with scancel.",
                result.Output
            );
        }
        _cluster = match.Groups[2].Success ? match.Groups[2].Value : null;
        return match.Groups[1].Value;
    }

    /// <summary>All that is known of arrays, ended tasks too for as long as Slurm remembers them; null where Slurm does not answer.</summary>
    /// <param name="jobs">Their numbers.</param>
    /// <param name="name">Their name: a number may have come again since it was noted, and be somebody else's.</param>
    public IReadOnlyList<SlurmLine>? Ask(IReadOnlyCollection<string> jobs, string name)
    {
        var result = Run(
            "squeue",
            ["--noheader", "--states=all", SlurmQueue.Format, $"--name={name}", .. Cluster(), Jobs(jobs)]
        );
        if (result.Code == 0)
            return SlurmQueue.ReadQueue(result.Output);
        // One number that is forgotten is an error, several are not.
        return result.Errors.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase) ? [] : null;
    }

    /// <summary>How tasks ended that squeue has forgotten; nothing where the cluster keeps no accounts.</summary>
    public IReadOnlyList<SlurmLine> AskAccounts(IReadOnlyCollection<string> jobs)
    {
        if (HasAccounting == false)
            return [];
        var result = tool.Run(
            "sacct",
            ["--noheader", "--parsable2", "--allocations", "--format=JobID,State,ExitCode", .. Cluster(), Jobs(jobs)]
        );
        HasAccounting = result is { Code: 0 };
        return result is { Code: 0 } ? SlurmQueue.ReadAccounts(result.Output) : [];
    }

    /// <summary>Lets an array run so many tasks at once; where Slurm refuses, all stays as it is.</summary>
    public void Throttle(string job, int atOnce) =>
        Run(
            "scontrol",
            [.. Cluster(), "update", $"JobId={job}", FormattableString.Invariant($"ArrayTaskThrottle={atOnce}")]
        );

    /// <summary>Takes out of the queue what has not started.</summary>
    public void CancelPending(IReadOnlyCollection<string> jobs) => Cancel(jobs, "--state=PENDING");

    /// <summary>Sends SIGTERM to the workers that run.</summary>
    public void Terminate(IReadOnlyCollection<string> jobs) => Cancel(jobs, "--batch", "--signal=TERM");

    /// <summary>Ends all, at once.</summary>
    public void Kill(IReadOnlyCollection<string> jobs)
    {
        CancelPending(jobs);
        Cancel(jobs, "--batch", "--signal=KILL");
        Cancel(jobs);
    }

    // It says that jobs have ended already as an error: not one here. What is still there is seen by the next look.
    private void Cancel(IReadOnlyCollection<string> jobs, params string[] how)
    {
        if (jobs.Count > 0)
            tool.Run("scancel", [.. how, .. Cluster(), .. jobs]);
    }

    private int ReadMaxArraySize()
    {
        var result = Run("scontrol", [.. Cluster(), "show", "config"]);
        if (result.Code != 0)
            throw Unreachable(result.Complaint);
        var match = ArraySize().Match(result.Output);
        // 1001 is Slurm's own default.
        return match.Success
            ? int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : 1001;
    }

    /// <summary><c>SlurmUnreachable</c>.</summary>
    public static ConvNetException Unreachable(string said) =>
        new(
            ErrorIds.SlurmUnreachable,
            ErrorKind.Unavailable,
            $"Slurm doesn't answer: {said:text}. What is running continues by itself; run the sweep again when sinfo works.",
            said
        );

    private ToolResult Run(string program, IEnumerable<string> arguments) =>
        tool.Run(program, arguments)
        ?? throw new ConvNetException(
            ErrorIds.SlurmNotFound,
            ErrorKind.NotFound,
            $"{program} was not found on PATH; run the sweep on a machine of the cluster that can submit jobs (module load slurm, on some).",
            program
        );

    private IEnumerable<string> Cluster() => _cluster is null ? [] : [$"--clusters={_cluster}"];

    private static string Jobs(IReadOnlyCollection<string> jobs) => $"--jobs={string.Join(',', jobs)}";

    [GeneratedRegex(@"^([0-9]+)(?:;(\S+))?$")]
    private static partial Regex JobNumber();

    [GeneratedRegex(@"^MaxArraySize\s*=\s*([1-9][0-9]{0,8})\s*$", RegexOptions.Multiline)]
    private static partial Regex ArraySize();
}
