using System.Diagnostics;

namespace PSConvNet.Commands;

/// <summary>Says when progress is due again: at most five times a second, so that painting it costs nothing that matters.</summary>
internal sealed class ProgressClock
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private long _last;

    /// <summary>Whether it is time; if so, the next interval begins.</summary>
    public bool IsDue()
    {
        if (_last != 0 && Stopwatch.GetElapsedTime(_last) < s_interval)
            return false;
        _last = Stopwatch.GetTimestamp();
        return true;
    }
}
