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

    /// <summary>PowerShell itself, which has not imported the module.</summary>
    public static string Pwsh { get; } =
        Path.Combine(PowerShellFolder.Path, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    /// <summary>Whether a terminal can be had, on which the shell shows progress as on a person's screen.</summary>
    public static bool HasTerminal => File.Exists("/usr/bin/tmux");

    /// <summary>Runs a script of the folder Scripts in a fresh shell.</summary>
    /// <param name="script">Its file name.</param>
    /// <param name="arguments">Its arguments after the first, which names the file for its numbers.</param>
    /// <param name="terminal">Whether to run it on a terminal where there is one.</param>
    /// <param name="program">The shell, or null for psconvnet.</param>
    /// <returns>The numbers, one a line of that file.</returns>
    public static double[] Run(string script, string[] arguments, bool terminal = false, string? program = null)
    {
        program ??= Path.Combine(Folder, OperatingSystem.IsWindows() ? "psconvnet.exe" : "psconvnet");
        var result = Path.GetTempFileName();
        string[] command =
        [
            program,
            "-NoProfile",
            "-File",
            Path.Combine(AppContext.BaseDirectory, "Scripts", script),
            result,
            .. arguments,
        ];
        try
        {
            if (terminal && HasTerminal)
            {
                // A terminal that answers: the shell asks it where its cursor is.
                var socket = $"psconvnet-{Environment.ProcessId}";
                var tmux = $"tmux -L {socket} -f /dev/null";
                var inside = $"{string.Join(' ', command.Select(Quote))}; tmux -L {socket} wait-for -S done";
                command =
                [
                    "/bin/sh",
                    "-c",
                    $"{tmux} new-session -d -x 100 -y 30 {Quote(inside)}; {tmux} wait-for done; {tmux} kill-server",
                ];
            }
            var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var lines = File.ReadAllLines(result);
            return lines.Length > 0
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
