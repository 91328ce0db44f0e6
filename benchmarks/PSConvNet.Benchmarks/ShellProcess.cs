using System.Diagnostics;
using System.Globalization;

namespace PSConvNet.Benchmarks;

/// <summary>The checkout's own shell, psconvnet, running a script that writes numbers into a file.</summary>
internal static class ShellProcess
{
    private static readonly string s_root = FindRoot();
    private static readonly string s_configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Where the shell was built.</summary>
    public static string Folder { get; } =
        Path.Combine(s_root, "src", "PSConvNet.Shell", "bin", s_configuration, "net10.0");

    /// <summary>The module's manifest.</summary>
    public static string Manifest { get; } = Path.Combine(s_root, "module", "PSConvNet.psd1");

    /// <summary>The tutorial.</summary>
    public static string Tutorial { get; } = Path.Combine(s_root, "examples", "mnist-tutorial.ps1");

    /// <summary>Whether a pseudo-terminal can be had, on which the shell shows progress as on a person's screen.</summary>
    public static bool HasTerminal => OperatingSystem.IsLinux() && File.Exists("/usr/bin/script");

    /// <summary>Runs a script of the folder Scripts in a fresh shell.</summary>
    /// <param name="script">Its file name.</param>
    /// <param name="arguments">Its arguments after the first, which names the file for its numbers.</param>
    /// <param name="terminal">Whether to run it on a pseudo-terminal where there is one.</param>
    /// <param name="folder">Where the shell is, or null for where it was built.</param>
    /// <returns>The numbers, one a line of that file.</returns>
    public static double[] Run(string script, string[] arguments, bool terminal = false, string? folder = null)
    {
        var program = Path.Combine(folder ?? Folder, OperatingSystem.IsWindows() ? "psconvnet.exe" : "psconvnet");
        var result = Path.GetTempFileName();
        string[] command =
        [
            program,
            "-File",
            Path.Combine(AppContext.BaseDirectory, "Scripts", script),
            result,
            .. arguments,
        ];
        try
        {
            if (terminal && HasTerminal)
                command = ["/usr/bin/script", "-qec", string.Join(' ', command.Select(Quote)), "/dev/null"];
            var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
            // Without one the shell would take it for a terminal that can't be painted on.
            start.Environment["TERM"] = "xterm-256color";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var lines = File.ReadAllLines(result);
            return process.ExitCode == 0 && lines.Length > 0
                ? [.. lines.Select(line => double.Parse(line, CultureInfo.InvariantCulture))]
                : throw new InvalidOperationException($"{script} ended with exit code {process.ExitCode}: {output}");
        }
        finally
        {
            File.Delete(result);
        }
    }

    private static string Quote(string argument) => $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PSConvNet.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException(
            "The benchmarks run from a checkout: no folder above them has PSConvNet.sln."
        );
    }
}
