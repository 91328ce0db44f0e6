using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps.Processes;

/// <summary>Sweeps whose workers are killed, that are killed themselves, or that share a study: what they come to in the end.</summary>
public sealed class KilledSweepTests(SweepScript script) : IClassFixture<SweepScript>
{
    [SkippableFact]
    public void Workers_and_sweep_killed_again_and_again_come_to_the_table_of_one_undisturbed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), OutsideStudy.NeedsProc);
        var study = script.Study("killed");
        using (var shell = script.Start("killed"))
        {
            KillWorker(shell, 1);
            // The one in its place, too.
            KillWorker(shell, 2);
            shell.Signal("KILL");
            Assert.True(Eventually.Holds(() => study.Workers.Count == 0), "workers outlived their sweep");
        }
        Assert.NotEqual(script.Undisturbed, study.Table);
        using (var shell = script.Start("killed"))
        {
            KillWorker(shell, 3);
            Assert.Contains("done", shell.Wait().Out, StringComparison.Ordinal);
        }
        Assert.Equal(script.Undisturbed, study.Table);
        Assert.Empty(study.Workers);

        // How far they have come, and not a clock, says when, for machines differ.
        void KillWorker(RunningShell shell, int quarters)
        {
            Assert.True(
                Eventually.Holds(() =>
                    study.EpochsDone >= SweepScript.Epochs * SweepScript.Trials * quarters / 4
                    && study.Workers.Count > 0
                    && !shell.Process.HasExited
                ),
                shell.Out
            );
            ShellProcess.Signal("KILL", study.Workers[0]);
        }
    }

    [SkippableFact]
    public void Two_sweeps_at_once_on_one_study_share_the_work()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), OutsideStudy.NeedsProc);
        var study = script.Study("two");
        using var first = script.Start("two", parallel: 1);
        Assert.True(Eventually.Holds(() => File.Exists(Path.Combine(study.Folder, "study.json"))), first.Out);
        using var second = script.Start("two", parallel: 1);
        Assert.Contains("done", first.Wait().Out, StringComparison.Ordinal);
        Assert.Contains("done", second.Wait().Out, StringComparison.Ordinal);
        Assert.Equal(script.Undisturbed, study.Table);
        Assert.All(study.Records, record => Assert.Contains("\"turn\": 1", record, StringComparison.Ordinal));
    }
}
