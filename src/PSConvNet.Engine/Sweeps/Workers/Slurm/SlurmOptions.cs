namespace PSConvNet;

/// <summary>What Slurm is asked for. All of it may be left to the cluster's defaults.</summary>
public sealed record SlurmOptions
{
    // Options of sbatch that the pool sets, or that would take its answers away.
    private static readonly string[] Taken =
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

    /// <summary>The partition (queue) to run in; null for the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>The longest a task may run; whole minutes, rounded up. Null for the partition's limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Cores a worker gets, from 1.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Memory a worker gets, in bytes, rounded up to whole MiB; null for the cluster's default.</summary>
    public long? Memory { get; init; }

    /// <summary>Whose account is charged; null for the person's default.</summary>
    public string? Account { get; init; }

    /// <summary>How many workers may run at the same time, from 1; null for as many as the cluster lets.</summary>
    public int? MostAtOnce { get; init; }

    /// <summary>
    /// How many trials a task does before it ends, from 1. More for short trials: a task costs the cluster about a second, and the
    /// worker some for its start.
    /// </summary>
    public int TrialsPerTask { get; init; } = 1;

    /// <summary>How long before <see cref="Time"/> is over a worker is asked to stop, so that it marks its trial; 0 to 65535 s.</summary>
    public TimeSpan StopBefore { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>More options for sbatch, one an item: <c>--qos=short</c>, <c>--constraint=avx512</c>.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>Refuses what can't be meant.</summary>
    /// <exception cref="ConvNetException"><c>SlurmOptionInvalid</c>: its target is the value.</exception>
    public void Validate()
    {
        Name(nameof(Partition), Partition);
        Name(nameof(Account), Account);
        if (Cores < 1)
            throw Invalid("A worker needs at least 1 core.", Cores);
        if (Memory is < 1)
            throw Invalid("Give memory in bytes, 4GB for instance.", Memory);
        if (MostAtOnce is < 1)
            throw Invalid("At least 1 worker must be able to run at a time.", MostAtOnce);
        if (TrialsPerTask < 1)
            throw Invalid("A task must do at least 1 trial.", TrialsPerTask);
        if (StopBefore < TimeSpan.Zero || StopBefore.TotalSeconds > 65535)
            throw Invalid("Workers are asked to stop 0 to 65535 seconds before their time is over.", StopBefore);
        if (Time is { } time)
        {
            if (time <= TimeSpan.Zero || time.TotalDays > 3650)
                throw Invalid("Give the time of a task as more than 0 minutes.", time);
            if (Minutes(time) * 60 <= StopBefore.TotalSeconds)
            {
                throw Invalid(
                    FormattableString.Invariant(
                        $"A task of {Minutes(time)} min would be asked to stop {StopBefore.TotalSeconds:0} s before its end, so at once; give more time."
                    ),
                    time
                );
            }
        }
        foreach (var extra in ExtraArguments)
            Extra(extra);
    }

    /// <summary>The options for sbatch, one an item, none of them quoted.</summary>
    internal IEnumerable<string> Arguments()
    {
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return FormattableString.Invariant($"--cpus-per-task={Cores}");
        yield return FormattableString.Invariant($"--signal=B:TERM@{Math.Ceiling(StopBefore.TotalSeconds)}");
        if (Partition is { } partition)
            yield return $"--partition={partition}";
        if (Account is { } account)
            yield return $"--account={account}";
        if (Time is { } time)
            yield return FormattableString.Invariant($"--time={Minutes(time)}");
        if (Memory is { } memory)
            yield return FormattableString.Invariant($"--mem={((memory - 1) >> 20) + 1}M");
        foreach (var extra in ExtraArguments)
            yield return extra;
    }

    private static long Minutes(TimeSpan time) => (long)Math.Ceiling(time.TotalMinutes);

    private static void Name(string what, string? value)
    {
        if (value is not null && (string.IsNullOrWhiteSpace(value) || value.Any(char.IsControl)))
            throw Invalid($"{what} must be a name; leave it out for the cluster's default.", value);
    }

    private static void Extra(string argument)
    {
        if (argument.Length < 2 || argument[0] != '-' || argument.Any(char.IsControl))
        {
            throw Invalid(
                $"'{argument}' is no option of sbatch; give each as one item with its value, --qos=short for instance.",
                argument
            );
        }
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        // getopt takes any beginning of a long option's name that is clear, and a short option's value without a space.
        var taken = name.StartsWith("--", StringComparison.Ordinal)
            ? name.Length < 4 || Taken.Any(t => t.StartsWith(name, StringComparison.Ordinal))
            : Taken.Any(t => t.Length == 2 && name.StartsWith(t, StringComparison.Ordinal));
        if (taken)
        {
            throw Invalid(
                $"{argument} is set by the sweep itself; leave it out, and use the parameters for partition, time, cores and memory.",
                argument
            );
        }
    }

    private static ConvNetException Invalid(string message, object? target) =>
        new("SlurmOptionInvalid", ErrorKind.InvalidArgument, message, target);
}
