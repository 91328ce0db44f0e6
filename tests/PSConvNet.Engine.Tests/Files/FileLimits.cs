using System.Diagnostics;

namespace PSConvNet.Tests.Files;

/// <summary>How long a hostile file may keep a reader.</summary>
internal static class FileLimits
{
    public const double Seconds = 2;

    /// <summary>The best of three: a test machine that is busy makes anything take long once.</summary>
    public static void TakesNoLongerThanTwoSeconds(Action read)
    {
        var best = Enumerable.Range(0, 3).Min(_ => Time(read));
        Assert.True(best < Seconds, $"it took {best} s");
    }

    private static double Time(Action read)
    {
        var clock = Stopwatch.StartNew();
        read();
        return clock.Elapsed.TotalSeconds;
    }
}
