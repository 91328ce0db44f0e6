using System.Diagnostics;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Windows;

/// <summary>
/// PowerShell for Windows under Wine, and a copy of what its tests need: the module with the natives of Windows, its package, Pester's tests.
/// Made at first use; on a machine without Wine the tests are skipped.
/// </summary>
public sealed class WineRig : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder _folder = new();

    // Not in the checkout: Wine's drive Z: is a link to the whole machine, which tools that go through a checkout's folders follow.
    private static string Rig => Path.Combine(Path.GetTempPath(), $"psconvnet-wine-{Environment.UserName}");

    /// <summary>Why nothing can be run; null where it can.</summary>
    public string? Reason { get; }

    public WineRig()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/wine"))
        {
            Reason = "Wine isn't installed (apt-get install --no-install-recommends wine64 wine).";
            return;
        }
        var (code, words) = Run(Tests("make-rig.sh"), Rig);
        if (code != 0)
            throw new InvalidOperationException("The rig for Wine could not be made: " + words);
        (code, words) = Run(
            Pwsh.Path,
            "-NoProfile",
            "-File",
            Path.Combine(Repository.Root, "build", "Package.ps1"),
            "-Runtime",
            "win-x64"
        );
        if (code != 0)
            throw new InvalidOperationException("The package for Windows could not be made: " + words);
        var version = Path.GetFileName(Directory.GetDirectories(Package).Single());
        Copy(Path.Combine(Package, version), "module");
        Copy(Package, "artifacts/packages/win-x64/PSConvNet");
        Copy(Path.Combine(Repository.Root, "tests", "Pester"), "tests/Pester");
    }

    /// <summary>Where the copy lies.</summary>
    public string Root => _folder.Path;

    /// <summary>A path of this machine, as programs under Wine name it.</summary>
    public static string Windows(string path) => "Z:" + path.Replace('/', '\\');

    /// <summary>Runs a script, after the module was imported.</summary>
    /// <returns>Whether it ended without an error, and what it wrote.</returns>
    public (int Code, string Words) Run(string script) => RunWith(script, []);

    /// <summary>The same where Windows lacks libraries, whose names are separated by commas.</summary>
    public (int Code, string Words) RunWithout(string libraries, string script) =>
        RunWith(script, [$"WINEDLLOVERRIDES={libraries}="]);

    private (int Code, string Words) RunWith(string script, string[] variables) =>
        Run(
            "env",
            [
                .. variables,
                Tests("run-in-wine.sh"),
                Rig,
                _folder.Write(
                    Guid.NewGuid().ToString("N") + ".ps1",
                    $"$ErrorActionPreference = 'Stop'\nImport-Module '{Windows(Root)}\\module\\PSConvNet.psd1'\n{script}"
                ),
            ]
        );

    public void Dispose() => _folder.Dispose();

    private static string Package => Path.Combine(Repository.Root, "artifacts", "packages", "win-x64", "PSConvNet");

    private static string Tests(string file) => Path.Combine(Repository.Root, "tests", "Windows", file);

    private void Copy(string from, string to)
    {
        var target = Path.Combine(Root, to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var (code, words) = Run("cp", "-r", from, target);
        if (code != 0)
            throw new InvalidOperationException(words);
    }

    private static (int Code, string Words) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (words, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} did not end within {s_patience}.");
        }
        return (process.ExitCode, words.Result + errors.Result);
    }
}
