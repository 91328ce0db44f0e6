namespace PSConvNet.Tests.Sweeps;

/// <summary>What is said of a sweep at its end.</summary>
public sealed class SweepConclusionTests
{
    [Fact]
    public void Where_all_trials_were_completed_there_is_nothing_to_say()
    {
        using var study = new SmallStudy();
        study.Work();
        Assert.Null(Conclude(study));
    }

    [Fact]
    public void Failed_trials_are_counted_and_the_first_reason_is_told()
    {
        using var study = new SmallStudy();
        study.Work(layers: point => (int)point["Units"] == 4 ? throw No("Too few.") : SmallStudy.Layers(point));
        Assert.Equal("3 of 6 trials failed; SweepTrial.Reason says why. The first one: Too few.", Conclude(study));
    }

    [Fact]
    public void Without_a_completed_trial_it_is_an_error()
    {
        using var study = new SmallStudy();
        study.Work(layers: _ => throw No("Never."));
        var error = Assert.Throws<ConvNetException>(() => Conclude(study));
        Assert.Equal(("SweepNothingCompleted", study.Folder), (error.ErrorId, error.Target));
        Assert.Contains("6 of 6 failed. The first one: Never.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_failures_than_may_be_are_an_error_with_what_to_do()
    {
        using var study = new SmallStudy(settings => settings with { MaxFailures = 1 });
        study.Work(layers: _ => throw No("Never."));
        var error = Assert.Throws<ConvNetException>(() => Conclude(study));
        Assert.Equal("SweepTooManyFailures", error.ErrorId);
        Assert.Contains(
            "2 trials failed, and StudySettings.MaxFailures is 1.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static string? Conclude(SmallStudy study) =>
        SweepConclusion.Of(study.Open(), new SweepWatch(study.Study).Look(out _));

    private static ConvNetException No(string reason) => new("Mine", ErrorKind.InvalidArgument, reason);
}
