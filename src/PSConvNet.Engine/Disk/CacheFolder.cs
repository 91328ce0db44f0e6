namespace PSConvNet.Disk;

/// <summary>The user's folder for what can be had again: data sets, libtorch.</summary>
internal static class CacheFolder
{
    /// <summary>
    /// <c>psconvnet</c> in <c>XDG_CACHE_HOME</c>, in <c>~/.cache</c>, or on Windows in the local application data. It need not be there.
    /// </summary>
    public static string Path => System.IO.Path.Combine(Root(), "psconvnet");

    private static string Root()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        // The XDG specification says to ignore a relative path.
        return System.IO.Path.IsPathRooted(xdg) ? xdg
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
                ? System.IO.Path.Combine(home, ".cache")
            : System.IO.Path.GetTempPath();
    }
}
