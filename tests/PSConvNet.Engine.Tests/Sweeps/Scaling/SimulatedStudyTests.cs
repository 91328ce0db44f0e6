using PSConvNet.Benchmarks.Sweeps.Scaling;

namespace PSConvNet.Tests.Sweeps.Scaling;

public sealed class SimulatedStudyTests : IDisposable
{
    private static readonly SimulationPlan s_small = new()
    {
        Workers = 50,
        Trials = 300,
        Epochs = 2,
    };

    private readonly SimulationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 60)]
    [InlineData(3, 0)]
    [InlineData(4, 60)]
    public void Wherever_workers_die_or_stand_still_nothing_is_lost_and_nothing_done_twice(int seed, int staleness)
    {
        var plan = s_small with { Seed = seed, FaultShare = 0.2, Staleness = TimeSpan.FromSeconds(staleness) };
        var study = Run(plan);
        Assert.Empty(study.Errors);
        Assert.True(study.Deaths > 10 && study.Pauses > 10 && study.Drops > 0, "too little happened");
        Assert.Equal(new SimulationCheck(Lost: 0, Wrong: 0), SimulationCheck.Of(_folder.Path, plan));
        Assert.Equal(0, study.Doubled);
    }

    [Fact]
    public void With_Asha_nothing_is_lost_either()
    {
        var plan = s_small with
        {
            Workers = 30,
            Trials = 120,
            Epochs = 5,
            FaultShare = 0.1,
            Pruner = new PrunerSpec { Kind = SweepPruner.Asha },
        };
        var study = Run(plan);
        Assert.Empty(study.Errors);
        Assert.Equal(new SimulationCheck(Lost: 0, Wrong: 0), SimulationCheck.Of(_folder.Path, plan));
        // Hundreds that wait on a rung are not asked whether they are there.
        AssertFewClaimsAreRead(study);
    }

    [Fact]
    public void Of_many_others_a_look_reads_the_claims_of_a_few()
    {
        var study = Run(s_small with { Workers = 100, Trials = 200 });
        Assert.Equal(200, study.Takes);
        AssertFewClaimsAreRead(study);
    }

    [Fact]
    public void Who_is_shown_what_was_a_minute_ago_comes_too_late_to_a_turn_but_once()
    {
        var study = Run(s_small with { Workers = 100, Trials = 200, Staleness = TimeSpan.FromSeconds(60) });
        Assert.Equal(200, study.Takes);
        // As many as are taken in a minute.
        Assert.InRange(study.Counts[DiskOperation.Collision], 0, 100 * 100);
    }

    [Fact]
    public void Many_that_wait_for_the_end_look_about_twenty_times_a_second_together()
    {
        // All begin at once and have one trial each: the last takes three times as long as the first.
        var study = Run(s_small with { Workers = 150, Trials = 150, TrialTime = TimeSpan.FromSeconds(200) });
        Assert.InRange(study.VainLooks / study.Clock.Seconds, 1, 25);
    }

    private SimulatedStudy Run(SimulationPlan plan)
    {
        var study = new SimulatedStudy(_folder.Path, plan);
        study.Run();
        return study;
    }

    private static void AssertFewClaimsAreRead(SimulatedStudy study) =>
        Assert.InRange(study.Counts[DiskOperation.ReadClaim], 1, 33 * (study.Takes + study.VainLooks));
}
