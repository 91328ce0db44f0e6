namespace PSConvNet.Notebook;

/// <summary>Where Jupyter looks for kernels (jupyter.readthedocs.io, "Common Directories and File Locations").</summary>
internal static class KernelFolders
{
    /// <summary>The current user's.</summary>
    public static string User => Path.Combine(UserData, "kernels");

    /// <summary>That of an installation, such as a Python environment.</summary>
    public static string Of(string prefix) => Path.Combine(prefix, "share", "jupyter", "kernels");

    private static string UserData
    {
        get
        {
            if (Variable("JUPYTER_DATA_DIR") is { } chosen)
                return Path.GetFullPath(chosen);
            if (OperatingSystem.IsWindows())
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
            var home = Environment.GetFolderPath(
                Environment.SpecialFolder.UserProfile,
                Environment.SpecialFolderOption.DoNotVerify
            );
            if (OperatingSystem.IsMacOS())
                return Path.Combine(home, "Library", "Jupyter");
            return Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
