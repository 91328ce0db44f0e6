namespace PSConvNet.Tests.Sweeps;

public sealed class SweptSettingsTests
{
    private static readonly TrainingOptions s_shared = new()
    {
        Optimizer = new AdamOptimizer { LearningRate = 0.002, WeightDecay = 0.1 },
    };

    [Fact]
    public void Names_that_training_knows_go_to_it_and_others_do_not()
    {
        var options = Apply(
            ("Epochs", 3),
            ("BatchSize", 64),
            ("LabelSmoothing", 0.1),
            ("Schedule", "one-cycle"),
            ("Precision", "float32"),
            ("AverageDecay", 0.99),
            ("Seed", 7),
            ("classweight", "balanced"),
            ("Units", 5)
        );
        Assert.Equal(
            s_shared with
            {
                Epochs = 3,
                BatchSize = 64,
                LabelSmoothing = 0.1,
                Schedule = new OneCycleSchedule(),
                Precision = Precision.Float32,
                AverageDecay = 0.99,
                Seed = 7,
                ClassWeight = ClassWeights.Balanced,
            },
            options
        );
    }

    [Fact]
    public void A_seed_is_not_cut() => Assert.Equal(5_000_000_000, Apply(("Seed", 5e9)).Seed);

    [Fact]
    public void An_optimizers_settings_go_to_the_one_that_has_them()
    {
        var sgd = Assert.IsType<SgdOptimizer>(Apply(("Optimizer", "SGD"), ("momentum", 0.5)).Optimizer);
        Assert.Equal((0.5, new SgdOptimizer().LearningRate), (sgd.Momentum, sgd.LearningRate));
        var adam = Assert.IsType<AdamOptimizer>(Apply(("Optimizer", "Adam"), ("Momentum", 0.5)).Optimizer);
        // The same kind as for all trials: what was set for all stays.
        Assert.Equal((0.002, 0.1), (adam.LearningRate, adam.WeightDecay));
        Assert.Equal(0.01, Apply(("LearningRate", 0.01)).Optimizer.LearningRate);
    }

    [Theory]
    [InlineData("Epochs", "many")]
    [InlineData("Epochs", -1)]
    [InlineData("BatchSize", 2.5)]
    [InlineData("ClassWeight", "Even")]
    [InlineData("Loss", "None")]
    [InlineData("Optimizer", 3)]
    [InlineData("Epochs", "1,5")]
    [InlineData("Loss", "CrossEntropy,MeanSquaredError")]
    [InlineData("Loss", "1")]
    [InlineData("Seed", 0.5)]
    public void What_training_cannot_take_is_refused(string name, object value) =>
        Assert.Equal("TrainingOptionInvalid", Assert.Throws<ConvNetException>(() => Apply((name, value))).ErrorId);

    private static TrainingOptions Apply(params (string Name, object Value)[] values) =>
        SweptSettings.Apply(s_shared, new SweepPoint(values.Select(v => KeyValuePair.Create(v.Name, v.Value))));
}
