namespace PSConvNet.Tests.Evaluation;

/// <summary>Answers that are means over forms of an image, against those to the forms one by one.</summary>
public class TestTimeAugmentationTests
{
    private static readonly Dataset s_bars = Networks.Bars(train: 64, test: 30);
    private static readonly Augmentation s_changes = new()
    {
        Shift = 1,
        Rotate = 10,
        Noise = 20,
    };
    private static readonly PredictionOptions s_exact = new(Precision.Float32, Threads: 2);
    private static readonly PredictionOptions s_four = s_exact with { TestTime = new(s_changes, times: 4, seed: 7) };

    [Fact]
    public void It_is_the_mean_of_the_answers_to_the_image_and_to_what_a_training_would_see_of_it()
    {
        var model = Trained();

        var mean = Predictor.Predict(model, s_bars.Test, s_four);

        float[][] each = [.. Forms().Select(form => Predictor.Predict(model, form, s_exact))];
        Assert.NotEqual(each[0], each[1]);
        Assert.NotEqual(each[1], each[2]);
        for (var i = 0; i < mean.Length; i++)
            Assert.Equal(each.Average(answers => (double)answers[i]), mean[i], 1e-6);
    }

    [Fact]
    public void What_is_measured_is_that_mean_and_the_result_says_so()
    {
        var model = Trained();

        var metrics = Evaluator.Measure(model, s_bars.Test, s_four);

        var rows = Predictor.Predict(model, s_bars.Test, s_four).Chunk(3).ToList();
        var labels = s_bars.Test.Labels.ToArray();
        Assert.Equal(rows.Select((row, i) => -Math.Log(row[labels[i]])).Average(), metrics.Loss, 1e-5);
        Assert.Equal(rows.Where((row, i) => Array.IndexOf(row, row.Max()) != labels[i]).Count(), metrics.Errors);
        Assert.Equal(
            "mean of 4 versions of each image (shift 1 px, rotate 10 degrees, noise 20 levels; seed 7)",
            $"{metrics.TestTime}"
        );
        Assert.Null(Evaluator.Measure(model, s_bars.Test, s_exact).TestTime);
    }

    [Fact]
    public void An_ensemble_takes_the_mean_over_models_and_forms()
    {
        Model[] models = [Trained(1), Trained(2)];

        var mean = new Ensemble(models).Predict(s_bars.Test, s_four);

        float[][] each =
        [
            .. models.SelectMany(model => Forms().Select(form => Predictor.Predict(model, form, s_exact))),
        ];
        for (var i = 0; i < mean.Length; i++)
            Assert.Equal(each.Average(answers => (double)answers[i]), mean[i], 1e-6);
        Assert.Equal(s_four.TestTime, new Ensemble(models).Measure(s_bars.Test, s_four).TestTime);
    }

    [Fact]
    public void Equal_seeds_give_equal_bits_whatever_the_threads_do_and_other_seeds_other_answers()
    {
        var model = Trained();
        // More images than are asked about in one round.
        var many = s_bars.Test.Select("Test", [.. Enumerable.Range(0, 2100).Select(i => i % s_bars.Test.Count)]);

        var first = Predictor.Predict(model, many, s_four);

        Assert.Equal(first, Predictor.Predict(model, many, s_four));
        var third = first.Chunk(3).ToList();
        Assert.NotEqual(third[0], third[s_bars.Test.Count]);
        var other = s_exact with { TestTime = new(s_changes, times: 4, seed: 8) };
        Assert.NotEqual(first, Predictor.Predict(model, many, other));
        // Beyond the first round an image is still changed by its place among all.
        var form = Predictor.Predict(model, s_changes.Apply(many, seed: 7, epoch: 1), s_exact)[^3..];
        var two = Predictor.Predict(model, many, s_exact with { TestTime = new(s_changes, times: 2, seed: 7) })[^3..];
        var plain = Predictor.Predict(model, many, s_exact)[^3..];
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal((plain[i] + (double)form[i]) / 2, two[i], 1e-6));
    }

    [Fact]
    public void Outputs_that_are_no_probabilities_are_averaged_as_they_are()
    {
        LayerSpec[] layers = [new FlattenLayer(), new DenseLayer(3) { Activation = Activation.Tanh }];
        var model = new Model(layers, s_bars.Shape);

        var mean = Predictor.Predict(model, s_bars.Test, s_four);

        float[][] each = [.. Forms().Select(form => Predictor.Predict(model, form, s_exact))];
        for (var i = 0; i < mean.Length; i++)
            Assert.Equal(each.Average(answers => (double)answers[i]), mean[i], 1e-6);
    }

    [Fact]
    public void A_kept_predictor_does_the_same_and_changes_that_are_off_do_nothing()
    {
        var model = Trained();
        using var predictor = new Predictor(model, s_four);

        Assert.Equal(Predictor.Predict(model, s_bars.Test, s_four), predictor.Predict(s_bars.Test));
        var off = s_exact with { TestTime = new(new Augmentation(), times: 5) };
        Assert.Equal(Predictor.Predict(model, s_bars.Test, s_exact), Predictor.Predict(model, s_bars.Test, off));
    }

    [Fact]
    public void Progress_counts_an_image_when_all_its_forms_are_done_on_average()
    {
        var told = new List<int>();

        Predictor.Predict(Trained(), s_bars.Test, s_four with { Progress = told.Add });

        Assert.Equal([7, 15, 22, 30], told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(1001)]
    public void Fewer_than_two_forms_or_more_than_a_thousand_are_refused(int times) =>
        Assert.Equal(
            "AugmentationSettingInvalid",
            Assert.Throws<ConvNetException>(() => new TestTimeAugmentation(s_changes, times)).ErrorId
        );

    [Fact]
    public void Images_that_can_not_be_changed_so_are_refused()
    {
        var far = s_exact with { TestTime = new(new Augmentation { Shift = 8 }) };

        var e = Assert.Throws<ConvNetException>(() => Predictor.Predict(Trained(), s_bars.Test, far));

        Assert.Equal("AugmentationDoesNotFit", e.ErrorId);
    }

    private static IEnumerable<ImageSet> Forms() =>
        [s_bars.Test, .. Enumerable.Range(1, 3).Select(epoch => s_changes.Apply(s_bars.Test, seed: 7, epoch))];

    private static Model Trained(long seed = 1)
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape, $"seed {seed}", seed);
        _ = new Trainer(model, s_bars, new TrainingOptions { Epochs = 3, BatchSize = 16 }).Run();
        return model;
    }
}
