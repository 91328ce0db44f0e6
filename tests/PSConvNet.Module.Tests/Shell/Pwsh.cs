using System.Reflection;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>PowerShell itself, as the .NET tool of the manifest; the restore of these tests fetches it.</summary>
internal static class Pwsh
{
    /// <summary>Its program.</summary>
    public static string Path { get; } =
        typeof(Pwsh)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "PwshFolder")
            .Value! + (OperatingSystem.IsWindows() ? "win/pwsh.exe" : "unix/pwsh");
}
