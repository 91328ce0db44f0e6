namespace PSConvNet.Module.Tests.Sweeps.Processes;

/// <summary>Ctrl-C in a sweep, once and twice.</summary>
public sealed class StoppedSweepTests : IDisposable
{
    private readonly SweepScript _script = new();

    public void Dispose() => _script.Dispose();

    [SkippableFact]
    public void Ctrl_C_stops_the_workers_and_leaves_a_study_to_go_on_with()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), OutsideStudy.NeedsProc);
        var study = _script.Study("stopped");
        // Nothing but a stop ends these within the test's patience.
        using var shell = _script.Start("stopped", epochs: 5000);
        // A trial that has not begun to train leaves no checkpoint.
        Assert.True(
            Eventually.Holds(() =>
                study.Records.Count(record => record.Contains("\"epoch\": 1", StringComparison.Ordinal)) == 2
            ),
            shell.Out
        );
        shell.Signal("INT");
        var result = shell.Wait();
        Assert.Equal(130, result.ExitCode);
        Assert.Empty(study.Workers);
        Assert.DoesNotContain("done", result.Out, StringComparison.Ordinal);
        Assert.Equal(
            2,
            study.Records.Count(record => record.Contains("\"state\": \"Waiting\"", StringComparison.Ordinal))
        );
        Assert.Equal(
            2,
            Directory
                .GetFiles(Path.Combine(study.Folder, "checkpoints"), "*.psconvnet", SearchOption.AllDirectories)
                .Length
        );
    }

    [SkippableFact]
    public void A_second_Ctrl_C_kills_workers_that_do_not_stop()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), OutsideStudy.NeedsProc);
        var study = _script.Study("stuck");
        using var shell = _script.Start(
            "stuck",
            first: $"[IO.File]::WriteAllText('{_script.Folder}/asleep-' + $PID, ''); [Threading.Thread]::Sleep(100000);"
        );
        Assert.True(
            Eventually.Holds(() => Directory.GetFiles(_script.Folder, "asleep-*").Length == 2),
            "no script block began"
        );
        shell.Signal("INT");
        // Nothing tells of a stop that has no effect.
        Thread.Sleep(1000);
        Assert.Equal(2, study.Workers.Count);
        shell.Signal("INT");
        Assert.Equal(130, shell.Wait().ExitCode);
        Assert.Empty(study.Workers);
    }
}
