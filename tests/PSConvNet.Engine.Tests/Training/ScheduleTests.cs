using System.Text.Json;

namespace PSConvNet.Tests.Training;

public class ScheduleTests
{
    private const int Epoch = 10;
    private const int Total = 120;

    public static TheoryData<string> Names => [.. LearningRateSchedule.Names];

    private static double At(LearningRateSchedule schedule, long step) => schedule.FactorAt(step, Total, Epoch);

    [Fact]
    public void Constant_is_one_throughout() =>
        Assert.All(Enumerable.Range(0, Total), step => Assert.Equal(1, At(new ConstantSchedule(), step)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(29, 1)]
    [InlineData(30, 0.1)]
    [InlineData(59, 0.1)]
    [InlineData(60, 0.01)]
    [InlineData(119, 0.001)]
    public void Step_falls_every_so_many_epochs(long step, double expected) =>
        Assert.Equal(expected, At(new StepSchedule { Every = 3, Factor = 0.1 }, step), 1e-15);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 0.9)]
    [InlineData(10, 0.81)]
    [InlineData(20, 0.6561)]
    public void Exponential_falls_by_its_factor_each_epoch_and_by_its_root_in_half_of_one(long step, double expected) =>
        Assert.Equal(expected, At(new ExponentialSchedule { Factor = 0.81 }, step), 1e-15);

    [Theory]
    [InlineData(0, 1.0 / 24)]
    [InlineData(11, 0.5)]
    [InlineData(23, 1)]
    [InlineData(24, 1)]
    [InlineData(72, 0.6)] // half way down: the mean of 1 and 0.2
    [InlineData(120, 0.2)]
    [InlineData(500, 0.2)]
    public void Cosine_rises_in_a_line_and_falls_along_half_a_cosine(long step, double expected) =>
        Assert.Equal(expected, At(new CosineSchedule { EndFactor = 0.2, WarmUp = 0.2 }, step), 1e-12);

    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(15, 2.2)] // half way up: the mean of 0.4 and 4
    [InlineData(30, 4)]
    [InlineData(70, 2)]
    [InlineData(110, 0)]
    [InlineData(300, 0)]
    public void OneCycle_rises_to_its_peak_and_falls_to_its_end(long step, double expected)
    {
        var schedule = new OneCycleSchedule
        {
            PeakFactor = 4,
            WarmUp = 31 / 111d,
            StartFactor = 0.1,
            EndFactor = 0,
        };

        Assert.Equal(expected, schedule.FactorAt(step, 111, Epoch), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_schedule_gives_a_usable_rate_however_short_the_training(string name)
    {
        var schedule = LearningRateSchedule.Parse(name);
        for (var total = 1; total <= 20; total++)
        for (var step = 0; step < total; step++)
            Assert.InRange(schedule.FactorAt(step, total, 1), 0, 1);
        Assert.True(schedule.FactorAt(0, 1, 1) > 0.9, "the only step of a training would be lost");
    }

    [Fact]
    public void ReduceOnPlateau_falls_when_more_than_its_patience_of_epochs_brought_nothing()
    {
        var runner = new ScheduleRunner(new ReduceOnPlateauSchedule { Factor = 0.1, Patience = 1 }, 0.5, Total, Epoch);
        double[] losses = [1, 0.9, 0.95, 0.95, 0.8, 0.8, double.NaN];
        double[] rates = [0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.005];

        for (var i = 0; i < losses.Length; i++)
        {
            runner.EndEpoch(losses[i]);
            Assert.Equal(rates[i], runner.Rate((i + 1) * Epoch), 1e-15);
        }
    }

    [Fact]
    public void ReduceOnPlateau_waits_while_it_cools_down_and_stops_at_its_minimum()
    {
        var schedule = new ReduceOnPlateauSchedule
        {
            Factor = 0.5,
            Patience = 0,
            Cooldown = 2,
            MinimumFactor = 0.4,
        };
        var runner = new ScheduleRunner(schedule, 1, Total, Epoch);
        double[] rates = [1, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4, 0.4];

        foreach (var rate in rates)
        {
            runner.EndEpoch(1);
            Assert.Equal(rate, runner.Rate(0), 1e-15);
        }
    }

    [Fact]
    public void A_runner_restored_from_its_saved_state_goes_on_as_if_never_stopped()
    {
        var schedule = new ReduceOnPlateauSchedule { Patience = 1, Cooldown = 1 };
        double[] losses = [1, 1, 1, 1, 0.5, 0.6, 0.7, 0.8, 0.9];
        var straight = new ScheduleRunner(schedule, 1, Total, Epoch);
        var stopped = new ScheduleRunner(schedule, 1, Total, Epoch);
        foreach (var loss in losses)
        {
            straight.EndEpoch(loss);
            stopped.EndEpoch(loss);
            var saved = JsonSerializer.Serialize(stopped.State);
            stopped = new ScheduleRunner(schedule, 1, Total, Epoch, JsonSerializer.Deserialize<ScheduleState>(saved));
            Assert.Equal(straight.State, stopped.State);
        }
        Assert.True(straight.State.Reduction < 1);
    }

    [Fact]
    public void A_runner_gives_the_base_rate_times_the_factor()
    {
        var schedule = new CosineSchedule { WarmUp = 0.1 };
        var runner = new ScheduleRunner(schedule, 0.02, Total, Epoch);

        Assert.All(
            Enumerable.Range(0, Total),
            step => Assert.Equal(0.02 * At(schedule, step), runner.Rate(step), 1e-18)
        );
    }

    [Theory]
    [InlineData(0, 10, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 10, 0)]
    public void A_runner_without_steps_or_rate_is_refused(double rate, long total, int perEpoch) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new ScheduleRunner(new ConstantSchedule(), rate, total, perEpoch)
        );

    [Theory]
    [InlineData("constant", "Constant")]
    [InlineData("STEP", "Step (Every 5, Factor 0.5)")]
    [InlineData("exponential", "Exponential (Factor 0.9)")]
    [InlineData("cosine", "Cosine (EndFactor 0, WarmUp 0)")]
    [InlineData("one-cycle", "OneCycle (PeakFactor 1, WarmUp 0.3, StartFactor 0.04, EndFactor 4E-06)")]
    [InlineData(
        "reduce-on-plateau",
        "ReduceOnPlateau (Factor 0.5, Patience 2, Threshold 0.0001, Cooldown 0, MinimumFactor 0)"
    )]
    public void A_name_in_any_spelling_gives_the_schedule_with_its_defaults(string name, string printed) =>
        Assert.Equal(printed, LearningRateSchedule.Parse(name).ToString());

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<ConvNetException>(() => LearningRateSchedule.Parse("linear"));

        Assert.Equal("ScheduleUnknown", error.ErrorId);
        Assert.Contains("Constant, Step, Exponential, Cosine", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Step", "Every", 0)]
    [InlineData("Step", "Factor", 0.0)]
    [InlineData("Step", "Factor", 1.1)]
    [InlineData("Exponential", "Factor", double.NaN)]
    [InlineData("Cosine", "EndFactor", 1.5)]
    [InlineData("Cosine", "WarmUp", 1.0)]
    [InlineData("OneCycle", "PeakFactor", 0.0)]
    [InlineData("OneCycle", "WarmUp", -0.1)]
    [InlineData("OneCycle", "StartFactor", 0.0)]
    [InlineData("OneCycle", "EndFactor", -1.0)]
    [InlineData("ReduceOnPlateau", "Factor", 1.0)]
    [InlineData("ReduceOnPlateau", "Patience", -1)]
    [InlineData("ReduceOnPlateau", "Threshold", 1.0)]
    [InlineData("ReduceOnPlateau", "Cooldown", -1)]
    [InlineData("ReduceOnPlateau", "MinimumFactor", 1.0)]
    public void A_setting_out_of_its_range_is_refused(string name, string setting, object value)
    {
        var error = Assert.Throws<ConvNetException>(() =>
            LearningRateSchedule.Create(name, [KeyValuePair.Create(setting, value)])
        );

        Assert.Equal("ScheduleSettingInvalid", error.ErrorId);
        Assert.StartsWith(
            $"LearningRateSchedule.{setting} of {name} can't be",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_setting_of_another_schedule_is_refused()
    {
        var error = Assert.Throws<ConvNetException>(() =>
            LearningRateSchedule.Create("Constant", [KeyValuePair.Create("Factor", (object)0.9)])
        );

        Assert.Equal("ScheduleSettingUnknown", error.ErrorId);
        Assert.Equal("Constant has no setting Factor; it takes none.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_survives_JSON_as_an_equal_value(string name)
    {
        var schedule = LearningRateSchedule.Parse(name);

        Assert.Equal(schedule, JsonSerializer.Deserialize<LearningRateSchedule>(JsonSerializer.Serialize(schedule)));
    }
}
