using System.Net.Http.Headers;
using System.Text;

namespace PSConvNet.Data;

/// <summary>Where this machine keeps data sets, and where it may fetch them.</summary>
/// <param name="DataFolder">A folder of data sets the user named (<c>PSCONVNET_DATA</c>), or null.</param>
/// <param name="CacheFolder">Where downloads are kept.</param>
/// <param name="Mirror">
/// An address to download from in place of the public mirrors (<c>PSCONVNET_MIRROR</c>), a folder per set below it; or null. A name and a
/// password in it (<c>https://name:password@host/</c>) are sent to the server and printed nowhere.
/// </param>
/// <param name="SearchSystem">Whether to look where the system's packages put data sets.</param>
public sealed record MnistLocations(
    string? DataFolder,
    string CacheFolder,
    Uri? Mirror = null,
    bool SearchSystem = true
)
{
    private static readonly string[] s_schemes = ["file", "ftp", "ftps", "sftp", "s3", "gs"];

    /// <summary>The address to download from, without a name and a password.</summary>
    public Uri? Mirror { get; init; } = WithoutLogin(Mirror);

    /// <summary>The name and the password for the mirror, as HTTP's Basic authentication sends them; null where it needs none.</summary>
    internal AuthenticationHeaderValue? Login { get; } = LoginOf(Mirror);

    /// <summary>
    /// This process's settings: <c>PSCONVNET_DATA</c>, <c>PSCONVNET_MIRROR</c>, and the cache in <c>XDG_CACHE_HOME</c>,
    /// <c>~/.cache</c> or, on Windows, the local application data.
    /// </summary>
    /// <exception cref="ConvNetException"><c>MirrorInvalid</c>: <c>PSCONVNET_MIRROR</c> isn't an http address.</exception>
    public static MnistLocations FromEnvironment()
    {
        var data = Environment.GetEnvironmentVariable("PSCONVNET_DATA");
        return new MnistLocations(
            string.IsNullOrWhiteSpace(data) ? null : Path.GetFullPath(data),
            PSConvNet.Disk.CacheFolder.Path,
            MirrorAddress()
        );
    }

    private static Uri? MirrorAddress()
    {
        var mirror = Environment.GetEnvironmentVariable("PSCONVNET_MIRROR");
        if (string.IsNullOrWhiteSpace(mirror))
            return null;
        if (
            Uri.TryCreate(mirror.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            // A password with a slash that isn't escaped makes a host of the name.
            && !address.PathAndQuery.Contains('@', StringComparison.Ordinal)
        )
            return address;
        // Whatever else is wrong with it, any part of it may be a password.
        var kind = Array.Find(
            s_schemes,
            scheme => mirror.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase)
        );
        throw new ConvNetException(
            ErrorIds.MirrorInvalid,
            ErrorKind.InvalidArgument,
            $"PSCONVNET_MIRROR {(kind is null ? "isn't an http or https address" : $"is an address of the scheme {kind}, and only http and https can be used")}. It isn't shown, because it may contain a password. Write it as https://host/folder/ or, with : / and @ in name and password escaped as %3A, %2F and %40, as https://name:password@host/folder/, or clear it.",
            "PSCONVNET_MIRROR"
        );
    }

    private static Uri? WithoutLogin(Uri? address) =>
        address is { UserInfo.Length: > 0 } ? new UriBuilder(address) { UserName = "", Password = "" }.Uri : address;

    private static AuthenticationHeaderValue? LoginOf(Uri? address) =>
        address is { UserInfo: { Length: > 0 } login }
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(login))))
            : null;
}
