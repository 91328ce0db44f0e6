using System.Runtime.InteropServices;

namespace PSConvNet.Runtime;

/// <summary>
/// The long work that a process does at this moment, and what a SIGTERM does to it: all of it is stopped as by Ctrl-C, and the process ends with
/// exit code 143 once it has stopped. While there is none the process does not listen, and a SIGTERM does what it does by default.
/// </summary>
internal sealed class RunningWork
{
    /// <summary>128 and the number of SIGTERM, as shells report it.</summary>
    internal const int ExitCode = 143;

    /// <summary>Ample for a batch and a checkpoint; systems that end services wait as long before they send SIGKILL.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>So long a host may take to end by itself, after the work has.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ProcessSignals _process;
    private readonly TimeProvider _time;
    private readonly object _lock = new();
    private readonly List<Entry> _entries = [];
    private IDisposable? _listening;
    private ITimer? _end;
    private long _requestedAt;
    private bool _isRequested;
    private bool _isGraceGiven;

    internal RunningWork(ProcessSignals process, TimeProvider time) => (_process, _time) = (process, time);

    /// <summary>That of this process.</summary>
    public static RunningWork OfProcess { get; } = new(ProcessSignals.OfProcess, TimeProvider.System);

    /// <summary>Adds work, until the entry is disposed of. After a SIGTERM it is stopped at once.</summary>
    /// <param name="stop">Asks it to stop and returns; called from another thread.</param>
    /// <param name="endsProcess">
    /// Whether the caller sees to the end of the process itself and chooses its exit code, as a worker of a sweep and a notebook's kernel do.
    /// </param>
    public Entry Enter(Action stop, bool endsProcess = false)
    {
        Entry entry;
        bool isLate;
        lock (_lock)
        {
            var number = 0;
            while (_entries.Exists(other => other.Number == number))
                number++;
            entry = new Entry(this, stop, endsProcess, number);
            _entries.Add(entry);
            isLate = _isRequested;
            if (!isLate)
                _listening ??= _process.Listen(PosixSignal.SIGTERM, Terminate);
        }
        if (isLate)
            stop();
        return entry;
    }

    /// <summary>Stops all of it as by Ctrl-C. The process goes on.</summary>
    /// <returns>Whether there was any.</returns>
    public bool StopAll()
    {
        Entry[] running;
        lock (_lock)
            running = [.. _entries];
        foreach (var entry in running)
            entry.Stop();
        return running.Length > 0;
    }

    /// <summary>Returns when all work has ended, or the patience has.</summary>
    public void WaitForAll() => WaitForAll(_time.GetTimestamp());

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (!_entries.Remove(entry) || _entries.Count > 0)
                return;
            Monitor.PulseAll(_lock);
            _listening?.Dispose();
            _listening = null;
            // A script that goes on all the same, and begins more work, is given no more time.
            if (_end is not null && !_isGraceGiven)
            {
                _isGraceGiven = true;
                _end.Change(Grace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private bool Terminate()
    {
        Entry[] running;
        lock (_lock)
        {
            // The last work has ended at this very moment.
            if (_entries.Count == 0)
                return false;
            if (_isRequested)
                return true;
            _isRequested = true;
            _requestedAt = _time.GetTimestamp();
            running = [.. _entries];
            if (!Array.Exists(running, entry => entry.EndsProcess))
            {
                // A host that ends by itself must not take with it what another thread is writing.
                _process.AtExit(() => WaitForAll(_requestedAt), ExitCode);
                _end = _time.CreateTimer(_ => _process.Exit(ExitCode), null, Patience, Timeout.InfiniteTimeSpan);
            }
        }
        foreach (var entry in running)
            entry.Stop();
        if (_process.EndsAfterTerminate)
            WaitForAll(_requestedAt);
        return true;
    }

    private void WaitForAll(long since)
    {
        lock (_lock)
        {
            while (_entries.Count > 0 && Patience - _time.GetElapsedTime(since) is var left && left > TimeSpan.Zero)
                Monitor.Wait(_lock, left);
        }
    }

    /// <summary>One piece of work that is under way.</summary>
    public sealed class Entry : IDisposable
    {
        private readonly RunningWork _all;

        internal Entry(RunningWork all, Action stop, bool endsProcess, int number) =>
            (_all, Stop, EndsProcess, Number) = (all, stop, endsProcess, number);

        /// <summary>From 0, and no other work of the process has the same at the same time.</summary>
        public int Number { get; }

        internal Action Stop { get; }

        internal bool EndsProcess { get; }

        /// <summary>The work has ended.</summary>
        public void Dispose() => _all.Leave(this);
    }
}
