using System.Management.Automation;

namespace PSConvNet.Shell;

/// <summary>
/// Shows the progress of the running pipeline as one live line on a terminal, painted by a clock at most ten times a second;
/// silent where the terminal can't be repainted.
/// </summary>
internal sealed class ProgressBar : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly Terminal _terminal;
    private readonly Lock _lock = new();
    private readonly Timer _clock;
    private readonly List<Activity> _activities = [];
    private readonly ProgressLine _line;
    private bool _running;
    private int _frame;

    /// <summary>Makes a bar for a terminal; it shows nothing until something is reported.</summary>
    public ProgressBar(Terminal terminal)
    {
        _terminal = terminal;
        _line = new ProgressLine(terminal);
        _clock = new Timer(_ => Paint());
    }

    /// <summary>Takes note of a record; the clock will show it.</summary>
    public void Report(long sourceId, ProgressRecord record)
    {
        if (!_terminal.CanRepaint)
            return;
        lock (_lock)
        {
            var old = _activities.FindIndex(a => a.SourceId == sourceId && a.Id == record.ActivityId);
            if (record.RecordType == ProgressRecordType.Completed)
            {
                if (old >= 0)
                    Remove(_activities[old]);
                if (_activities.Count == 0)
                    Stop();
                return;
            }
            var activity = new Activity(sourceId, record);
            if (old >= 0)
                _activities[old] = activity;
            else
                _activities.Add(activity);
            if (!_running)
                Wind();
            _running = true;
        }
    }

    /// <summary>Forgets all activities and takes the line off the screen.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _activities.Clear();
            Stop();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Clear();
        _clock.Dispose();
    }

    private void Remove(Activity activity)
    {
        _activities.Remove(activity);
        foreach (var child in _activities.Where(a => a.IsChildOf(activity)).ToArray())
            Remove(child);
    }

    private void Stop()
    {
        _running = false;
        _clock.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _terminal.ClearStatus();
    }

    private void Paint()
    {
        lock (_lock)
        {
            // The newest activity and what it is part of: what a person waits for.
            if (!_running)
                return;
            _terminal.ShowStatus(_line.Draw(ChainTo(_activities[^1]), _frame++));
            Wind();
        }
    }

    // One tick at a time: those of a periodic clock that were late on a busy machine would come all at once.
    private void Wind() => _clock.Change(Interval, Timeout.InfiniteTimeSpan);

    private List<Activity> ChainTo(Activity activity)
    {
        var chain = new List<Activity> { activity };
        while (_activities.Find(chain[0].IsChildOf) is { } parent && !chain.Contains(parent))
            chain.Insert(0, parent);
        return chain;
    }
}

/// <summary>A copy of a progress record: the engine's are changed by those who wrote them.</summary>
internal sealed record Activity(
    long SourceId,
    int Id,
    int ParentId,
    string Name,
    string Status,
    string? Operation,
    int Percent,
    int SecondsLeft
)
{
    public Activity(long sourceId, ProgressRecord record)
        : this(
            sourceId,
            record.ActivityId,
            record.ParentActivityId,
            record.Activity,
            record.StatusDescription ?? "",
            record.CurrentOperation,
            record.PercentComplete,
            record.SecondsRemaining
        ) { }

    /// <summary>Whether this activity is part of another.</summary>
    public bool IsChildOf(Activity other) => other.SourceId == SourceId && other.Id == ParentId && other.Id != Id;
}
