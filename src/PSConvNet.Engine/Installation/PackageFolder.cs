using NuGet.Versioning;

namespace PSConvNet.Installation;

/// <summary>
/// A folder of packages, or one package. Found by the names of files, of which only the one that is wanted is opened: NuGet's own client opens all,
/// and would wait for ever for a pipe among them.
/// </summary>
internal static class PackageFolder
{
    private const string Ending = ".nupkg";
    private const int MostNamed = 5;

    /// <summary>Opens a package.</summary>
    /// <param name="place">A folder, or a package's file.</param>
    /// <param name="id">The package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="fault">Why there is none.</param>
    public static FileStream? Open(string place, string id, NuGetVersion version, out string fault)
    {
        fault = "";
        if (Find(place, id, version) is not { } path)
        {
            fault = Missing(place, id, version);
            return null;
        }
        try
        {
            RegularFile.RequireToRead(path);
            return File.OpenRead(path);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            fault = $"{path} can't be read: {e.Message.TrimEnd('.')}";
            return null;
        }
    }

    /// <summary>The package's file: the one that was given, or that of its name in a folder, in all layouts that NuGet knows; or null.</summary>
    public static string? Find(string place, string id, NuGetVersion version)
    {
        if (!Directory.Exists(place))
            return place.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) && Path.Exists(place) ? place : null;
        var (name, number) = (NameOf(id, version), version.ToNormalizedString());
        string[] folders = [place, Path.Combine(place, id), Path.Combine(place, id, number)];
        return folders
            .SelectMany(folder => Packages(folder))
            .FirstOrDefault(path => Path.GetFileName(path).Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What a package's file is called.</summary>
    public static string NameOf(string id, NuGetVersion version) => $"{id}.{version.ToNormalizedString()}{Ending}";

    private static string Missing(string place, string id, NuGetVersion version)
    {
        var wanted = NameOf(id, version);
        if (!Path.Exists(place))
            return $"there is no {place}, which should be {wanted} or a folder that has it";
        if (!Directory.Exists(place))
            return $"{place} is no package; it should be {wanted} or a folder that has it";
        // Of another system, or another version: that is what people mistake for it.
        string[] others = [.. Packages(place).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        var more = others.Length > MostNamed ? $" and {others.Length - MostNamed} more" : "";
        return others.Length == 0
            ? $"{place} has no package; it should have {wanted}"
            : $"{place} has no {wanted}, only {string.Join(", ", others.Take(MostNamed))}{more}";
    }

    private static string[] Packages(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*" + Ending)] : [];
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            return [];
        }
    }
}
