namespace PSConvNet.Tests.Sweeps;

/// <summary>Workers that are stopped, and what those who come after them find.</summary>
public sealed class StoppedWorkerTests
{
    [Fact]
    public async Task A_sweep_stopped_again_and_again_ends_as_one_that_was_not()
    {
        const int epochs = 400;
        const int stops = 8;
        StudySettings Long(StudySettings settings) =>
            settings with
            {
                Trials = 1,
                Training = settings.Training with { Epochs = epochs },
            };
        using var whole = new SmallStudy(Long);
        whole.Work();
        using var stopped = new SmallStudy(Long);
        var record = Path.Combine(stopped.Folder, "trials", "00000.json");
        var turns = 0;
        for (var end = WorkerEnd.Stopped; end != WorkerEnd.Done; turns++)
        {
            using var stop = new CancellationTokenSource();
            var until = epochs * (turns + 1) / (stops + 1);
            // In the middle of an epoch, wherever it has come to when its record is seen.
            var stopping = Task.Run(() =>
            {
                while (turns < stops && !stop.IsCancellationRequested && EpochsIn(record) < until)
                    Thread.Sleep(1);
                if (turns < stops)
                    stop.Cancel();
            });
            end = stopped.Work(cancellation: stop.Token);
            await stop.CancelAsync();
            await stopping;
        }
        Assert.True(turns > 1, "it was never stopped");
        Assert.Equal(whole.Table(), stopped.Table());
    }

    [Fact]
    public void A_script_block_that_is_stopped_leaves_a_trial_that_waits_and_is_taken_up_again_at_once()
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1, Retry = 0 });
        using var stop = new CancellationTokenSource();
        var end = study.Work(
            layers: _ =>
            {
                stop.Cancel();
                throw new OperationCanceledException();
            },
            cancellation: stop.Token
        );
        Assert.Equal(WorkerEnd.Stopped, end);
        var record = Assert.Single(Directory.GetFiles(Path.Combine(study.Folder, "trials"), "*.json"));
        Assert.Contains("\"state\": \"Waiting\"", File.ReadAllText(record), StringComparison.Ordinal);
        Assert.Equal(WorkerEnd.Done, study.Work());
        Assert.Equal(TrialState.Completed, Assert.Single(study.Study.ReadTrials()).State);
    }

    [Fact]
    public async Task A_trial_whose_last_worker_still_holds_its_checkpoints_is_gone_on_with_when_it_lets_go()
    {
        using var alone = new SmallStudy();
        alone.Work();
        using var study = new SmallStudy();
        var checkpoints = Path.Combine(study.Folder, "checkpoints", "00003");
        Directory.CreateDirectory(checkpoints);
        using var held = FolderLock.Take(checkpoints);
        Assert.NotNull(held);

        var working = Task.Run(() => study.Work());
        Assert.True(
            SpinWait.SpinUntil(
                () => File.Exists(Path.Combine(study.Folder, "trials", "00003.json")) || working.IsCompleted,
                TimeSpan.FromSeconds(30)
            )
        );
        await Task.WhenAny(working, Task.Delay(TimeSpan.FromSeconds(1)));
        Assert.False(working.IsCompleted, "it did not wait");
        held.Dispose();

        Assert.Equal(WorkerEnd.Done, await working.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(alone.Table(), study.Table());
        Assert.All(study.Study.ReadTrials(), trial => Assert.Equal(1, trial.Turn));
    }

    [Fact]
    public void A_wait_for_checkpoints_is_stopped_at_once()
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1 });
        var checkpoints = Path.Combine(study.Folder, "checkpoints", "00000");
        Directory.CreateDirectory(checkpoints);
        using var held = FolderLock.Take(checkpoints);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        Assert.Equal(WorkerEnd.Stopped, study.Work(cancellation: stop.Token));
        Assert.Equal(TrialState.Waiting, Assert.Single(study.Study.ReadTrials()).State);
    }

    private static int EpochsIn(string record) =>
        File.Exists(record) ? File.ReadAllText(record).Split("\"epoch\":").Length - 1 : 0;
}
