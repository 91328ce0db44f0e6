using System.Diagnostics;

namespace PSConvNet.Sweeps;

/// <summary>Where a worker is: who it is among others, the clock it goes by, and the disk it sees a study on.</summary>
/// <param name="Machine">The machine, or on Linux the process space in it: whoever is in the same one can see the process.</param>
/// <param name="Process">The process.</param>
/// <param name="ProcessStart">When it began, in the machine's own ticks: numbers of processes come again.</param>
internal sealed record WorkerHost(string Machine, int Process, long ProcessStart)
{
    /// <summary>This process.</summary>
    public static WorkerHost This { get; } = OfThisProcess();

    /// <summary>The clock. It is never compared with another's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The disk.</summary>
    public StudyDisk Disk { get; init; } = StudyDisk.Plain;

    private static WorkerHost OfThisProcess()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new WorkerHost(WorkerLife.Here, Environment.ProcessId, process.StartTime.Ticks);
    }
}
