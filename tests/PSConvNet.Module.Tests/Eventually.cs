using System.Diagnostics;

namespace PSConvNet.Module.Tests;

/// <summary>Waits for something that other processes or threads bring about, without keeping a core from them.</summary>
internal static class Eventually
{
    /// <summary>Generous, for a machine that does other things too.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a condition came to hold before patience ended; it is looked at every few hundredths of a second.</summary>
    public static bool Holds(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience; Thread.Sleep(30))
        {
            if (condition())
                return true;
        }
        return condition();
    }
}
