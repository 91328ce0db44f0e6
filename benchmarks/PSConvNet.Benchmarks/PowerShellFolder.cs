using System.Reflection;

namespace PSConvNet.Benchmarks;

/// <summary>PowerShell itself: the .NET tool that the restore fetches.</summary>
internal static class PowerShellFolder
{
    /// <summary>Its folder for this system.</summary>
    public static string Path { get; } =
        typeof(PowerShellFolder)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "PwshFolder")
            .Value! + (OperatingSystem.IsWindows() ? "win" : "unix");

    /// <summary>The path of one of its files, which may lie among those for one system; null where it has none of that name.</summary>
    public static string? Find(string file) =>
        Directory.EnumerateFiles(Path, file, SearchOption.AllDirectories).MinBy(path => path.Length);
}
