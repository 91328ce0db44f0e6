using System.Globalization;

namespace PSConvNet.Sweeps;

/// <summary>
/// Workers as tasks of Slurm's job arrays. Each does a few trials and ends; when none is left and trials are open, those are submitted
/// again, and only those. Arrays of a run before that are still in the queue are continued.
/// </summary>
internal sealed class SlurmPool : WorkerPool
{
    // So often may submissions follow each other that bring nothing.
    private const int MostBarren = 3;

    private readonly string _study;
    private readonly WorkerCommand _command;
    private readonly SlurmEngine _options;
    private readonly int _cores;
    private readonly SlurmClient _client;
    private readonly SlurmLedger _ledger;
    private readonly Func<long>? _progress;
    private readonly TimeProvider _time;
    private readonly List<string> _notes = [];

    // Never changed but replaced: Kill may come from the thread of a signal.
    private volatile SlurmArray[] _arrays = [];
    private DateTimeOffset _seen = DateTimeOffset.MinValue;
    private DateTimeOffset _answered;
    private DateTimeOffset? _shortSince;
    private DateTimeOffset _nextSubmission = DateTimeOffset.MinValue;
    private DateTimeOffset _terminated;
    private long? _progressThen;
    private int _leastOpen = int.MaxValue;
    private int _barren;
    private bool _judged;
    private bool _begun;
    private volatile bool _stopping;
    private bool _disposed;

    /// <summary>Makes a pool; nothing is submitted yet.</summary>
    /// <param name="study">The study's folder, which all nodes see under this path.</param>
    /// <param name="command">The worker's command line; its paths are the nodes'.</param>
    /// <param name="options">What Slurm is asked for.</param>
    /// <param name="cores">Cores per worker.</param>
    /// <param name="progress">
    /// A number that changes when trials get on: the epochs recorded so far, say. By it a submission that brought nothing is known; without
    /// it one counts as such after which no fewer trials are open.
    /// </param>
    /// <exception cref="ConvNetException"><c>EngineOptionInvalid</c>.</exception>
    public SlurmPool(string study, WorkerCommand command, SlurmEngine options, int cores, Func<long>? progress = null)
        : this(study, command, options, cores, progress, new Tool(), TimeProvider.System) { }

    internal SlurmPool(
        string study,
        WorkerCommand command,
        SlurmEngine options,
        int cores,
        Func<long>? progress,
        Tool tool,
        TimeProvider time
    )
    {
        _study = Path.GetFullPath(study);
        _command = command.WithMostTrials(options.TrialsPerTask);
        (_options, _cores) = (options, cores);
        _progress = progress;
        _client = new SlurmClient(tool);
        _ledger = new SlurmLedger(_study);
        _time = time;
        _answered = time.GetUtcNow();
    }

    /// <summary>How often Slurm is asked for the state of things; its controller serves all users.</summary>
    internal TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long more trials must be open than the tasks in the queue are for until tasks are added: a worker needs a while from its start to
    /// its first claim.
    /// </summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>So long Slurm may be silent before that is an error.</summary>
    internal TimeSpan MostSilence { get; init; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public override IReadOnlyList<string> Notes => _notes;

    /// <inheritdoc />
    public override string Place
    {
        get
        {
            var live = Live;
            if (live.Length == 0)
                return "Slurm";
            var jobs = string.Join(", ", live.Select(a => a.Job));
            var waiting = live.Select(a => a.Waiting).FirstOrDefault(w => w is not (null or "None"));
            var pending = live.Sum(a => a.Pending);
            return string.Create(CultureInfo.InvariantCulture, $"Slurm job {jobs}: {live.Sum(a => a.Running)} running")
                + (
                    pending == 0
                        ? ""
                        : FormattableString.Invariant($", {pending} waiting") + (waiting is null ? "" : $" ({waiting})")
                );
        }
    }

    /// <inheritdoc />
    public override bool IsAlive
    {
        get
        {
            if (_arrays.Length == 0)
                return false;
            Look(TimeSpan.FromSeconds(Math.Min(1, Interval.TotalSeconds)));
            return Live.Length > 0;
        }
    }

    private SlurmArray[] Live => [.. _arrays.Where(a => !a.IsEnded)];

    private string[] LiveJobs => [.. Live.Select(a => a.Job)];

    /// <inheritdoc />
    /// <exception cref="ConvNetException">
    /// <c>SlurmNotFound</c>, <c>SlurmRefused</c>, <c>SlurmAnswerUnknown</c>, <c>SlurmUnreachable</c>; <c>SlurmCancelled</c>: someone
    /// cancelled the workers; <c>SlurmWorkersFailed</c>: they end without having done anything; <c>FileNotWritten</c>.
    /// </exception>
    public override void Tend(int open, long progress = 0)
    {
        if (_stopping)
            return;
        if (!_begun)
        {
            _begun = true;
            _arrays = [.. _ledger.Read().Select(job => new SlurmArray(job, 0, null))];
        }
        if (!Look(Interval))
            return;
        var live = Live;
        if (live.Length > 0)
        {
            Share(live);
            if (Missing(live, open) is var missing and > 0)
                TrySubmit(missing, _options.Parallel - live.Sum(a => a.Running));
        }
        else if (open > 0)
        {
            if (!_judged)
                Judge(open);
            if (_time.GetUtcNow() >= _nextSubmission)
                Submit(Tasks(open), _options.Parallel);
        }
    }

    /// <inheritdoc />
    public override void RequestStop()
    {
        _stopping = true;
        var jobs = LiveJobs;
        _client.CancelPending(jobs);
        _client.Terminate(jobs);
        _terminated = _time.GetUtcNow();
        _seen = DateTimeOffset.MinValue;
    }

    /// <inheritdoc />
    public override void Kill()
    {
        _stopping = true;
        _client.Kill(LiveJobs);
        _seen = DateTimeOffset.MinValue;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;
        _disposed = true;
        if (Live.Length > 0)
            Kill();
    }

    // Brings what is known of the arrays up to date, where that is older than so long. False where it is not known now.
    private bool Look(TimeSpan age)
    {
        var now = _time.GetUtcNow();
        if (now - _seen < age)
            return _answered >= _seen;
        _seen = now;
        var live = Live;
        if (live.Length == 0)
        {
            _answered = now;
            return true;
        }
        if (_client.Ask(LiveJobs, Name()) is not { } lines)
        {
            if (now - _answered > MostSilence && !_stopping)
                throw SlurmClient.Unreachable(
                    FormattableString.Invariant($"squeue failed for {MostSilence.TotalMinutes:0} min")
                );
            return false;
        }
        _answered = now;
        foreach (var array in live)
        {
            array.See(lines.Where(l => l.Job == array.Job));
            if (array.IsEnded)
                End(array);
        }
        if (_stopping && Live.Length > 0)
            StopAgain(now);
        return true;
    }

    // A task that was just about to start may have missed the signal.
    private void StopAgain(DateTimeOffset now)
    {
        if (Live.Any(a => a.Pending > 0))
            _client.CancelPending(LiveJobs);
        if (now - _terminated < TimeSpan.FromSeconds(15))
            return;
        _client.Terminate(LiveJobs);
        _terminated = now;
    }

    private void End(SlurmArray array)
    {
        if (!array.IsFound && array.Outcomes.Count == 0)
        {
            array.SeeAccounts(_client.AskAccounts([array.Job]).Where(l => l.Job == array.Job));
            if (_client.HasAccounting == false)
                Note(
                    "Slurm accounting isn't available here (sacct doesn't answer): only squeue and the study's folder show how tasks ended."
                );
        }
        if (array.Outcomes.Keys.Any(state => state != "COMPLETED") && !_stopping)
            Note($"Slurm job {array.Job}: {Outcomes(array)}.");
        _ledger.DiscardEmptyLogs(array.Job);
    }

    // How many tasks should be added to those that are there. Nothing while some wait: the cluster has no room, or the next array comes later.
    private int Missing(SlurmArray[] live, int open)
    {
        var running = live.Sum(a => a.Running);
        // A task that runs has one of its trials in hand, so that one is not among the open ones.
        var covered = running * (long)(_options.TrialsPerTask - 1);
        if (live.Any(a => a.Pending > 0) || open <= covered || running >= _options.Parallel)
        {
            _shortSince = null;
            return 0;
        }
        _shortSince ??= _time.GetUtcNow();
        return _time.GetUtcNow() - _shortSince < Patience ? 0 : Tasks((int)(open - covered));
    }

    // What one array leaves free of the workers that may run at once goes to the one whose tasks wait.
    private void Share(SlurmArray[] live)
    {
        if (_options.Parallel is not { } most)
            return;
        var running = live.Sum(a => a.Running);
        foreach (var array in live)
        {
            var may = most - (running - array.Running);
            if (array.Pending > 0 && array.AtOnce < may)
            {
                _client.Throttle(array.Job, may);
                array.AtOnce = may;
            }
        }
    }

    private int Tasks(int open) => ((open - 1) / _options.TrialsPerTask) + 1;

    // More workers than there are is a wish: where Slurm refuses, those that run go on.
    private void TrySubmit(int tasks, int? atOnce)
    {
        _shortSince = null;
        try
        {
            Submit(tasks, atOnce);
        }
        catch (ConvNetException e) when (e.ErrorId == ErrorIds.SlurmRefused)
        {
            Note(e.Message);
        }
    }

    // An array is as long as Slurm lets it be; what does not fit comes when none of it waits any more.
    private void Submit(int tasks, int? atOnce)
    {
        var count = Math.Min(tasks, _client.MaxArraySize);
        var most = atOnce < count ? atOnce : null;
        var script = SlurmScript.Write(_study, _command);
        var job = _client.Submit(script, _study, Name(), count, most, _options.Arguments(_cores));
        _arrays = [.. _arrays, new SlurmArray(job, count, most)];
        _judged = false;
        _ledger.Write(LiveJobs);
        // What was just submitted is known to wait.
        if (Live.Length == 1)
            _seen = _answered = _time.GetUtcNow();
        // Meanwhile somebody may have asked for the end.
        if (_stopping)
            Kill();
    }

    // Before trials are submitted once more: whether the last time brought anything.
    private void Judge(int open)
    {
        _judged = true;
        var mine = _arrays.Where(a => !a.IsFound).ToArray();
        if (mine.Length > 0)
        {
            if (mine[^1].Outcomes.ContainsKey("CANCELLED"))
            {
                throw new ConvNetException(
                    ErrorIds.SlurmCancelled,
                    ErrorKind.Unavailable,
                    $"Slurm job {mine[^1].Job} was cancelled, but not by this sweep; {Counted.Of(open, "trial is", "trials are"):text} left. Run the sweep again to continue.",
                    mine[^1].Job
                );
            }
            _barren = IsBarren(open) ? _barren + 1 : 0;
            if (_barren >= MostBarren)
            {
                throw new ConvNetException(
                    ErrorIds.SlurmWorkersFailed,
                    ErrorKind.Unavailable,
                    $"{MostBarren} times in a row, Slurm workers ended without advancing a trial ({Outcomes(mine[^1]):text}). {_ledger.LastWords():lines}",
                    mine[^1].Job
                );
            }
            // Whatever is wrong may pass: a node that is drained, a file server that is slow.
            _nextSubmission = _time.GetUtcNow() + (_barren * Patience);
        }
        _progressThen = _progress?.Invoke();
        _leastOpen = Math.Min(_leastOpen, open);
    }

    private bool IsBarren(int open) => _progress is null ? open >= _leastOpen : _progress() == _progressThen;

    private string Name()
    {
        var name = string.Concat(
            Path.GetFileName(_study).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        );
        return $"psconvnet-{(name.Length == 0 ? "sweep" : name[..Math.Min(40, name.Length)])}";
    }

    private static string Outcomes(SlurmArray array) =>
        array.Outcomes.Count == 0
            ? "how they ended isn't known"
            : string.Join(", ", array.Outcomes.Select(o => FormattableString.Invariant($"{o.Value} {o.Key}")));

    private void Note(string note)
    {
        if (!_notes.Contains(note))
            _notes.Add(note);
    }
}
