using System.Diagnostics;

namespace PSConvNet.Sweeps;

/// <summary>
/// Judges whether whoever made a claim is still there. On the same machine the system knows who is gone. Else only beats are seen: who
/// has not been seen to beat for a while, by this process' own clock, is taken for dead. Clocks are never compared.
/// </summary>
/// <param name="patience">How long a worker of another machine may be silent; null for <see cref="Patience"/>.</param>
/// <param name="host">Who judges; null for this process.</param>
internal sealed class WorkerLife(TimeSpan? patience = null, WorkerHost? host = null)
{
    /// <summary>Far above what a shared file system keeps from its readers.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(90);

    private readonly TimeSpan _patience = patience ?? Patience;
    private readonly WorkerHost _host = host ?? WorkerHost.This;
    private readonly Dictionary<string, (ClaimContent? Content, long Seen, long Read)> _seen = [];

    /// <summary>The machine, and on Linux the process space: containers of one machine don't see each other's processes.</summary>
    public static string Here { get; } = Environment.MachineName + ProcessSpace();

    /// <summary>Whether a claim's worker is there, as far as can be known.</summary>
    /// <param name="path">The claim's file.</param>
    /// <param name="content">What it says, or null where that could not be read.</param>
    /// <param name="within">
    /// How old what is known of a worker of another machine may be. None is taken for dead for what was known before: for that its claim is
    /// read.
    /// </param>
    public bool IsAlive(string path, out ClaimContent? content, TimeSpan within = default)
    {
        var now = _host.Time.GetTimestamp();
        var isKnown = _seen.TryGetValue(path, out var before);
        if (
            isKnown
            && before.Content is { Left: false } known
            && known.Machine != _host.Machine
            && _host.Time.GetElapsedTime(before.Read, now) < within
        )
        {
            content = known;
            return true;
        }
        content = ClaimFile.Read(path, _host.Disk, out var isForeign);
        if (content is { Left: true })
            return false;
        // Nobody will beat in it. Read again, for it may have been read while a beat was written; who was seen to beat is given time.
        if (isForeign && before.Content is null)
        {
            content = ClaimFile.Read(path, _host.Disk, out isForeign);
            if (isForeign)
                return false;
        }
        if (content is { } own && own.Machine == _host.Machine && !Runs(own))
            return false;
        // What can't be read is being written, or will never be: its maker may have died between name and contents.
        if (!isKnown || (content is not null && content != before.Content))
        {
            _seen[path] = (content, now, now);
            return true;
        }
        _seen[path] = before with { Read = now };
        return _host.Time.GetElapsedTime(before.Seen, now) < _patience;
    }

    private static bool Runs(ClaimContent claim)
    {
        try
        {
            using var process = Process.GetProcessById(claim.Process);
            // The start is read in clock ticks and turned into a time by way of the boot's, which may be a little off.
            return Math.Abs(process.StartTime.Ticks - claim.ProcessStart) < TimeSpan.TicksPerSecond
                && !process.HasExited;
        }
        catch (Exception e)
            when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string ProcessSpace()
    {
        try
        {
            return OperatingSystem.IsLinux() ? "/" + new FileInfo("/proc/self/ns/pid").LinkTarget : "";
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            return "";
        }
    }
}
