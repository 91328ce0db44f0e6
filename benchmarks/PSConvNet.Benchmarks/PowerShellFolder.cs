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
}
