namespace PSConvNet.Tests.Data.Augmentations;

/// <summary>What a training sees of an augmentation.</summary>
public class AugmentedTrainingTests
{
    private static readonly Dataset s_bars = Networks.Bars();
    private static readonly Augmentation s_augmentation = new()
    {
        Shift = 1.5,
        Rotate = 20,
        Elastic = 8,
        ElasticSigma = 2,
        Noise = 12,
        Erase = 0.3,
    };

    [Theory]
    [InlineData(1, Precision.Float32)]
    [InlineData(2, Precision.BFloat16)]
    [InlineData(3, Precision.Float32)]
    public void A_training_sees_the_very_images_that_apply_gives(int threads, Precision precision)
    {
        var options = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 20,
            Threads = threads,
            Precision = precision,
            Seed = 5,
        };
        var changed = new Dataset(
            s_bars.Name,
            s_augmentation.Apply(s_bars.Train, seed: 5, epoch: 1),
            s_bars.Test,
            s_bars.ClassNames,
            s_bars.Source
        );

        var (plain, plainRun) = Train(s_bars, options);
        var (given, givenRun) = Train(changed, options);
        var (augmented, augmentedRun) = Train(s_bars, options with { Augmentation = s_augmentation });

        Assert.Equal(given, augmented);
        Assert.Equal(givenRun.History[0].Loss, augmentedRun.History[0].Loss);
        Assert.NotEqual(plain, augmented);
        Assert.NotEqual(plainRun.History[0].Loss, augmentedRun.History[0].Loss);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Equal_seeds_give_bit_identical_weights(int threads)
    {
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 32,
            Threads = threads,
            Augmentation = s_augmentation,
        };

        var (first, _) = Train(s_bars, options);
        var (second, _) = Train(s_bars, options);
        var (other, _) = Train(s_bars, options with { Seed = 2 });

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Each_epoch_sees_other_images()
    {
        // Without a step that changes anything, equal images would have equal losses.
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 240,
            Optimizer = new SgdOptimizer { LearningRate = 1e-30 },
            Precision = Precision.Float32,
        };
        var network = new LayerSpec[]
        {
            new FlattenLayer(),
            new DenseLayer(3) { Activation = Activation.Softmax },
        };
        double[] Losses(Augmentation? augmentation) =>
            [
                .. new Trainer(new Model(network, s_bars.Shape), s_bars, options with { Augmentation = augmentation })
                    .Run()
                    .History.Select(epoch => Math.Round(epoch.Loss, 5)),
            ];

        Assert.Single(Losses(null).Distinct());
        Assert.Single(Losses(new Augmentation()).Distinct());
        Assert.Equal(3, Losses(s_augmentation).Distinct().Count());
    }

    [Fact]
    public void Images_to_validate_on_are_left_alone()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var options = new TrainingOptions
        {
            Epochs = 1,
            ValidationData = s_bars.Test,
            Precision = Precision.Float32,
            Augmentation = s_augmentation,
        };

        var run = new Trainer(model, s_bars, options).Run();

        var metrics = Evaluator.Measure(model, s_bars.Test, new PredictionOptions(Precision.Float32));
        Assert.Equal(metrics.Loss, run.History[0].ValidationLoss!.Value, 5);
        Assert.Equal(metrics.Accuracy, run.History[0].ValidationAccuracy!.Value, 5);
    }

    [Fact]
    public void A_model_that_wants_the_images_in_another_shape_still_gets_them_moved_as_images()
    {
        // 8 x 8 for a model of 8 x 8 x 1.
        var flat = new Dataset(
            s_bars.Name,
            s_bars.Train.Reshape(new Shape(8, 8)),
            s_bars.Test.Reshape(new Shape(8, 8)),
            s_bars.ClassNames,
            s_bars.Source
        );
        var options = new TrainingOptions { Epochs = 1, Augmentation = s_augmentation };

        var (expected, _) = Train(s_bars, options);
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
        new Trainer(model, flat, options).Run();

        Assert.Equal(expected, model.Store.Values);
    }

    [Fact]
    public void The_runs_table_says_how_images_were_changed()
    {
        var (_, augmented) = Train(s_bars, new TrainingOptions { Epochs = 1, Augmentation = s_augmentation });
        var (_, plain) = Train(s_bars, new TrainingOptions { Epochs = 1, Augmentation = new Augmentation() });

        Assert.Contains(
            $" Augmented: {s_augmentation} ",
            augmented.ToTable().Replace('\n', ' '),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Augmented", plain.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_do_not_fit_are_refused_before_anything_is_trained()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var options = new TrainingOptions { Augmentation = new Augmentation { Shift = 8 } };

        var error = Assert.Throws<ConvNetException>(() => new Trainer(model, s_bars, options));

        Assert.Equal("AugmentationDoesNotFit", error.ErrorId);
        Assert.Same(s_bars.Train, error.Target);
    }

    [Fact]
    public void The_test_of_learning_rates_sees_augmented_images_too()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        double First(Augmentation? augmentation) =>
            LearningRateFinder
                .Find(model, s_bars, new LearningRateRange(), new TrainingOptions { Augmentation = augmentation })
                .Points[0]
                .Loss;

        Assert.Equal(First(null), First(new Augmentation()));
        Assert.NotEqual(First(null), First(s_augmentation));
    }

    private static (float[] Weights, TrainingRun Run) Train(Dataset data, TrainingOptions options)
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
        var run = new Trainer(model, data, options).Run();
        return ([.. model.Store.Values], run);
    }
}
