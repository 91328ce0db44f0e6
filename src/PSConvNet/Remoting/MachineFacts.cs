using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PSConvNet.Commands;

/// <summary>What another machine said of itself.</summary>
/// <param name="Platform"><c>linux-x64</c> and the like: what natives it needs.</param>
/// <param name="Machine">Its name, who we are there, and how much of its files we see: two sessions with the same are at the same place.</param>
/// <param name="Cache">The folder for what may be lost.</param>
/// <param name="SeesStudy">Whether the study's folder is there under the same path.</param>
/// <param name="Manifest">Our module's manifest there, where the very same module is there; else null.</param>
internal sealed record MachineFacts(string Platform, string Machine, string Cache, bool SeesStudy, string? Manifest)
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
    /// <exception cref="ConvNetException"><c>SessionUnusable</c>: its PowerShell is too old for the module, or none.</exception>
    public static MachineFacts Ask(RemoteShell shell, string token, CancellationToken stop)
    {
        var said = shell
            .Ask(RemoteScripts.Probe, stop, Fingerprint, ModulePlace.Manifest, token, Path.GetFileName(token))
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        if (
            Version.TryParse(said.GetValueOrDefault("version", "").Split('-')[0], out var version)
            && version < ShellProgram.Oldest
        )
            throw Unusable(shell, $"runs PowerShell {version}; PSConvNet needs {ShellProgram.Oldest} or later");
        if (
            ((string[])["platform", "machine", "cache", "seen"]).FirstOrDefault(name => !said.ContainsKey(name)) is
            { } missing
        )
            throw Unusable(
                shell,
                $"didn't report its {missing}; it must run PowerShell without changes to its profile"
            );
        return new MachineFacts(
            said["platform"],
            said["machine"],
            said["cache"],
            said["seen"] == bool.TrueString,
            said.GetValueOrDefault("manifest")
        );
    }

    /// <summary><c>SessionUnusable</c>.</summary>
    /// <param name="shell">The session.</param>
    /// <param name="problem">What about its machine is wrong and what to do, as the sentence goes on; no full stop.</param>
    public static ConvNetException Unusable(RemoteShell shell, string problem) =>
        new(ErrorIds.SessionUnusable, ErrorKind.Unavailable, $"{shell.Name} {problem:text}.", shell.Name);
}
