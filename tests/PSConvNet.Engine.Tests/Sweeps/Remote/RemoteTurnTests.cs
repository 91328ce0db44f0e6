using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps.Remote;

/// <summary>Turns that are handed over: the other machine is a folder here, into which only what is said to be needed is copied.</summary>
public sealed class RemoteTurnTests : IDisposable
{
    private readonly TemporaryFolder _machines = new();

    public void Dispose() => _machines.Dispose();

    [Theory]
    [InlineData(SweepPruner.None)]
    [InlineData(SweepPruner.Median)]
    [InlineData(SweepPruner.Asha)]
    public void Turns_handed_to_two_machines_by_turns_come_to_the_table_of_one_worker_here(SweepPruner pruner)
    {
        StudySettings Change(StudySettings settings) =>
            settings with
            {
                Training = settings.Training with { Epochs = 4 },
                Pruner = new PrunerSpec { Kind = pruner, ReductionFactor = 2 },
                Best = 2,
                Replicate = 1,
            };
        using var here = new SmallStudy(Change);
        here.Work();
        using var there = new SmallStudy(Change);
        var remote = new RemoteStudy(there.Open());
        for (var i = 0; remote.Take() is { } turn; i++)
        {
            using (turn)
                Assert.NotNull(Run(remote, turn, there.Folder, Machine($"machine{i % 2}")));
        }
        Assert.Equal(here.Table(), there.Table());
        foreach (var kept in (string[])["models", "checkpoints"])
            Assert.Equal(Names(here.Folder, kept), Names(there.Folder, kept));
        Assert.Equal(
            here.Study.BestTrials().Select(trial => Loss(trial.LoadModel())),
            there.Study.BestTrials().Select(trial => Loss(trial.LoadModel()))
        );
    }

    [Fact]
    public void A_turn_that_is_stopped_is_gone_on_with_on_another_machine_to_the_same_bits()
    {
        StudySettings Long(StudySettings settings) =>
            settings with
            {
                Training = settings.Training with { Epochs = 40 },
                Trials = 1,
            };
        using var whole = new SmallStudy(Long);
        whole.Work();
        using var stopped = new SmallStudy(Long);
        var remote = new RemoteStudy(stopped.Open());
        using (var stop = new CancellationTokenSource())
        using (var turn = remote.Take()!)
        {
            var epochs = 0;
            Run(
                remote,
                turn,
                stopped.Folder,
                Machine("first"),
                () =>
                {
                    if (++epochs == 7)
                        stop.Cancel();
                },
                stop.Token
            );
        }
        var waits = Assert.Single(stopped.Open().ReadTrials());
        Assert.Equal(TrialState.Waiting, waits.State);
        Assert.InRange(waits.Epochs, 7, 39);
        using (var turn = remote.Take()!)
        {
            Assert.Equal(2, turn.Number);
            var seen = new List<int>();
            Run(remote, turn, stopped.Folder, Machine("second"), () => seen.Add(stopped.Open().ReadTrials()[0].Epochs));
            Assert.True(seen[0] > waits.Epochs, "it began anew");
        }
        Assert.Equal(whole.Table(), stopped.Table());
    }

    [Fact]
    public void Each_epoch_is_in_the_study_before_the_turn_ends()
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1 });
        var remote = new RemoteStudy(study.Open());
        using var turn = remote.Take()!;
        var seen = new List<int>();
        Run(remote, turn, study.Folder, Machine("one"), () => seen.Add(study.Open().ReadTrials()[0].Epochs));
        Assert.Equal(1, seen[0]);
        Assert.Equal(TrialState.Completed, study.Open().ReadTrials()[0].State);
    }

    [Fact]
    public void A_machine_that_is_lost_counts_as_a_death_and_its_trial_is_taken_up_at_once()
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1, Retry = 1 });
        var remote = new RemoteStudy(study.Open());
        for (var death = 1; death <= 2; death++)
        {
            using var turn = remote.Take()!;
            Assert.Equal(death, turn.Number);
            turn.Lose();
        }
        Assert.Null(remote.Take());
        var trial = Assert.Single(study.Open().ReadTrials());
        Assert.Equal((TrialState.Failed, "TrialKilled"), (trial.State, trial.ErrorId));
    }

    [Fact]
    public void A_turn_that_is_given_back_is_no_death()
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1, Retry = 0 });
        var remote = new RemoteStudy(study.Open());
        for (var i = 0; i < 3; i++)
        {
            using var turn = remote.Take()!;
            turn.GiveBack();
        }
        using var last = remote.Take()!;
        Assert.Equal(TrialState.Completed, Run(remote, last, study.Folder, Machine("one"))!.State);
    }

    [Fact]
    public void What_comes_back_after_others_have_taken_the_trial_up_changes_nothing()
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1 });
        var remote = new RemoteStudy(study.Open());
        using var turn = remote.Take()!;
        var machine = Machine("slow");
        var record = Path.Combine(study.Folder, "trials", "00000.json");
        var before = File.ReadAllText(record);
        File.WriteAllText(Path.Combine(study.Folder, "claims", "00000.2"), "");
        Assert.Null(Run(remote, turn, study.Folder, machine));
        Assert.Equal(before, File.ReadAllText(record));
        Assert.False(File.Exists(Path.Combine(study.Folder, "claims", "00000.done")));
    }

    [Theory]
    [InlineData("\"number\": 0", "\"number\": 1")]
    [InlineData("\"seed\": 1", "\"seed\": 2")]
    [InlineData("\"Units\": 4", "\"Units\": 400")]
    [InlineData("\"turn\": 1", "\"turn\": 3")]
    [InlineData("{", "[")]
    public void A_record_that_is_not_of_the_trial_handed_over_is_refused(string written, string forged)
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1 });
        var remote = new RemoteStudy(study.Open());
        using var turn = remote.Take()!;
        var machine = Machine("forger");
        Copy(remote.Files.Concat(turn.Files), study.Folder, machine);
        HandOver(turn, machine, _ => { });
        var record = Path.Combine(machine, "trials", "00000.json");
        var text = File.ReadAllText(record);
        Assert.Contains(written, text, StringComparison.Ordinal);
        text = text.Replace(written, forged, StringComparison.Ordinal);
        File.WriteAllText(record, text);
        Assert.Equal("RemoteAnswerInvalid", Assert.Throws<ConvNetException>(() => turn.End(machine)).ErrorId);
        Assert.Equal("RemoteAnswerInvalid", Assert.Throws<ConvNetException>(() => turn.Report(text)).ErrorId);
        Assert.Empty(Directory.GetFiles(Path.Combine(study.Folder, "models")));
    }

    [Fact]
    public void A_turn_is_run_once_in_a_copy_and_only_where_its_trial_is()
    {
        using var study = new SmallStudy(settings => settings with { Trials = 1 });
        var remote = new RemoteStudy(study.Open());
        using var turn = remote.Take()!;
        var machine = Machine("one");
        Copy(remote.Files.Append("study.json"), study.Folder, machine);
        void Begin() => HandOver(turn, machine, _ => { });
        Assert.Equal("SweepOptionInvalid", Assert.Throws<ConvNetException>(Begin).ErrorId);
        Copy(turn.Files, study.Folder, machine);
        Begin();
        Assert.Equal("SweepOptionInvalid", Assert.Throws<ConvNetException>(Begin).ErrorId);
    }

    /// <summary>As a pool does it: sends, has it run, brings back.</summary>
    private SweepTrial? Run(
        RemoteStudy remote,
        RemoteTurn turn,
        string study,
        string machine,
        Action? reported = null,
        CancellationToken stop = default
    )
    {
        Copy(remote.Files.Concat(turn.Files), study, machine);
        HandOver(
            turn,
            machine,
            record =>
            {
                turn.Report(record);
                reported?.Invoke();
            },
            stop
        );
        var back = Machine("back");
        Copy(
            turn.Results.SelectMany(path =>
                Directory.Exists(Path.Combine(machine, path))
                    ? Directory
                        .GetFiles(Path.Combine(machine, path))
                        .Select(file => Path.GetRelativePath(machine, file))
                    : [path]
            ),
            machine,
            back
        );
        try
        {
            return turn.End(back);
        }
        finally
        {
            Directory.Delete(back, recursive: true);
        }
    }

    private static void HandOver(
        RemoteTurn turn,
        string machine,
        Action<string> told,
        CancellationToken stop = default
    ) =>
        HandedTurn.Run(
            Study.Open(machine, _ => _ => true),
            turn.Id,
            turn.Number,
            turn.Until,
            SmallStudy.Layers,
            told,
            stop
        );

    private string Machine(string name) => Path.Combine(_machines.Path, name);

    private static void Copy(IEnumerable<string> paths, string from, string to)
    {
        foreach (var folder in (string[])["trials", "claims", "models", "checkpoints"])
            Directory.CreateDirectory(Path.Combine(to, folder));
        foreach (var path in paths.Where(path => File.Exists(Path.Combine(from, path))))
        {
            var target = Path.Combine(to, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(from, path), target, overwrite: true);
        }
    }

    private static IEnumerable<string> Names(string study, string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(study, folder), "*.psconvnet", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(study, path))
            .Order();

    private static double Loss(Model model) => Evaluator.Measure(model, SmallStudy.Data.HeldOut.Test).Loss;
}
