using PSConvNet.Tests.Files;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Training;

/// <summary>Weights that nothing can be computed with: named by whoever meets them, and never blamed on the learning rate.</summary>
public sealed class UsableWeightsTests : IDisposable
{
    private static readonly Dataset s_bars = Networks.Bars();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dense_1.kernel", float.NaN, "dense_1.kernel has 2 of 24 values that aren't finite")]
    [InlineData("conv2d_1.kernel", float.PositiveInfinity, "conv2d_1.kernel has 2 of 54 values that aren't finite")]
    [InlineData(
        "batch_normalization_1.moving_variance",
        -1f,
        "batch_normalization_1.moving_variance has 2 of 6 values that aren't finite or are below 0"
    )]
    public void A_training_that_begins_with_them_names_the_parameter_and_changes_nothing(
        string parameter,
        float value,
        string named
    )
    {
        var model = With(parameter, value);
        var before = model.Store.Values.ToArray();

        var error = Assert.Throws<ConvNetException>(() =>
            new Trainer(model, s_bars, new TrainingOptions { Epochs = 1, BatchSize = 16 }).Run()
        );

        Assert.Equal(("WeightsInvalid", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("WeightsFile.Load", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("learning rate", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, model.Store.Values);
        Assert.Empty(model.ClassNames);
        Assert.Empty(model.Runs);
    }

    [Fact]
    public void A_model_without_them_has_no_warning_and_one_with_them_keeps_it_through_its_file()
    {
        Assert.Null(UsableWeights.Warning(new Model(Networks.SmallOfEverything, s_bars.Shape)));
        var model = With("dense_1.bias", float.NegativeInfinity);

        ModelFile.Save(model, _folder.File("model"));
        var read = ModelFile.Load(_folder.File("model"));

        Assert.Equal(UsableWeights.Warning(model), UsableWeights.Warning(read));
        Assert.Contains("dense_1.bias has 2 of 3 values", UsableWeights.Warning(read)!, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_parameters_ten_are_named()
    {
        var model = new Model(
            [new FlattenLayer(), .. Enumerable.Range(0, 7).Select(_ => new DenseLayer(2))],
            s_bars.Shape
        );
        Array.Fill(model.Store.Values, float.NaN);

        Assert.Contains(
            "dense_5.bias has 2 of 2 values that aren't finite and 4 more parameters",
            UsableWeights.Warning(model)!,
            StringComparison.Ordinal
        );
    }

    private static Model With(string parameter, float value)
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape, "bars");
        model.Store.Span(model.Store.Slots.Single(slot => slot.Name == parameter))[..2].Fill(value);
        return model;
    }
}
