namespace PSConvNet.Notebook;

/// <summary>Ends a kernel whose frontend died without a word. A kernel that no frontend started runs on.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Watches the process that Jupyter names, on a thread of its own.</summary>
    /// <param name="died">Called once the process is gone; at once where it was gone before.</param>
    public static void Start(Action died)
    {
        if (ParentProcess.Named(Environment.GetEnvironmentVariable("JPY_PARENT_PID")) is not { } parent)
            return;
        var watch = new Thread(() =>
        {
            while (parent.IsAlive)
                Thread.Sleep(s_interval);
            died();
        })
        {
            IsBackground = true,
            Name = "PSConvNet kernel's parent",
        };
        watch.Start();
    }
}
