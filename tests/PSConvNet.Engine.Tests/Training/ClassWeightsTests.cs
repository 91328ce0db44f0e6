namespace PSConvNet.Tests.Training;

/// <summary>What classes count in a training's loss, against formulas and against images that come several times.</summary>
public class ClassWeightsTests
{
    // 12 of the first class, 6 of the second, 2 of the third.
    private static readonly Dataset s_uneven = Uneven(12, 6, 2);

    [Fact]
    public void Balanced_is_the_number_of_images_by_classes_times_images_of_the_class()
    {
        Assert.Equal([20 / (3 * 12.0), 20 / (3 * 6.0), 20 / (3 * 2.0)], Weights(ClassWeights.Balanced));
    }

    [Fact]
    public void A_class_without_images_is_none_of_those_that_Balanced_counts()
    {
        var weights = Weights(ClassWeights.Balanced, Uneven(12, 6, 0));

        Assert.Equal([18 / (2 * 12.0), 18 / (2 * 6.0)], weights[..2]);
        Assert.True(double.IsFinite(weights[2]));
    }

    [Fact]
    public void Weights_by_name_are_scaled_to_a_mean_of_one_over_the_images_and_others_count_one()
    {
        var weights = Weights(Table(("bottom", 10), ("top", 0.5)));

        // (12 · 0.5 + 6 · 1 + 2 · 10) / 20 = 1.6
        Assert.Equal([0.5 / 1.6, 1 / 1.6, 10 / 1.6], weights);
    }

    [Fact]
    public void Those_that_are_held_out_to_validate_on_do_not_count()
    {
        var options = new TrainingOptions { ClassWeight = ClassWeights.Balanced, ValidationSplit = 0.5 };
        var images = Images(options, s_uneven);

        var counts = images
            .Rows.GroupBy(row => s_uneven.Train.Labels.Span[row])
            .ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(10, images.Rows.Length);
        Assert.All(counts, class_ => Assert.Equal(10 / (3.0 * class_.Value), images.ClassWeights![class_.Key], 12));
    }

    [Fact]
    public void A_class_that_counts_three_times_is_one_whose_images_come_three_times()
    {
        // Every step sees all images, so nothing depends on their order.
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 1000,
            Optimizer = new SgdOptimizer { LearningRate = 0.5 },
            LabelSmoothing = 0.1,
            Precision = Precision.Float32,
        };

        var (weighted, losses) = Train(s_uneven, options with { ClassWeight = Table(("bottom", 3)), Threads = 2 });
        var (repeated, expected) = Train(Repeated(s_uneven, label: 2, times: 3), options);
        var (plain, _) = Train(s_uneven, options);

        Assert.All(weighted.Zip(repeated), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.All(losses.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.Contains(weighted.Zip(plain), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public void Weights_that_are_all_the_same_change_no_bit_and_validation_is_never_weighted()
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 7,
            ValidationData = s_uneven.Test,
        };

        var (plain, _) = Train(s_uneven, options);
        var (same, _) = Train(s_uneven, options with { ClassWeight = Table(("top", 7), ("middle", 7), ("bottom", 7)) });
        var model = new Model(Networks.SmallDense, s_uneven.Shape, seed: 3);
        var run = new Trainer(model, s_uneven, options with { ClassWeight = ClassWeights.Balanced }).Run();

        Assert.Equal(plain, same);
        Assert.Equal(Evaluator.Measure(model, s_uneven.Test).Loss, run.History[^1].ValidationLoss!.Value, 1e-3);
        Assert.Contains("weighted by class: Balanced", run.ToTable(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Equal_seeds_give_equal_bits(int threads)
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Threads = threads,
            ClassWeight = ClassWeights.Balanced,
        };

        Assert.Equal(Train(s_uneven, options).Weights, Train(s_uneven, options).Weights);
    }

    [Fact]
    public void Names_are_what_the_models_outputs_are_called_whatever_the_order_of_the_data_sets_classes()
    {
        var model = new Model(Networks.SmallDense, s_uneven.Shape);
        _ = new Trainer(model, s_uneven, new TrainingOptions { Epochs = 1 }).Run();
        var turned = new Dataset(
            "turned",
            s_uneven.Train.Labelled(
                [.. s_uneven.Train.Labels.ToArray().Select(label => 2 - label)],
                ["bottom", "middle", "top"]
            ),
            s_uneven.Test,
            ["bottom", "middle", "top"],
            ""
        );

        var images = TrainingImages.Of(
            model,
            turned,
            new TrainingOptions { ClassWeight = Table(("bottom", 10)) },
            false,
            null
        );

        Assert.Equal([1 / 1.9, 1 / 1.9, 10 / 1.9], images.ClassWeights!.Select(weight => weight), Within(1e-12));
    }

    [Theory]
    [InlineData("buttom", "ClassUnknown", "Its classes are 'top', 'middle', 'bottom'")]
    [InlineData("Bottom", "ClassUnknown", "'Bottom' is not 'bottom': case and spaces matter")]
    public void A_name_that_the_model_does_not_know_is_refused(string name, string id, string words)
    {
        var options = new TrainingOptions { ClassWeight = Table((name, 2)) };

        var e = Assert.Throws<ConvNetException>(() =>
            new Trainer(new Model(Networks.SmallDense, s_uneven.Shape), s_uneven, options)
        );

        Assert.Equal(id, e.ErrorId);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e7)]
    public void A_weight_that_can_not_be_is_refused(double weight) =>
        Assert.Equal("TrainingOptionInvalid", Assert.Throws<ConvNetException>(() => Table(("top", weight))).ErrorId);

    [Fact]
    public void So_are_no_weights_at_all_names_that_are_one_and_other_words()
    {
        Assert.Equal("TrainingOptionInvalid", Assert.Throws<ConvNetException>(() => Table()).ErrorId);
        // An e with an accent, in one sign and in two.
        var e = Assert.Throws<ConvNetException>(() => Table(("caf\u00e9", 1), ("cafe\u0301", 2)));
        Assert.Equal("ClassNameDuplicate", e.ErrorId);
        Assert.Equal(
            "TrainingOptionInvalid",
            Assert.Throws<ConvNetException>(() => ClassWeights.Parse("even")).ErrorId
        );
        Assert.Null(ClassWeights.Parse("none"));
        Assert.Equal(ClassWeights.Balanced, ClassWeights.Parse("balanced"));
    }

    private static ClassWeights Table(params (string Name, double Weight)[] weights) =>
        ClassWeights.Of(weights.Select(pair => KeyValuePair.Create(pair.Name, pair.Weight)));

    private static double[] Weights(ClassWeights weights, Dataset? data = null) =>
        Images(new TrainingOptions { ClassWeight = weights }, data ?? s_uneven).ClassWeights!;

    private static TrainingImages Images(TrainingOptions options, Dataset data) =>
        TrainingImages.Of(new Model(Networks.SmallDense, data.Shape), data, options, renames: false, observer: null);

    private static (float[] Weights, double[] Losses) Train(Dataset data, TrainingOptions options)
    {
        var model = new Model(Networks.SmallDense, data.Shape, seed: 3);
        var run = new Trainer(model, data, options).Run();
        return ([.. model.Store.Values], [.. run.History.Select(epoch => epoch.Loss)]);
    }

    private static EqualityComparer<double> Within(double tolerance) =>
        EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= tolerance, _ => 0);

    /// <summary>As many images of each class.</summary>
    private static Dataset Uneven(params int[] counts)
    {
        var bars = Networks.Bars();
        var places = Enumerable.Range(0, bars.Train.Count).ToLookup(i => bars.Train.Labels.Span[i]);
        return With(bars, counts.SelectMany((count, label) => places[label].Take(count)));
    }

    private static Dataset Repeated(Dataset data, int label, int times) =>
        With(
            data,
            Enumerable
                .Range(0, data.Train.Count)
                .SelectMany(i => Enumerable.Repeat(i, data.Train.Labels.Span[i] == label ? times : 1))
        );

    private static Dataset With(Dataset data, IEnumerable<int> rows) =>
        new(data.Name, data.Train.Select("Train", [.. rows]), data.Test, data.ClassNames, data.Source);
}
