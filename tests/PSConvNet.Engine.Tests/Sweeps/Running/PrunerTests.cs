namespace PSConvNet.Tests.Sweeps;

public sealed class PrunerTests
{
    private static readonly PrunerSpec s_asha = new() { Kind = SweepPruner.Asha, ReductionFactor = 3 };

    [Theory]
    [InlineData(1, 3, 27, new[] { 1, 3, 9 })]
    [InlineData(1, 3, 28, new[] { 1, 3, 9, 27 })]
    [InlineData(2, 4, 12, new[] { 2, 8 })]
    [InlineData(5, 3, 5, new int[0])]
    public void Rungs_are_powers_of_the_factor_below_the_end(int grace, int factor, double epochs, int[] rungs) =>
        Assert.Equal(rungs, (s_asha with { GraceEpochs = grace, ReductionFactor = factor }).Rungs(epochs));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(9, 20)]
    public void A_trial_goes_to_the_next_rung_or_the_end(int done, double until) =>
        Assert.Equal(until, AshaRule.Next(s_asha, done, 20));

    [Fact]
    public void One_of_three_goes_on_and_the_highest_rung_comes_first()
    {
        // On the rung of one epoch: 6 trials, so 2 go on; of the 3 that are past the rung of three epochs the best goes on.
        SweepTrial[] trials =
        [
            Trial(0, 0.9, 0.5, 0.5),
            Trial(1, 0.8, 0.4, 0.4),
            Trial(2, 0.7, 0.6, 0.6),
            Trial(3, 0.1),
            Trial(4, 0.95),
            Trial(5, 0.99),
        ];
        Assert.Equal(1, Promoted(trials)?.Number);
        // That one gone on with, the best of the lowest rung follows.
        trials[1] = trials[1] with
        {
            State = TrialState.Running,
        };
        Assert.Equal(3, Promoted(trials)?.Number);
        trials[3] = trials[3] with { State = TrialState.Running };
        Assert.Null(Promoted(trials));
    }

    [Fact]
    public void Nobody_goes_on_from_a_rung_that_fewer_have_reached_than_the_factor() =>
        Assert.Null(Promoted([Trial(0, 0.1), Trial(1, 0.2)]));

    [Fact]
    public void When_nothing_is_left_and_nobody_came_to_the_end_the_best_of_the_farthest_goes_on()
    {
        SweepTrial[] trials = [Trial(0, 0.1), Trial(1, 0.8, 0.4, 0.4), Trial(2, 0.8, 0.3, 0.3)];
        Assert.Equal(2, AshaRule.Last(trials, Loss)?.Number);
        trials[0] = trials[0] with { State = TrialState.Completed };
        Assert.Null(AshaRule.Last(trials, Loss));
    }

    [Theory]
    [InlineData(new[] { 0.9, 0.55 }, true)]
    [InlineData(new[] { 0.9, 0.45 }, false)]
    [InlineData(new[] { 0.4, 0.9 }, false)]
    [InlineData(new[] { 0.99 }, true)]
    public void The_best_so_far_is_held_against_the_median_of_the_others(double[] own, bool isGivenUp)
    {
        double[][] others =
        [
            [0.8, 0.3],
            [0.7, 0.4],
            [0.6, 0.5],
            [0.9, 0.6],
            [0.9, 0.7],
        ];
        Assert.Equal(isGivenUp, MedianRule.GivesUp(own, others, new PrunerSpec { Kind = SweepPruner.Median }));
    }

    [Fact]
    public void Four_others_are_too_few_for_a_median() =>
        Assert.False(
            MedianRule.GivesUp(
                [9],
                [
                    [0.1],
                    [0.1],
                    [0.1],
                    [0.1],
                ],
                new PrunerSpec()
            )
        );

    private static SweepTrial? Promoted(SweepTrial[] trials) => AshaRule.Promote(trials, s_asha, Loss);

    private static double Loss(SweepTrial trial, int epochs) => trial.History[epochs - 1].ValidationLoss!.Value;

    private static SweepTrial Trial(int number, params double[] losses) =>
        new()
        {
            Id = new TrialId(number),
            State = TrialState.Pruned,
            Parameters = SweepPoint.Empty,
            Seed = 1,
            PlannedEpochs = 9,
            StartedAt = DateTimeOffset.UnixEpoch,
            History = [.. losses.Select((loss, i) => new EpochRecord(i + 1, loss, 0, loss, 0, 0.1, 1, 1))],
        };
}
