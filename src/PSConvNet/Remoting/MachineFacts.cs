using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PSConvNet.Commands;

/// <summary>What another machine said of itself.</summary>
/// <param name="Version">Its PowerShell's version.</param>
/// <param name="Platform"><c>linux-x64</c> and the like: what natives it needs.</param>
/// <param name="Machine">Its name, who we are there, and how much of its files we see: two sessions with the same are at the same place.</param>
/// <param name="Cache">The folder for what may be lost.</param>
/// <param name="SeesStudy">Whether the study's folder is there under the same path.</param>
/// <param name="Manifest">Our module's manifest there, where the very same module is there; else null.</param>
internal sealed record MachineFacts(
    string Version,
    string Platform,
    string Machine,
    string Cache,
    bool SeesStudy,
    string? Manifest
)
{
    /// <summary>This machine's platform.</summary>
    public static string HerePlatform { get; } =
        (
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux"
        )
        + "-"
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>What tells our module from others, and from older builds of itself: the hashes of its two assemblies.</summary>
    public static string Fingerprint { get; } =
        string.Concat(
            ((string[])["PSConvNet.Engine.dll", "PSConvNet.dll"]).Select(name =>
                Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(ModulePlace.Folder, "bin", name))))
            )
        );

    /// <summary>Asks.</summary>
    /// <param name="shell">A session there.</param>
    /// <param name="token">A file in the study's folder, whose name is its contents.</param>
    /// <param name="stop">Stops it.</param>
    public static MachineFacts Ask(RemoteShell shell, string token, CancellationToken stop)
    {
        var said = shell
            .Ask(RemoteScripts.Probe, stop, Fingerprint, ModulePlace.Manifest, token, Path.GetFileName(token))
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        return new MachineFacts(
            said["version"],
            said["platform"],
            said["machine"],
            said["cache"],
            said["seen"] == bool.TrueString,
            said.GetValueOrDefault("manifest")
        );
    }
}
