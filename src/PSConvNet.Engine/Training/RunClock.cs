using System.Diagnostics;

namespace PSConvNet;

/// <summary>Counts a run's time in its state: the epoch's, which is training only, and the run's, which is all of it.</summary>
internal sealed class RunClock(TrainingState state)
{
    private const double Longest = 1e10;

    private readonly double _before = state.Seconds;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _last;

    /// <summary>Whether seconds can be how long something took: a file may say anything.</summary>
    public static bool IsDuration(double seconds) => seconds is >= 0 and <= Longest;

    /// <summary>The run's seconds up to now, sittings before this one included.</summary>
    public double Run => state.Seconds = _before + _clock.Elapsed.TotalSeconds;

    /// <summary>What has passed since the last call was training.</summary>
    public void Tick()
    {
        var now = _clock.Elapsed.TotalSeconds;
        state.EpochSeconds += now - _last;
        state.Seconds = _before + now;
        _last = now;
    }

    /// <summary>What has passed since the last call was something else.</summary>
    public void Skip() => _last = _clock.Elapsed.TotalSeconds;
}
