using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps.Processes;

/// <summary>What a worker process says when it can't work, for whoever started it.</summary>
public sealed class WorkerErrorTests
{
    [Fact]
    public void An_error_is_one_line_of_plain_text_and_the_exit_code_is_1()
    {
        var script = Path.Combine(Path.GetDirectoryName(Repository.Manifest)!, "sweep", "Start-SweepWorker.ps1");
        var study = Path.Combine(Path.GetTempPath(), $"none-{Guid.NewGuid():N}");

        using var worker = ShellProcess.Start(["-NoProfile", "-File", script, "-Study", study], Pwsh.Path);
        var result = worker.Wait();

        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(study, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', line);
        Assert.DoesNotContain("Start-SweepWorker", line, StringComparison.Ordinal);
    }
}
