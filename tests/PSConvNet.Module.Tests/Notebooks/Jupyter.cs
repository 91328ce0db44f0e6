using System.Diagnostics;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Notebooks;

/// <summary>
/// Debian's Jupyter, with the kernel registered in a folder of its own by Register-NotebookKernel. Scripts in tests/Notebooks are run
/// with Debian's Python, which is the one its packages belong to.
/// </summary>
internal sealed class Jupyter : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);
    private readonly DirectoryInfo _prefix = Directory.CreateTempSubdirectory("psconvnet jupyter ");

    /// <summary>Registers the kernel, to run in a program, or says why that can't be tested here.</summary>
    public Jupyter(string program, string package)
    {
        Skip.IfNot(File.Exists(Python), $"{Python} is not on this machine");
        Skip.IfNot(
            RunPython(["-c", $"import {package}"]).ExitCode == 0,
            $"Debian's {package} is not installed ({Python} can't import it)"
        );
        using var session = new PowerShellSession();
        var kernel = session
            .Run($"Register-NotebookKernel -Prefix '{_prefix.FullName}' -Program '{program}'")
            .Output.Single();
        Name = (string)kernel.Properties["Name"].Value;
    }

    /// <summary>The kernel's name.</summary>
    public string Name { get; }

    /// <summary>The built psconvnet of the configuration these tests were built in.</summary>
    public static string Psconvnet { get; } =
        Path.Combine(
            Path.GetDirectoryName(ShellProcess.Assembly)!,
            OperatingSystem.IsWindows() ? "psconvnet.exe" : "psconvnet"
        );

    /// <summary>Runs a script of tests/Notebooks; fails with what it wrote where it failed.</summary>
    public string Run(string script, params string[] arguments)
    {
        var (exitCode, output) = RunPython([Path.Combine(Repository.Root, "tests", "Notebooks", script), .. arguments]);
        Assert.True(exitCode == 0, output);
        return output;
    }

    public void Dispose() => _prefix.Delete(recursive: true);

    private (int ExitCode, string Output) RunPython(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Python, ["-W", "ignore", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JUPYTER_PATH"] = Path.Combine(_prefix.FullName, "share", "jupyter");
        start.Environment["PSCONVNET_KERNEL"] = Name;
        // Nothing of the person who runs the tests: neither their settings nor their kernels.
        start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(_prefix.FullName, "config");
        // Other tests, which run at the same time, set this process's own variable to folders without data.
        if (Repository.SharedData is { } data)
            start.Environment["PSCONVNET_DATA"] = data;
        start.Environment["IPYTHONDIR"] = Path.Combine(_prefix.FullName, "ipython");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "it did not end; wrote: " + error.Result);
        }
        return (process.ExitCode, output.Result + error.Result);
    }
}
