using System.Text.Json;

namespace PSConvNet.Tests.Sweeps;

public sealed class SweepWorkerTests
{
    [Fact]
    public void A_trial_comes_to_what_the_same_training_comes_to_by_hand()
    {
        using var study = new SmallStudy();
        Assert.Equal(WorkerEnd.Done, study.Work());
        var trials = study.Study.ReadTrials();
        Assert.Equal(6, trials.Count);
        foreach (var trial in trials)
        {
            var model = new Model(SmallStudy.Layers(trial.Parameters), new Shape(8, 8, 1));
            var options = SmallStudy.Settings.Training with
            {
                Optimizer = new AdamOptimizer { LearningRate = (double)trial.Parameters["LearningRate"] },
                ValidationData = SmallStudy.Data.HeldOut.Test,
            };
            var run = new Trainer(model, SmallStudy.Data.Kept, options).Run();
            Assert.Equal(run.History.Select(e => e.Loss), trial.History.Select(e => e.Loss));
            Assert.Equal(run.History[^1].ValidationAccuracy, trial.Value);
        }
    }

    [Fact]
    public void The_best_keep_their_models_and_the_others_do_not()
    {
        using var study = new SmallStudy(settings => settings with { Best = 2, Objective = SweepObjective.Loss });
        study.Work();
        var trials = study.Study.ReadTrials();
        var best = trials.OrderBy(trial => trial.Value).Take(2).Select(trial => trial.Id).ToList();
        Assert.Equal(best, study.Study.BestTrials().Select(trial => trial.Id));
        Assert.Equal(best.Order(), trials.Where(trial => trial.ModelPath is not null).Select(trial => trial.Id));
        var metrics = Evaluator.Measure(study.Study.BestTrials()[0].LoadModel(), SmallStudy.Data.HeldOut.Test);
        Assert.Equal(study.Study.BestTrials()[0].Value!.Value, metrics.Loss, 3);
    }

    [Fact]
    public void Four_workers_at_once_give_the_table_of_one()
    {
        using var alone = new SmallStudy();
        alone.Work();
        using var together = new SmallStudy();
        Parallel.For(0, 4, _ => SweepWorker.Run(Study.Open(together.Folder, _ => _ => true), SmallStudy.Layers));
        Assert.Equal(alone.Table(), together.Table());
        Assert.All(together.Study.ReadTrials(), trial => Assert.Equal(1, trial.Turn));
    }

    [Fact]
    public void A_trial_that_cannot_be_is_recorded_with_its_reason_and_the_others_go_on()
    {
        using var study = new SmallStudy();
        study.Work(layers: point =>
            (int)point["Units"] == 4
                ? [new DenseLayer(3) { Activation = Activation.Softmax }, new ConvLayer(2)]
                : SmallStudy.Layers(point)
        );
        var trials = study.Study.ReadTrials();
        Assert.Equal(3, trials.Count(trial => trial.State == TrialState.Completed));
        Assert.All(
            trials.Where(trial => trial.State == TrialState.Failed),
            trial =>
            {
                Assert.Equal("LayerShapeMismatch", trial.ErrorId);
                Assert.Equal(4, trial.Parameters["Units"]);
                Assert.NotEmpty(trial.Reason!);
            }
        );
    }

    [Fact]
    public void A_rate_that_breaks_the_arithmetic_is_a_failed_trial()
    {
        var space = new SweepSpace([
            new ChoiceParameter("Units", [4]),
            new ChoiceParameter("LearningRate", [1e30, 0.01]),
            new ChoiceParameter("Optimizer", ["SGD"]),
        ]);
        using var study = new SmallStudy(settings => settings with { Trials = 2 }, space);
        study.Work();
        Assert.Equal(["LossNotFinite", null], study.Study.ReadTrials().Select(trial => trial.ErrorId));
    }

    [Fact]
    public void When_more_fail_than_may_the_workers_end()
    {
        using var study = new SmallStudy(settings => settings with { MaxFailures = 1 });
        var end = study.Work(layers: _ => throw new ConvNetException("Mine", ErrorKind.InvalidArgument, "No."));
        Assert.Equal(WorkerEnd.TooManyFailures, end);
        Assert.Equal(2, study.Study.ReadTrials().Count(trial => trial.ErrorId == "Mine"));
    }

    [Fact]
    public void Repetitions_have_other_seeds_and_their_mean_leaves_the_picked_value_out()
    {
        using var study = new SmallStudy(settings => settings with { Best = 2, Replicate = 3 });
        study.Work();
        var all = study.Study.ReadTrials(includeReplicates: true);
        Assert.Equal(6 + 2 * 3, all.Count);
        Assert.Equal(3, all.Where(trial => trial.Replicate > 0).Select(trial => trial.Seed).Distinct().Count());
        var best = study.Study.BestTrials()[0];
        var values = all.Where(t => t.Replicate > 0 && t.Number == best.Number).Select(t => t.Value!.Value).ToArray();
        var mean = values.Average();
        Assert.Equal(mean, best.Mean!.Value, 12);
    }

    [Theory]
    [InlineData(SweepObjective.Accuracy, new[] { 2, 1, 3, 0 })]
    [InlineData(SweepObjective.Loss, new[] { 2, 1, 0, 3 })]
    public void The_best_are_chosen_by_their_values_and_ranked_by_the_means_of_their_repetitions(
        SweepObjective objective,
        int[] order
    )
    {
        using var study = new SmallStudy(settings => settings with { Best = 3, Objective = objective });
        // The values are in one order, the means in another; the repetitions of the one that isn't among the best don't count.
        double[] values = objective == SweepObjective.Accuracy ? [0.90, 0.96, 0.95, 0.97] : [0.4, 0.2, 0.3, 0.5];
        double[] means = objective == SweepObjective.Accuracy ? [0.99, 0.93, 0.94, 0.92] : [0.33, 0.32, 0.31, 0.01];
        var trials = values.Select(
            (value, i) =>
                Study.WithReplicates(
                    Trial(new TrialId(i), value),
                    [Trial(new TrialId(i, 1), means[i] - 0.01), Trial(new TrialId(i, 2), means[i] + 0.01)]
                )
        );

        var ranked = Study.Ranked(trials, study.Study.Settings).ToArray();

        Assert.Equal(order, ranked.Select(trial => trial.Number));
        Assert.All(ranked, trial => Assert.Equal(2, trial.Repetitions));
        Assert.All(ranked, trial => Assert.Equal(0.01 * Math.Sqrt(2), trial.StandardDeviation!.Value, 12));
    }

    [Fact]
    public void A_single_repetition_has_no_deviation()
    {
        var told = Study.WithReplicates(Trial(new TrialId(0), 0.9), [Trial(new TrialId(0, 1), 0.8)]);

        Assert.Equal((1, 0.8, null), (told.Repetitions, told.Mean, told.StandardDeviation));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("0.9000 (1)", null, 0.9)]
    [InlineData("0.9000 (2 equal)", null, 0.9, 0.9)]
    [InlineData("0.9000 (3 equal)", null, 0.9, 0.9, 0.9)]
    // Student's t for 1 and 3 degrees of freedom, from the table, times the standard deviation, by the root of the number.
    [InlineData("0.9100 ± 0.1271", 12.7062 * 0.01, 0.9, 0.92)]
    [InlineData("0.9100 ± 0.0184", 3.18245 * 0.01154701 / 2, 0.9, 0.9, 0.92, 0.92)]
    public void Repetitions_that_are_too_few_to_know_have_no_margin(string text, double? margin, params double[] values)
    {
        var trial = Trial(new TrialId(0), null);
        var told = Study.WithReplicates(trial, values.Select((value, i) => Trial(new TrialId(0, i + 1), value)));

        Assert.Equal(text, told.MeanText);
        Assert.Equal(margin ?? 0, told.MeanMargin ?? 0, 5);
        Assert.Equal(margin is null, told.MeanMargin is null);
    }

    private static SweepTrial Trial(TrialId id, double? value) =>
        new()
        {
            Id = id,
            State = TrialState.Completed,
            Parameters = new SweepPoint([]),
            Seed = 1,
            Value = value,
            PlannedEpochs = 1,
            StartedAt = DateTimeOffset.UnixEpoch,
        };

    [Fact]
    public void A_trial_whose_worker_died_is_taken_up_again_so_often_and_no_more()
    {
        using var study = new SmallStudy(settings => settings with { Retry = 2 });
        Die(study, new TrialId(0), turns: 2);
        Die(study, new TrialId(1), turns: 3);
        study.Work();
        var trials = study.Study.ReadTrials();
        Assert.Equal((TrialState.Completed, 3), (trials[0].State, trials[0].Turn));
        Assert.Equal((TrialState.Failed, "TrialKilled"), (trials[1].State, trials[1].ErrorId));
        Assert.All(trials.Skip(2), trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    [Fact]
    public void Who_was_taken_for_dead_does_not_write_over_what_others_have_done()
    {
        using var study = new SmallStudy();
        var taken = false;
        var told = new List<SweepTrial>();
        SweepWorker.Run(
            study.Open(),
            point =>
            {
                // Between its claim and its first epoch another worker takes the trial up, as if this one had slept.
                if (!taken)
                    ClaimFile.MarkDone(study.Study.Place, new TrialId(0));
                if (!taken)
                    File.WriteAllText(ClaimFile.PathOf(study.Study.Place, new TrialId(0), 2), "");
                taken = true;
                return SmallStudy.Layers(point);
            },
            told: told.Add
        );
        Assert.DoesNotContain(told, trial => trial.Number == 0);
        Assert.Equal([1, 2, 3, 4, 5], told.Select(trial => trial.Number));
        Assert.Empty(study.Study.ReadTrials()[0].History);
    }

    [Fact]
    public void Who_is_taken_for_dead_while_its_script_fails_does_not_end_the_worker()
    {
        using var study = new SmallStudy();
        var end = study.Work(layers: point =>
        {
            foreach (var id in Enumerable.Range(0, 6).Select(number => new TrialId(number)))
            {
                if (File.Exists(ClaimFile.PathOf(study.Study.Place, id, 1)))
                    File.WriteAllText(ClaimFile.PathOf(study.Study.Place, id, 2), "");
                ClaimFile.MarkDone(study.Study.Place, id);
            }
            throw new ConvNetException("Mine", ErrorKind.InvalidArgument, "No.");
        });
        Assert.Equal(WorkerEnd.Done, end);
        Assert.DoesNotContain(study.Study.ReadTrials(), trial => trial.State == TrialState.Failed);
    }

    [Fact]
    public void A_script_block_that_is_stopped_is_no_failed_trial()
    {
        using var study = new SmallStudy();
        using var stop = new CancellationTokenSource();
        Assert.Throws<InvalidOperationException>(() =>
            study.Work(
                layers: _ =>
                {
                    stop.Cancel();
                    throw new InvalidOperationException("The pipeline has been stopped.");
                },
                cancellation: stop.Token
            )
        );
        Assert.Equal(TrialState.Waiting, Assert.Single(study.Open().ReadTrials()).State);
        study.Work();
        Assert.All(study.Study.ReadTrials(), trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    [Fact]
    public void With_the_best_weights_restored_the_value_is_theirs()
    {
        using var study = new SmallStudy(
            settings =>
                settings with
                {
                    Objective = SweepObjective.Loss,
                    Training = settings.Training with
                    {
                        Epochs = 12,
                        RestoreBest = true,
                        Optimizer = new SgdOptimizer(),
                    },
                },
            new SweepSpace([new ChoiceParameter("Units", [8]), new ChoiceParameter("LearningRate", [0.5, 1, 2])])
        );
        study.Work();
        var trials = study.Study.ReadTrials();
        Assert.All(trials, trial => Assert.Equal(trial.History.Min(epoch => epoch.ValidationLoss), trial.Value));
        Assert.Contains(trials, trial => trial.Value != trial.ValidationLoss);
    }

    [Fact]
    public void What_is_gone_on_with_has_not_ended()
    {
        using var study = new SmallStudy(settings =>
            settings with
            {
                Pruner = new PrunerSpec { Kind = SweepPruner.Asha, ReductionFactor = 2 },
            }
        );
        study.Work(layers: point =>
        {
            Assert.All(
                study.Study.ReadTrials().Where(trial => trial.State == TrialState.Running),
                trial => Assert.Null(trial.EndedAt)
            );
            return SmallStudy.Layers(point);
        });
        Assert.Contains(study.Study.ReadTrials(), trial => trial.Turn > 1);
    }

    [Fact]
    public void A_worker_ends_after_as_many_trials_as_it_should()
    {
        using var study = new SmallStudy();
        Assert.Equal(WorkerEnd.Done, study.Work(mostTrials: 2));
        Assert.Equal(2, study.Study.ReadTrials().Count);
    }

    [Fact]
    public void Asha_spends_epochs_as_its_rungs_say_and_changes_no_numbers()
    {
        var space = new SweepSpace([
            new ChoiceParameter("Units", [2, 4, 8]),
            new ChoiceParameter("LearningRate", [0.0003, 0.001, 0.01]),
        ]);
        StudySettings Nine(StudySettings settings) =>
            settings with
            {
                Trials = 9,
                Training = settings.Training with { Epochs = 9 },
            };
        using var full = new SmallStudy(Nine, space);
        full.Work();
        using var asha = new SmallStudy(
            settings =>
                Nine(settings) with
                {
                    Pruner = new PrunerSpec { Kind = SweepPruner.Asha, ReductionFactor = 3 },
                },
            space
        );
        asha.Work();
        var trials = asha.Study.ReadTrials();
        // 9 of 1 epoch, 3 of them to 3, 1 to 9, and a few that were ahead for a while.
        Assert.InRange(trials.Sum(trial => trial.Epochs), 21, 33);
        Assert.Contains(trials, trial => trial is { State: TrialState.Completed, Epochs: 9 });
        Assert.All(trials, trial => Assert.Contains(trial.Epochs, new[] { 1, 3, 9 }));
        var all = full.Study.ReadTrials();
        Assert.All(
            trials,
            trial =>
                Assert.Equal(
                    all[trial.Number].History.Take(trial.Epochs).Select(e => e.ValidationLoss),
                    trial.History.Select(e => e.ValidationLoss)
                )
        );
    }

    [Fact]
    public void The_median_gives_up_who_is_behind()
    {
        var space = new SweepSpace([
            new ChoiceParameter("Units", [8]),
            new ChoiceParameter("LearningRate", [0.01, 0.011, 0.012, 0.013, 0.014, 0.015, 1e-7]),
        ]);
        using var study = new SmallStudy(
            settings =>
                settings with
                {
                    Trials = 7,
                    Objective = SweepObjective.Loss,
                    Training = settings.Training with { Epochs = 4 },
                    Pruner = new PrunerSpec { Kind = SweepPruner.Median, GraceEpochs = 2 },
                },
            space
        );
        study.Work();
        var last = study.Study.ReadTrials()[^1];
        Assert.Equal((TrialState.Pruned, 2), (last.State, last.Epochs));
        Assert.All(study.Study.ReadTrials().Take(5), trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    /// <summary>Turns of a process of this machine that is gone.</summary>
    private static void Die(SmallStudy study, TrialId id, int turns)
    {
        for (var turn = 1; turn <= turns; turn++)
        {
            File.WriteAllText(
                ClaimFile.PathOf(study.Study.Place, id, turn),
                JsonSerializer.Serialize(
                    new ClaimContent(WorkerLife.Here, Environment.ProcessId, 1, 5, 0, 0, Left: false),
                    FileJson.Lenient
                )
            );
        }
    }
}
