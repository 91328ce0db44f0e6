namespace PSConvNet;

/// <summary>Where this machine keeps data sets, and where it may fetch them.</summary>
/// <param name="DataFolder">A folder of data sets the user named (<c>PSCONVNET_DATA</c>), or null.</param>
/// <param name="CacheFolder">Where downloads are kept.</param>
/// <param name="Mirror">
/// An address to download from in place of the public mirrors (<c>PSCONVNET_MIRROR</c>), a folder per set below it; or null.
/// </param>
/// <param name="SearchSystem">Whether to look where the system's packages put data sets.</param>
public sealed record MnistLocations(
    string? DataFolder,
    string CacheFolder,
    Uri? Mirror = null,
    bool SearchSystem = true
)
{
    /// <summary>
    /// This process's settings: <c>PSCONVNET_DATA</c>, <c>PSCONVNET_MIRROR</c>, and the cache in <c>XDG_CACHE_HOME</c>,
    /// <c>~/.cache</c> or, on Windows, the local application data.
    /// </summary>
    /// <exception cref="ConvNetException"><c>MirrorInvalid</c>: <c>PSCONVNET_MIRROR</c> is no http address.</exception>
    public static MnistLocations FromEnvironment()
    {
        var data = Environment.GetEnvironmentVariable("PSCONVNET_DATA");
        return new MnistLocations(
            string.IsNullOrWhiteSpace(data) ? null : Path.GetFullPath(data),
            Cache(),
            MirrorAddress()
        );
    }

    private static string Cache()
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "psconvnet");
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        // The XDG specification says to ignore a relative path.
        var root =
            Path.IsPathRooted(xdg) ? xdg
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
                ? Path.Combine(home, ".cache")
            : Path.GetTempPath();
        return Path.Combine(root, "psconvnet");
    }

    private static Uri? MirrorAddress()
    {
        var mirror = Environment.GetEnvironmentVariable("PSCONVNET_MIRROR");
        if (string.IsNullOrWhiteSpace(mirror))
            return null;
        return
            Uri.TryCreate(mirror.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            ? address
            : throw new ConvNetException(
                "MirrorInvalid",
                ErrorKind.InvalidArgument,
                $"PSCONVNET_MIRROR is '{mirror}', which is no http or https address; correct or clear it.",
                mirror
            );
    }
}
