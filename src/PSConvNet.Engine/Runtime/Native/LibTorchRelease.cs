using System.Runtime.InteropServices;
using System.Text.Json;

namespace PSConvNet.Runtime;

/// <summary>The libtorch that this module computes with, as NuGet has it for one system, and the folder it is installed in.</summary>
/// <param name="RuntimeIdentifier">The system, as .NET names it: <c>linux-x64</c>.</param>
/// <param name="Version">libtorch's version.</param>
/// <param name="DownloadSize">The package's size in bytes.</param>
/// <param name="Size">The size of its libraries in bytes.</param>
public sealed record LibTorchRelease(string RuntimeIdentifier, string Version, long DownloadSize, long Size)
{
    /// <summary>The file that is written last: with it, an installation is whole.</summary>
    internal const string RecordName = "installed.json";

    /// <summary>The SHA-512 of the package in base64, as nuget.org has it; null for a version that this module wasn't made with.</summary>
    internal string? Sha512 { get; init; }

    /// <summary>The NuGet package that holds it.</summary>
    public string PackageId => "libtorch-cpu-" + RuntimeIdentifier;

    /// <summary>Where it is installed for this user: one version beside another.</summary>
    public string Folder => Path.Combine(Root, $"libtorch-{Version}-{RuntimeIdentifier}");

    /// <summary>The folder of all versions.</summary>
    internal static string Root => Path.Combine(CacheFolder.Path, "runtime");

    /// <summary>The libraries to load, each before those that need it.</summary>
    public IReadOnlyList<string> Libraries =>
        RuntimeIdentifier.Split('-')[0] switch
        {
            "win" => ["c10.dll", "torch_cpu.dll"],
            // First OpenMP: libtorch asks for Homebrew's by its full path, and takes one of that name that is loaded already.
            "osx" => ["libomp.dylib", "libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"],
            _ => ["libc10.so", "libtorch_cpu.so", "libtorch.so"],
        };

    /// <summary>This process's system, as .NET's packages name it.</summary>
    public static string ThisSystem { get; } =
        (
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux"
        )
        + "-"
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The release for this process; null where none is published for its system, or TorchSharp is missing.</summary>
    public static LibTorchRelease? ForThisSystem() => LibTorch.Version is { } version ? For(ThisSystem, version) : null;

    /// <summary>The release for a system, with the sizes of version 2.10.0; null where none is published.</summary>
    internal static LibTorchRelease? For(string system, string version) =>
        Published(system, version) is { } release
            ? release with
            {
                Sha512 = version == "2.10.0" ? s_sums[system] : null,
            }
            : null;

    private static LibTorchRelease? Published(string system, string version) =>
        system switch
        {
            "linux-x64" => new(system, version, 128_200_000, 463_000_000),
            "win-x64" => new(system, version, 79_900_000, 268_000_000),
            "win-arm64" => new(system, version, 42_000_000, 154_000_000),
            "osx-arm64" => new(system, version, 56_900_000, 216_000_000),
            _ => null,
        };

    // The module is made for one version, so that its packages are known to the last bit: whatever a source gives is held to that.
    private static readonly Dictionary<string, string> s_sums = new()
    {
        ["linux-x64"] = "XjuaFwqqvwstyeUWyz/xtfhODesmagoPKO7T0VRmiW+r0pJwsXB/vHydA7it9xge36PSXW1qLyRRzvM3J8i9UA==",
        ["osx-arm64"] = "njbW4NbjnO3UYsZymJA5EA8kvFQZveW2rVS07QinYOxxgs6hyZFTI82zBDt0ix1yRRCZ+v+fm+pHXG37WKjyhA==",
        ["win-arm64"] = "7NCaiSTge6axhCnH5Im+1ZNSkiuA+zuYe6ZPYph9MmXS4QozEEHUcualKvMVlygxhaZOR6N3nCYqm3Ibxq5+JA==",
        ["win-x64"] = "qvrEe8b8U1SPnsqShWgJ9gE/UfzFiq+QRPJdAegxwtEBgL/jZPQPvKAhqYkpEe5kb6AXCi840KDqvDaHQuAqEA==",
    };

    /// <summary>The record of the installation, where it is whole: all files are there, with the sizes they were installed with.</summary>
    internal LibTorchInstallation? Installed()
    {
        try
        {
            var record = JsonSerializer.Deserialize<LibTorchInstallation>(
                File.ReadAllBytes(Path.Combine(Folder, RecordName))
            );
            return
                record?.Files is { Count: > 0 } files
                && files.All(file =>
                    new FileInfo(Path.Combine(Folder, Path.GetFileName(file.Key))) is { Exists: true } found
                    && found.Length == file.Value
                )
                && Libraries.All(files.ContainsKey)
                ? record
                : null;
        }
        catch (Exception e) when (FileFault.IsOfDisk(e) || e is JsonException)
        {
            return null;
        }
    }
}

/// <summary>What an installation of libtorch consists of.</summary>
/// <param name="Package">The package and its version.</param>
/// <param name="Source">The source that it came from.</param>
/// <param name="Files">The files and their sizes in bytes.</param>
internal sealed record LibTorchInstallation(string Package, string Source, IReadOnlyDictionary<string, long> Files);
