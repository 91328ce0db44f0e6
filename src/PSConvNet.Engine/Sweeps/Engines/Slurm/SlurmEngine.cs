using PSConvNet;

[assembly: SweepEngine(typeof(SlurmEngine))]

namespace PSConvNet.Sweeps;

/// <summary>Workers as tasks of Slurm's job arrays. Whatever is not given is left to the cluster's defaults.</summary>
public sealed record SlurmEngine : SweepEngine
{
    // Options of sbatch that the pool sets, or that would take its answers away.
    private static readonly string[] s_taken =
    [
        "--array",
        "-a",
        "--parsable",
        "--output",
        "-o",
        "--error",
        "-e",
        "--input",
        "-i",
        "--wrap",
        "--wait",
        "-W",
        "--signal",
        "--test-only",
        "--help",
        "-h",
        "--usage",
        "--version",
        "-V",
        "--chdir",
        "-D",
        "--ntasks",
        "-n",
        "--nodes",
        "-N",
        "--requeue",
        "--cpus-per-task",
        "-c",
        "--mem",
        "--time",
        "-t",
        "--partition",
        "-p",
        "--account",
        "-A",
        "--clusters",
        "-M",
    ];

    /// <summary>How many workers may run at the same time, from 1; null for as many as the cluster allows.</summary>
    public int? Parallel { get; init; }

    /// <summary>The partition (queue) to run in; null for the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>The account that is charged; null for the user's default.</summary>
    public string? Account { get; init; }

    /// <summary>The longest a task may run; whole minutes, rounded up. Null for the partition's limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Memory per worker, in bytes, rounded up to whole MiB; null for the cluster's default.</summary>
    public long? Memory { get; init; }

    /// <summary>
    /// How many trials a task does before it ends, from 1. More for short trials: a task costs the cluster about a second, and the
    /// worker some for its start.
    /// </summary>
    public int TrialsPerTask { get; init; } = 1;

    /// <summary>How long before <see cref="Time"/> is over a worker is asked to stop, so that it saves its trial; 0 to 65535 s.</summary>
    public TimeSpan StopBefore { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>More options for sbatch, one per item: <c>--qos=short</c>, <c>--constraint=avx512</c>.</summary>
    public string[] SchedulerArgument { get; init; } = [];

    /// <inheritdoc />
    public override void Validate()
    {
        Require(Parallel is null or >= 1, Parallel, "a whole number from 1");
        Require(IsName(Partition), Partition, "a partition's name, or leave it out for the cluster's default");
        Require(IsName(Account), Account, "an account's name, or leave it out for yours");
        Require(Memory is null or >= 1, Memory, "bytes, 4GB for instance");
        Require(TrialsPerTask >= 1, TrialsPerTask, "a whole number from 1");
        Require(StopBefore.TotalSeconds is >= 0 and <= 65535, StopBefore, "0 to 65535 seconds");
        if (Time is { } time)
        {
            Require(time > TimeSpan.Zero && time.TotalDays <= 3650, Time, "more than 0 minutes and at most ten years");
            Require(
                Minutes(time) * 60 > StopBefore.TotalSeconds,
                Time,
                FormattableString.Invariant(
                    $"more: workers are asked to stop {StopBefore.TotalSeconds:0} s before the end (StopBefore), which would be immediately"
                )
            );
        }
        foreach (var argument in SchedulerArgument)
        {
            Require(
                argument.Length >= 2 && argument[0] == '-' && !argument.Any(char.IsControl),
                argument,
                "one item for each option of sbatch and its value, '--qos=short' for instance",
                nameof(SchedulerArgument)
            );
            Require(
                !IsTaken(argument),
                argument,
                "an option that the sweep doesn't set itself; Partition, Account, Time, Memory and TrainingOptions.Threads are for that",
                nameof(SchedulerArgument)
            );
        }
    }

    /// <inheritdoc />
    public override EngineStart Start(Study study, Func<WorkerCommand> worker) =>
        new SlurmPool(study.Folder, worker(), this, study.Settings.Training.Threads, study.CountEpochs);

    /// <summary>The options for sbatch, one per item, none of them quoted.</summary>
    /// <param name="cores">Cores per worker.</param>
    internal IEnumerable<string> Arguments(int cores)
    {
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return FormattableString.Invariant($"--cpus-per-task={cores}");
        yield return FormattableString.Invariant($"--signal=B:TERM@{Math.Ceiling(StopBefore.TotalSeconds)}");
        if (Partition is { } partition)
            yield return $"--partition={partition}";
        if (Account is { } account)
            yield return $"--account={account}";
        if (Time is { } time)
            yield return FormattableString.Invariant($"--time={Minutes(time)}");
        if (Memory is { } memory)
            yield return FormattableString.Invariant($"--mem={((memory - 1) >> 20) + 1}M");
        foreach (var argument in SchedulerArgument)
            yield return argument;
    }

    private static long Minutes(TimeSpan time) => (long)Math.Ceiling(time.TotalMinutes);

    private static bool IsName(string? value) =>
        value is null || (!string.IsNullOrWhiteSpace(value) && !value.Any(char.IsControl));

    private static bool IsTaken(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        // getopt takes any beginning of a long option's name that is clear, and a short option's value without a space.
        return name.StartsWith("--", StringComparison.Ordinal)
            ? name.Length < 4 || s_taken.Any(taken => taken.StartsWith(name, StringComparison.Ordinal))
            : s_taken.Any(taken => taken.Length == 2 && name.StartsWith(taken, StringComparison.Ordinal));
    }
}
