using System.Diagnostics;
using System.Globalization;

namespace PSConvNet.Tests.Files;

/// <summary>How much a hostile file may cost its reader.</summary>
internal static class FileLimits
{
    private const double Seconds = 2;
    private const long Allowance = 64 * 1024 * 1024;

    /// <summary>
    /// Reads a file, which may take two seconds of this thread's processor time and allocate 64 MB more than the file has. What other
    /// threads and programs do counts for nothing.
    /// </summary>
    public static void Hold(string path, Action read)
    {
        var (time, allocated) = (ProcessorTime(), GC.GetAllocatedBytesForCurrentThread());
        read();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.InRange((ProcessorTime() - time).TotalSeconds, 0, Seconds);
        Assert.InRange(allocated, 0, new FileInfo(path).Length + Allowance);
    }

    // .NET tells the processor time of a process, not that of the thread that asks.
    private static TimeSpan ProcessorTime()
    {
        if (!OperatingSystem.IsLinux())
            return Process.GetCurrentProcess().TotalProcessorTime;
        // Behind the program's name in parentheses, the twelfth and thirteenth field: hundredths of a second in user mode and in the kernel.
        var fields = File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (Ticks(fields[11]) + Ticks(fields[12])));
    }

    private static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
