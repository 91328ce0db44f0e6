namespace PSConvNet.Tests.Evaluation;

public class EnsembleTests
{
    private static readonly Dataset s_bars = Networks.Bars(train: 64, test: 40);
    private static readonly PredictionOptions s_exact = new(Precision.Float32, Threads: 2);

    [Fact]
    public void It_gives_the_mean_of_what_its_models_give()
    {
        var models = Trained(3);

        var mean = new Ensemble(models).Predict(s_bars.Test, s_exact);

        var each = models.Select(model => Predictor.Predict(model, s_bars.Test, s_exact)).ToList();
        Assert.Equal(40 * 3, mean.Length);
        Assert.NotEqual(each[0], each[1]);
        for (var i = 0; i < mean.Length; i++)
            Assert.Equal(((double)each[0][i] + each[1][i] + each[2][i]) / 3, mean[i], 1e-7);
    }

    [Fact]
    public void It_measures_the_mean_counted_by_hand()
    {
        var ensemble = new Ensemble(Trained(3));

        var metrics = ensemble.Measure(s_bars.Test, s_exact);

        var mean = ensemble.Predict(s_bars.Test, s_exact);
        var labels = s_bars.Test.Labels.ToArray();
        var rows = mean.Chunk(3).ToList();
        Assert.Equal(rows.Where((row, i) => Array.IndexOf(row, row.Max()) != labels[i]).Count(), metrics.Errors);
        Assert.Equal(rows.Select((row, i) => -Math.Log(row[labels[i]])).Average(), metrics.Loss, 1e-6);
        Assert.Equal("seed 1 + seed 2 + seed 3", metrics.Name);
        Assert.Equal(["top", "middle", "bottom"], metrics.Classes.Select(c => c.Name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void An_ensemble_of_one_however_often_is_that_model(int times)
    {
        var model = Trained(1)[0];
        var ensemble = new Ensemble(Enumerable.Repeat(model, times));

        Assert.Equal(Predictor.Predict(model, s_bars.Test, s_exact), ensemble.Predict(s_bars.Test, s_exact));
        var alone = Evaluator.Measure(model, s_bars.Test, s_exact);
        var together = ensemble.Measure(s_bars.Test, s_exact);
        Assert.Equal(alone.Loss, together.Loss, 1e-12);
        Assert.Equal(alone.Predictions.AsEnumerable(), together.Predictions.AsEnumerable());
        Assert.Equal(alone.ConfusionMatrix, together.ConfusionMatrix);
    }

    [Fact]
    public void The_order_of_the_models_is_of_no_importance()
    {
        var models = Trained(3);

        var one = new Ensemble(models).Measure(s_bars.Test, s_exact);
        models.Reverse();
        var other = new Ensemble(models).Measure(s_bars.Test, s_exact);

        Assert.Equal(one.Loss, other.Loss, 1e-7);
        Assert.Equal(one.Predictions.AsEnumerable(), other.Predictions.AsEnumerable());
    }

    [Fact]
    public void Models_that_end_in_a_softmax_its_logarithm_or_nothing_go_together()
    {
        var models = new[] { Activation.Softmax, Activation.LogSoftmax, Activation.None }
            .Select(end => Ending(end))
            .ToList();

        var mean = new Ensemble(models).Predict(s_bars.Test, s_exact);

        // Equal seeds: the three differ in their end only, and so in nothing that a prediction shows.
        var softmax = Predictor.Predict(models[0], s_bars.Test, s_exact);
        for (var i = 0; i < mean.Length; i++)
            Assert.Equal(softmax[i], mean[i], 1e-6);
    }

    [Fact]
    public void Sigmoids_are_probabilities_too()
    {
        var model = Ending(Activation.Sigmoid);

        var together = new Ensemble([model, model]).Measure(s_bars.Test, s_exact);

        var alone = Evaluator.Measure(model, s_bars.Test, s_exact);
        Assert.Equal(alone.Loss, together.Loss, 1e-6);
        Assert.Equal(alone.Predictions.AsEnumerable(), together.Predictions.AsEnumerable());
    }

    [Theory]
    [InlineData(Activation.Tanh, "but tanh gave -")]
    [InlineData(Activation.LeakyReLU, "needs the Softmax activation, or none")]
    public void What_is_no_probability_is_refused_with_the_models_name(Activation end, string message)
    {
        var ensemble = new Ensemble([Ending(Activation.Softmax), Ending(end)]);

        foreach (var ask in Asking(ensemble))
        {
            var error = Assert.Throws<ConvNetException>(ask);
            Assert.Equal(("PredictionsInvalid", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Same(ensemble.Models[1], error.Target);
        }
    }

    [Fact]
    public void A_model_that_has_diverged_is_refused_by_name()
    {
        var bad = Ending(Activation.Softmax, "bad");
        bad.Store.Values.AsSpan().Fill(float.NaN);
        var ensemble = new Ensemble([Ending(Activation.Softmax), bad]);

        foreach (var ask in Asking(ensemble))
        {
            var error = Assert.Throws<ConvNetException>(ask);
            Assert.Equal("PredictionsInvalid", error.ErrorId);
            Assert.StartsWith("bad can't answer: dense_1.kernel has ", error.Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, Func<Model>, string, string> Refused =>
        new()
        {
            {
                "another input shape",
                () => new Model(Networks.SmallDense, new Shape(9, 8, 1), "tall"),
                "EnsembleMismatch",
                "first takes images of 8 x 8 x 1 and tall images of 9 x 8 x 1"
            },
            {
                "another number of classes",
                () => new Model([new FlattenLayer(), new DenseLayer(4)], s_bars.Shape, "four"),
                "EnsembleMismatch",
                "first has 3 classes and four has 4"
            },
            {
                "an image as output",
                () => new Model([new ConvLayer(2)], s_bars.Shape, "picture"),
                "EnsembleOutputInvalid",
                "picture outputs 6 x 6 x 2, not one value per class: end it with FlattenLayer and DenseLayer."
            },
            {
                "other names of classes",
                () => Trained(1, "others", ["a", "b", "c"])[0],
                "EnsembleMismatch",
                "first was trained on the classes 'top', 'middle', 'bottom' and others on 'a', 'b', 'c'"
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_does_not_go_together_is_refused_with_both_sides(
        string what,
        Func<Model> other,
        string errorId,
        string message
    )
    {
        var models = Trained(1, "first");
        models.Add(other());

        var error = Assert.Throws<ConvNetException>(() => new Ensemble(models));

        Assert.True(errorId == error.ErrorId, $"{what}: {error.ErrorId}");
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Same(models[1], error.Target);
    }

    [Fact]
    public void An_ensemble_of_nothing_is_refused() =>
        Assert.Equal("EnsembleEmpty", Assert.Throws<ConvNetException>(() => new Ensemble([])).ErrorId);

    [Fact]
    public void Data_that_does_not_fit_is_refused_as_by_a_model()
    {
        var ensemble = new Ensemble(Trained(2));
        var none = new ImageSet("Test", Array.Empty<byte>(), Array.Empty<int>(), s_bars.Shape);
        var large = Networks.Bars(train: 4, test: 4, size: 12);

        Assert.Equal("DataShapeMismatch", Assert.Throws<ConvNetException>(() => ensemble.Predict(large.Test)).ErrorId);
        Assert.Equal(
            "ClassCountMismatch",
            Assert
                .Throws<ConvNetException>(() =>
                    new Ensemble([Ending(Activation.Softmax)]).Measure(s_bars.RenameClasses(Outputs.Names(4)).Test)
                )
                .ErrorId
        );
        Assert.Equal("EvaluationEmpty", Assert.Throws<ConvNetException>(() => ensemble.Measure(none)).ErrorId);
    }

    [Fact]
    public void Names_come_from_the_models_and_classes_from_those_that_were_trained()
    {
        var models = Trained(1);
        models.Insert(0, Ending(Activation.Softmax, "fresh"));

        var ensemble = new Ensemble(models);

        Assert.Equal("fresh + seed 1", ensemble.Name);
        Assert.Equal("fresh + seed 1: the mean of 2 models, 8 x 8 x 1 -> 3", ensemble.ToString());
        Assert.Equal(["top", "middle", "bottom"], ensemble.ClassNames);
        Assert.Empty(new Ensemble([models[0]]).ClassNames);
        Assert.Equal("both", new Ensemble(models, "both").Name);
    }

    [Fact]
    public void A_model_in_training_is_reported_before_any_is_asked_and_all_are_free_again()
    {
        var models = Trained(3);
        var asked = 0;
        using (models[2].UseForTraining())
        {
            var error = Assert.Throws<ConvNetException>(() =>
                new Ensemble(models).Predict(s_bars.Test, s_exact with { Progress = _ => asked++ })
            );
            Assert.Equal("ModelBusy", error.ErrorId);
        }

        Assert.Equal(0, asked);
        AssertFree(models);
    }

    [Fact]
    public void Progress_counts_to_the_number_of_images_and_a_cancellation_frees_the_models()
    {
        var ensemble = new Ensemble(Trained(3));
        var told = new List<int>();
        ensemble.Predict(s_bars.Test, s_exact with { Progress = told.Add });
        Assert.Equal([13, 26, 40], told);

        using var stop = new CancellationTokenSource();
        var options = s_exact with { Progress = _ => stop.Cancel() };
        Assert.Throws<OperationCanceledException>(() => ensemble.Predict(s_bars.Test, options, stop.Token));
        AssertFree(ensemble.Models);
    }

    [Fact]
    public void Logarithms_are_averaged_where_probabilities_would_have_vanished()
    {
        var mean = new LogMean(4);
        mean.Add([-250f, -300f, float.NegativeInfinity, float.NegativeInfinity]);
        mean.Add([-300f, -250f, -2f, float.NegativeInfinity]);

        var half = (float)Math.Log(0.5);
        Assert.Equal([-250 + half, -250 + half, -2 + half, float.NegativeInfinity], mean.ToArray());
    }

    private static IEnumerable<Action> Asking(Ensemble ensemble) =>
        [() => ensemble.Predict(s_bars.Test, s_exact), () => ensemble.Measure(s_bars.Test, s_exact)];

    private static void AssertFree(IEnumerable<Model> models)
    {
        foreach (var model in models)
            model.UseForTraining().Dispose();
    }

    private static Model Ending(Activation end, string? name = null) =>
        new(
            [new FlattenLayer(), new DenseLayer(3) { Activation = end }],
            s_bars.Shape,
            name ?? end.ToString().ToLowerInvariant()
        );

    /// <summary>Models of one network that began with other weights.</summary>
    private static List<Model> Trained(int count, string? name = null, string[]? classes = null)
    {
        var data = classes is null ? s_bars : s_bars.RenameClasses(classes);
        var models = Enumerable
            .Range(1, count)
            .Select(seed => new Model(Networks.SmallDense, s_bars.Shape, name ?? $"seed {seed}", seed))
            .ToList();
        foreach (var model in models)
            new Trainer(model, data, new TrainingOptions { Epochs = 2, BatchSize = 16 }).Run();
        return models;
    }
}
