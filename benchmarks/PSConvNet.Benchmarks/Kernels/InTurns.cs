using System.Diagnostics;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>Times of several actions that take turns, so that all of them see the same changes of the machine's speed.</summary>
/// <remarks>A turn is several calls: the first ones bring an action's memory into the caches, from which the others' turns drove it, and don't count.</remarks>
internal static class InTurns
{
    private const double WarmUp = 0.25;

    private const double Turn = 0.05;

    private const int Turns = 9;

    /// <summary>The median of one call of each, in seconds.</summary>
    public static double[] MedianSeconds(Action[] actions)
    {
        foreach (var action in actions)
            Repeat(action, WarmUp);
        var times = Array.ConvertAll(actions, _ => new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        for (var i = 0; i < actions.Length; i++)
            times[i].AddRange(Repeat(actions[i], Turn));
        return Array.ConvertAll(times, Statistics.Median);
    }

    /// <summary>Calls an action for some time, and at least twice.</summary>
    /// <returns>The second half of the calls' times.</returns>
    private static List<double> Repeat(Action action, double seconds)
    {
        var times = new List<double>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds || times.Count < 2; )
        {
            var start = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return times[(times.Count / 2)..];
    }
}
