using System.Diagnostics;
using System.Globalization;

namespace PSConvNet.Notebook;

/// <summary>A kernel whose frontend died without a word ends too; one whose frontend is not known does not.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Watches the process Jupyter names, on a thread of its own.</summary>
    public static void Start(Action died)
    {
        // On Windows the variable holds a handle, not an id, and Jupyter ends its kernels by a job object.
        var variable = Environment.GetEnvironmentVariable("JPY_PARENT_PID");
        if (
            OperatingSystem.IsWindows()
            || !int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !IsAlive(id)
        )
            return;
        var watch = new Thread(() =>
        {
            while (IsAlive(id))
                Thread.Sleep(s_interval);
            died();
        })
        {
            IsBackground = true,
            Name = "PSConvNet kernel's parent",
        };
        watch.Start();
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
