using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>
/// The progress that a command shows: one activity, and others below it. Whoever has news often asks first whether it is due. A terminal that takes long to
/// paint is given news less often, since the work waits meanwhile.
/// </summary>
/// <param name="write">Writes a record; called on the pipeline's thread.</param>
/// <param name="firstId">The activity's id; those below it have the ids that follow.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandProgress(Action<ProgressRecord> write, int firstId, TimeProvider time)
{
    /// <summary>The shortest time between two updates of an activity.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest time that painting makes of it.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    /// <summary>Painting takes at most this share of the time, unless that would need a longer interval.</summary>
    private const double PaintingShare = 0.01;

    private readonly SortedDictionary<int, string> _shown = [];
    private TimeSpan _interval = Interval;
    private long? _last;

    /// <summary>Whether it is time for an update; if so, the next interval begins.</summary>
    public bool IsDue()
    {
        if (_last is { } last && time.GetElapsedTime(last) < _interval)
            return false;
        _last = time.GetTimestamp();
        return true;
    }

    /// <summary>Shows how far an activity is.</summary>
    /// <param name="activity">What is done.</param>
    /// <param name="status">How it stands.</param>
    /// <param name="share">How much of it is done, 0 to 1.</param>
    /// <param name="remaining">The time left, where that is known.</param>
    /// <param name="below">0 for the command's own activity, or the number of one below it.</param>
    public void Show(string activity, string status, double share, TimeSpan? remaining = null, int below = 0)
    {
        _shown[below] = activity;
        var record = Record(below, activity, status.Length > 0 ? status : " ");
        record.PercentComplete = (int)Math.Clamp(100 * share, 0, 100);
        if (remaining is { } left)
            record.SecondsRemaining = (int)Math.Min(left.TotalSeconds, int.MaxValue);
        var start = time.GetTimestamp();
        write(record);
        var needed = time.GetElapsedTime(start) / PaintingShare;
        _interval = TimeSpan.FromTicks(Math.Clamp(needed.Ticks, Interval.Ticks, LongestInterval.Ticks));
    }

    /// <summary>Takes an activity away, if it is shown; the command's own one with all below it.</summary>
    public void Complete(int below = 0, string status = "done")
    {
        foreach (var number in _shown.Keys.Where(number => below == 0 || number == below).Reverse().ToArray())
        {
            _shown.Remove(number, out var activity);
            var record = Record(number, activity!, status);
            record.PercentComplete = 100;
            record.RecordType = ProgressRecordType.Completed;
            write(record);
        }
        if (below == 0)
            _last = null;
    }

    /// <summary>Takes all away.</summary>
    public void Clear() => Complete();

    private ProgressRecord Record(int below, string activity, string status) =>
        new(firstId + below, activity, status) { ParentActivityId = below == 0 ? -1 : firstId };
}
