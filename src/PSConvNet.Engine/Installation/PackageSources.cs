using NuGet.Configuration;
using NuGet.Versioning;

namespace PSConvNet.Installation;

/// <summary>Where packages may come from: the sources that the user's nuget.config files name.</summary>
/// <param name="Sources">The sources, in the order in which they are tried.</param>
/// <param name="PackagesFolder">Where NuGet keeps packages that it has fetched for this user.</param>
internal sealed record PackageSources(IReadOnlyList<PackageSource> Sources, string PackagesFolder)
{
    /// <summary>The sources that the user's NuGet would ask for a package, credentials and source mapping included.</summary>
    /// <param name="workingFolder">The folder whose nuget.config files, and those above it, count.</param>
    /// <param name="packageId">The package.</param>
    /// <exception cref="ConvNetException"><c>PackageSourcesInvalid</c>: a nuget.config can't be read, or names no source.</exception>
    public static PackageSources OfUser(string? workingFolder, string packageId)
    {
        try
        {
            var settings = NuGet.Configuration.Settings.LoadDefaultSettings(workingFolder);
            var mapping = PackageSourceMapping.GetPackageSourceMapping(settings);
            var mapped = mapping.IsEnabled ? mapping.GetConfiguredPackageSources(packageId) : null;
            PackageSource[] sources =
            [
                .. PackageSourceProvider
                    .LoadPackageSources(settings)
                    .Where(source => source.IsEnabled && (mapped is null || mapped.Contains(source.Name))),
            ];
            return sources.Length > 0
                ? new(sources, SettingsUtility.GetGlobalPackagesFolder(settings))
                : throw Invalid(
                    mapped is null
                        ? "no source is enabled"
                        : $"the package source mapping has no source for {packageId}",
                    null
                );
        }
        catch (Exception e) when (e is NuGetConfigurationException or ArgumentException or UriFormatException)
        {
            throw Invalid(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>The package in NuGet's own folder, where an earlier restore has left it.</summary>
    public string? Kept(string packageId, NuGetVersion version)
    {
        var (id, number) = (packageId.ToLowerInvariant(), version.ToNormalizedString());
        var path = Path.Combine(PackagesFolder, id, number, $"{id}.{number}.nupkg");
        return File.Exists(path) && !RegularFile.IsSpecial(path) ? path : null;
    }

    private static ConvNetException Invalid(string problem, Exception? cause) =>
        new(
            ErrorIds.PackageSourcesInvalid,
            ErrorKind.InvalidData,
            $"NuGet's configuration gives no source to install from: {problem:text}. 'dotnet nuget list source' shows what there is; RuntimeInstaller.InstallAsync can also install from a folder of packages.",
            null,
            cause
        );
}
