using System.Diagnostics;

namespace PSConvNet.Benchmarks;

/// <summary>Medians, of values and of times.</summary>
internal static class Statistics
{
    /// <summary>The middle value; the mean of the middle two of an even number.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median of so many runs in seconds, after one that is not counted.</summary>
    public static double MedianSeconds(int runs, Action action)
    {
        action();
        return Median(Enumerable.Range(0, runs).Select(_ => Seconds(action)).ToArray());
    }

    /// <summary>The median of one call in seconds, over the given time, once it has been called for so long that it is compiled.</summary>
    public static double MedianSecondsOver(double warmUp, double seconds, Action action)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < warmUp)
            action();
        var times = new List<double>();
        for (clock.Restart(); clock.Elapsed.TotalSeconds < seconds; )
            times.Add(Seconds(action));
        return Median(times);
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
