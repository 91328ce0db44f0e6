namespace PSConvNet.Tests.Models;

public class ModelCopyTests
{
    private static readonly Dataset s_bars = Networks.Bars(train: 64, test: 20);

    [Fact]
    public void A_copy_has_every_parameter_and_statistic_of_the_original()
    {
        var model = Trained();

        var copy = model.Copy();

        // Trained statistics differ from those a fresh model has, so an empty copy would not pass.
        Assert.NotEqual(Parameters(model), Parameters(model.CopyUntrained()));
        Assert.Contains("batch_normalization_1.moving_variance", model.ParameterNames);
        Assert.Equal(Parameters(model), Parameters(copy));
        Assert.Equal(model.Layers.AsEnumerable(), copy.Layers.AsEnumerable());
        Assert.Equal(
            (model.Name, model.Seed, model.TrainedEpochs, model.InputShape),
            (copy.Name, copy.Seed, copy.TrainedEpochs, copy.InputShape)
        );
        Assert.Equal(["top", "middle", "bottom"], copy.ClassNames);
        Assert.Equal(2, copy.TrainedEpochs);
        Assert.Equal(Predictor.Predict(model, s_bars.Test), Predictor.Predict(copy, s_bars.Test));
    }

    [Fact]
    public void Training_either_leaves_the_other_as_it_was()
    {
        var model = Trained();
        var copy = model.Copy("copy");
        var before = Parameters(model);

        Train(copy);
        Assert.Equal(before, Parameters(model));
        Assert.Equal((2.0, 3.0), (model.TrainedEpochs, copy.TrainedEpochs));

        var after = Parameters(copy);
        Train(model);
        Assert.Equal(after, Parameters(copy));
        // The same epoch from the same state.
        Assert.Equal(after, Parameters(model));
    }

    [Fact]
    public void A_copy_may_have_a_name_of_its_own_and_is_summarised_by_it()
    {
        var copy = Trained().Copy("other");

        Assert.Equal("other", copy.Name);
        Assert.StartsWith("other: ", copy.Summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_untrained_copy_begins_where_the_original_began_or_by_another_seed()
    {
        var fresh = new Model(Networks.SmallOfEverything, s_bars.Shape, "bars", seed: 5);
        var model = Trained();

        var untrained = model.CopyUntrained();
        var other = model.CopyUntrained("other", seed: 6);

        Assert.Equal(Parameters(fresh), Parameters(untrained));
        Assert.Equal(("bars", 5L, 0.0), (untrained.Name, untrained.Seed, untrained.TrainedEpochs));
        Assert.Empty(untrained.ClassNames);
        Assert.Equal(
            Parameters(new Model(Networks.SmallOfEverything, s_bars.Shape, "other", seed: 6)),
            Parameters(other)
        );
        Assert.NotEqual(Parameters(fresh), Parameters(other));
        Assert.Equal(("other", 6L), (other.Name, other.Seed));
    }

    [Fact]
    public void A_model_in_training_is_copied_untrained_only_and_one_that_is_read_either_way()
    {
        var model = Trained();
        using (model.UseForTraining())
        {
            var error = Assert.Throws<ConvNetException>(() => model.Copy());
            Assert.Equal("ModelBusy", error.ErrorId);
            Assert.Equal(0, model.CopyUntrained().TrainedEpochs);
        }
        using (model.UseForReading())
            Assert.Equal(Parameters(model), Parameters(model.Copy()));
    }

    private static Model Trained()
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape, "bars", seed: 5);
        Train(model);
        Train(model);
        return model;
    }

    private static void Train(Model model) => new Trainer(model, s_bars, new TrainingOptions { Epochs = 1 }).Run();

    private static List<float[]> Parameters(Model model) => [.. model.ParameterNames.Select(model.GetParameter)];
}
