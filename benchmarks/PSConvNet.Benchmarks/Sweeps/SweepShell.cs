using System.Diagnostics;
using System.Globalization;

namespace PSConvNet.Benchmarks.Sweeps;

/// <summary>Sweeps by the script Sweep.ps1 in a shell of their own, and what came of them.</summary>
internal static class SweepShell
{
    /// <summary>Starts a sweep, or goes on with one.</summary>
    public static Process Start(string study, string sampler, int parallel, int threads)
    {
        string[] words =
        [
            "-File",
            Path.Combine(AppContext.BaseDirectory, "Scripts", "Sweep.ps1"),
            study,
            sampler,
            parallel.ToString(CultureInfo.InvariantCulture),
            threads.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(Path.Combine(ShellProcess.Folder, "psconvnet"), words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The workers of a study that run now, as the system lists them.</summary>
    public static IReadOnlyList<Process> Workers(string study) =>
        [
            .. Process
                .GetProcesses()
                .Where(process =>
                {
                    try
                    {
                        var words = File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0');
                        return words.Contains(study)
                            && words.Any(word => word.EndsWith("Start-SweepWorker.ps1", StringComparison.Ordinal));
                    }
                    catch (IOException)
                    {
                        // It has just ended.
                        return false;
                    }
                }),
        ];

    /// <summary>What each trial came to, to the last bit, times left out.</summary>
    public static IReadOnlyList<string> Table(string study) =>
        [
            .. Study
                .Open(study)
                .ReadTrials()
                .Select(trial =>
                    FormattableString.Invariant($"{trial.Id} {trial.State} {trial.Parameters} {trial.Value:R} ")
                    + string.Join(
                        ' ',
                        trial.History.Select(epoch =>
                            FormattableString.Invariant($"{epoch.Loss:R} {epoch.Accuracy:R} {epoch.ValidationLoss:R}")
                        )
                    )
                ),
        ];
}
