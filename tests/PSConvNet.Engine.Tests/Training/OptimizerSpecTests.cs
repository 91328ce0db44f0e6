using System.Text.Json;

namespace PSConvNet.Tests.Training;

public class OptimizerSpecTests
{
    public static TheoryData<string> Names => [.. OptimizerSpec.Names];

    // The defaults of torch.optim in PyTorch 2, from its documentation.
    [Theory]
    [InlineData("sgd", "LearningRate 0.01, WeightDecay 0, Momentum 0, Nesterov False")]
    [InlineData("ADAM", "LearningRate 0.001, WeightDecay 0, Beta1 0.9, Beta2 0.999, Epsilon 1E-08")]
    [InlineData("AdamW", "LearningRate 0.001, WeightDecay 0.01, Beta1 0.9, Beta2 0.999, Epsilon 1E-08")]
    [InlineData("adadelta", "LearningRate 1, WeightDecay 0, Rho 0.9, Epsilon 1E-06")]
    [InlineData("rms-prop", "LearningRate 0.01, WeightDecay 0, Rho 0.99, Epsilon 1E-08, Momentum 0, Centered False")]
    [InlineData(
        "Adagrad",
        "LearningRate 0.01, WeightDecay 0, LearningRateDecay 0, InitialAccumulator 0, Epsilon 1E-10"
    )]
    public void A_name_in_any_spelling_gives_PyTorchs_defaults(string name, string settings) =>
        Assert.Equal(settings, OptimizerSpec.Parse(name).SettingsText);

    [Theory]
    [InlineData("adamm")]
    [InlineData("")]
    [InlineData(null)]
    public void An_unknown_name_is_refused_with_the_known_ones(string? name)
    {
        var error = Assert.Throws<ConvNetException>(() => OptimizerSpec.Parse(name!));

        Assert.Equal("OptimizerUnknown", error.ErrorId);
        Assert.Contains("SGD, Adam, AdamW, Adadelta, RMSprop, Adagrad", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SGD", "LearningRate", 0.0)]
    [InlineData("SGD", "LearningRate", -1.0)]
    [InlineData("SGD", "LearningRate", double.NaN)]
    [InlineData("Adam", "LearningRate", double.PositiveInfinity)]
    [InlineData("SGD", "WeightDecay", -0.1)]
    [InlineData("SGD", "Momentum", 1.0)]
    [InlineData("SGD", "Momentum", -0.1)]
    [InlineData("Adam", "Beta1", 1.0)]
    [InlineData("Adam", "Beta2", -1e-9)]
    [InlineData("AdamW", "Beta2", double.NaN)]
    [InlineData("Adam", "Epsilon", 0.0)]
    [InlineData("AdamW", "Epsilon", 2.0)]
    [InlineData("Adadelta", "Rho", 1.5)]
    [InlineData("RMSprop", "Rho", 1.0)]
    [InlineData("RMSprop", "Momentum", 1.0)]
    [InlineData("Adagrad", "LearningRateDecay", -1.0)]
    [InlineData("Adagrad", "InitialAccumulator", 1e39)]
    [InlineData("SGD", "Momentum", "fast")]
    [InlineData("SGD", "Nesterov", true)]
    public void A_setting_out_of_its_range_is_refused_by_name(string name, string setting, object value)
    {
        var error = Assert.Throws<ConvNetException>(() =>
            OptimizerSpec.Create(name, [KeyValuePair.Create(setting, value)])
        );

        Assert.Equal("OptimizerSettingInvalid", error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
    }

    [Fact]
    public void A_bad_setting_is_refused_in_a_with_expression_too()
    {
        OptimizerSpec spec = new AdamOptimizer();

        var error = Assert.Throws<ConvNetException>(() => spec with { LearningRate = -1 });

        Assert.Equal("OptimizerSpec.LearningRate of Adam can't be -1: give a finite number above 0.", error.Message);
    }

    [Fact]
    public void Nesterov_without_momentum_is_refused_before_a_training_begins()
    {
        var error = Assert.Throws<ConvNetException>(() => new OptimizerState(new SgdOptimizer { Nesterov = true }, 10));

        Assert.Equal("OptimizerSettingInvalid", error.ErrorId);
    }

    [Fact]
    public void A_setting_of_another_optimizer_is_refused_with_those_it_takes()
    {
        var error = Assert.Throws<ConvNetException>(() =>
            OptimizerSpec.Create("adam", [KeyValuePair.Create("Momentum", (object)0.9)])
        );

        Assert.Equal("OptimizerSettingUnknown", error.ErrorId);
        Assert.Equal(
            "Adam has no setting Momentum; it takes LearningRate, WeightDecay, Beta1, Beta2, Epsilon.",
            error.Message
        );
    }

    [Fact]
    public void It_prints_as_its_name_and_what_is_not_default()
    {
        Assert.Equal("Adam (LearningRate 0.001)", new AdamOptimizer().ToString());
        Assert.Equal(
            "SGD (LearningRate 0.01, Momentum 0.9, Nesterov True)",
            new SgdOptimizer { Momentum = 0.9, Nesterov = true }.ToString()
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_survives_JSON_as_an_equal_value(string name)
    {
        var spec = OptimizerSpec.Parse(name) with { LearningRate = 0.123, WeightDecay = 0.5 };

        var json = JsonSerializer.Serialize(spec);

        Assert.Equal(spec, JsonSerializer.Deserialize<OptimizerSpec>(json));
        Assert.Contains("0.123", json, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_with_a_bad_setting_is_refused_like_a_typed_one()
    {
        var error = Assert.Throws<ConvNetException>(() =>
            JsonSerializer.Deserialize<OptimizerSpec>("""{"kind":"SGD","Momentum":7}""")
        );

        Assert.Equal("OptimizerSettingInvalid", error.ErrorId);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_settings_by_name_make_an_equal_one(string name)
    {
        var spec = OptimizerSpec.Parse(name) with { LearningRate = 0.25 };

        Assert.Equal(spec, OptimizerSpec.Create(name, spec.Settings));
    }
}
