namespace PSConvNet.Sweeps;

/// <summary>An array of workers, as it was last seen.</summary>
/// <param name="job">Its number.</param>
/// <param name="tasks">How many tasks it was submitted with; 0 where it was found from a run before.</param>
/// <param name="atOnce">How many of them may run at once; null for all.</param>
internal sealed class SlurmArray(string job, int tasks, int? atOnce)
{
    private readonly Dictionary<string, int> _outcomes = new(StringComparer.Ordinal);

    /// <summary>Its number.</summary>
    public string Job => job;

    /// <summary>Whether it was found from a run before.</summary>
    public bool IsFound { get; } = tasks == 0;

    /// <summary>How many tasks may run at once; null for all.</summary>
    public int? AtOnce { get; set; } = atOnce;

    /// <summary>Tasks that wait.</summary>
    public int Pending { get; private set; } = tasks;

    /// <summary>Tasks that run, or are about to begin or to end.</summary>
    public int Running { get; private set; }

    /// <summary>Why tasks wait, in Slurm's word, or null.</summary>
    public string? Waiting { get; private set; }

    /// <summary>Whether none of it will do anything any more.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>How its tasks ended, as far as is known: Slurm's words and how many.</summary>
    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    /// <summary>Takes over what squeue says of it; nothing means that it has ended and is forgotten.</summary>
    public void See(IEnumerable<SlurmLine> lines)
    {
        (Pending, Running, Waiting) = (0, 0, null);
        var ended = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.IsEnded)
                ended[line.State] = ended.GetValueOrDefault(line.State) + line.Tasks;
            else if (line.IsPending)
                (Pending, Waiting) = (Pending + line.Tasks, line.Reason);
            else
                Running += line.Tasks;
        }
        // Slurm forgets tasks after some minutes; what was seen once counts.
        foreach (var (state, count) in ended)
            _outcomes[state] = Math.Max(count, _outcomes.GetValueOrDefault(state));
        IsEnded = Pending + Running == 0;
    }

    /// <summary>Takes over what sacct says of how it ended.</summary>
    public void SeeAccounts(IEnumerable<SlurmLine> lines)
    {
        foreach (var group in lines.Where(l => l.IsEnded).GroupBy(l => l.State))
            _outcomes[group.Key] = Math.Max(group.Sum(l => l.Tasks), _outcomes.GetValueOrDefault(group.Key));
    }
}
