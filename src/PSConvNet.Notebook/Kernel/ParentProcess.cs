using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PSConvNet.Notebook;

/// <summary>The process that started a kernel, as Jupyter names it.</summary>
internal sealed class ParentProcess
{
    private readonly int _id;
    private readonly DateTime? _started;

    /// <summary>A process by its id; one that isn't alive stays dead, even when another process gets the id.</summary>
    public ParentProcess(int id)
    {
        _id = id;
        _started = Started(id);
    }

    /// <summary>Whether it still runs. A zombie, which has ended and waits to be collected by its own parent, doesn't.</summary>
    public bool IsAlive => _started is { } then && Started(_id) == then;

    /// <summary>The process that an environment variable names; null where it names none, as where a person starts the kernel.</summary>
    /// <param name="variable">The variable's value.</param>
    public static ParentProcess? Named(string? variable) =>
        // On Windows the variable holds a handle, not an id, and Jupyter ends its kernels by a job object.
        !OperatingSystem.IsWindows()
        && int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && id > 0
            ? new ParentProcess(id)
            : null;

    /// <summary>When the process with an id started; null where none runs. It tells a process from a later one with the same id.</summary>
    private static DateTime? Started(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited || IsZombie(id) ? null : process.StartTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        catch (Win32Exception)
        {
            // It runs, and nothing more may be known of it.
            return DateTime.MinValue;
        }
    }

    /// <summary>Linux tells the state after the program's name, which stands in brackets and may hold any character.</summary>
    private static bool IsZombie(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart() is ['Z' or 'X', ..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // macOS has no such file.
            return false;
        }
    }
}
