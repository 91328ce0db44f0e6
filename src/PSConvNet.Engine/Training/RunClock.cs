using System.Diagnostics;

namespace PSConvNet.Training;

/// <summary>Measures how long a run takes: an epoch's training time, and the duration of the run with everything else.</summary>
internal sealed class RunClock(TrainingState state)
{
    private const double Longest = 1e10;

    private readonly double _before = state.Progress.Seconds;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _last;

    /// <summary>Whether a number of seconds, read from a file, can be a duration.</summary>
    public static bool IsDuration(double seconds) => seconds is >= 0 and <= Longest;

    /// <summary>The run's seconds up to now, with earlier sittings.</summary>
    public double Run => state.Progress.Seconds = _before + _clock.Elapsed.TotalSeconds;

    /// <summary>Counts the time since the last call as training.</summary>
    public void Tick()
    {
        var now = _clock.Elapsed.TotalSeconds;
        state.Progress.EpochSeconds += now - _last;
        state.Progress.Seconds = _before + now;
        _last = now;
    }

    /// <summary>Doesn't count the time since the last call as training.</summary>
    public void Skip() => _last = _clock.Elapsed.TotalSeconds;
}
