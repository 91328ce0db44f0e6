namespace PSConvNet.Tests.Training;

public class LearningRateFinderTests
{
    private static readonly Dataset s_bars = Networks.Bars();
    private static readonly TrainingOptions s_options = new() { BatchSize = 16, Threads = 2 };

    public static TheoryData<string> Endings => ["all steps", "a rise", "a number lost", "a stop", "an error"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void The_model_is_afterwards_what_it_was_before_bit_for_bit(string ending)
    {
        // Trained a little, so that the statistics of its batch norm are not those it began with.
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
        new Trainer(model, s_bars, s_options with { Epochs = 1 }).Run();
        float[] before = [.. model.Store.Values];
        var names = model.ClassNames;
        var usual = new LearningRateRange { Steps = 30 };
        using var stop = new CancellationTokenSource();

        var reason = ending switch
        {
            "all steps" => Find(usual with { MaximumRate = 1e-3 }),
            "a rise" => Find(usual with { MaximumRate = 1e6 }, new SgdOptimizer()),
            "a number lost" => Find(usual with { MinimumRate = 1e29, MaximumRate = 1e30 }, new SgdOptimizer()),
            "a stop" => Find(usual, onPoint: point => stop.Cancel()),
            _ => FindWithError(usual),
        };

        LearningRateStopReason? expected = ending switch
        {
            "all steps" => LearningRateStopReason.StepsDone,
            "a rise" => LearningRateStopReason.LossRose,
            "a number lost" => LearningRateStopReason.LossNotFinite,
            "a stop" => LearningRateStopReason.Stopped,
            _ => null,
        };
        Assert.Equal(expected, reason);
        Assert.Equal(before, model.Store.Values);
        Assert.Equal(1, model.TrainedEpochs);
        Assert.Same(names, model.ClassNames);

        LearningRateStopReason? FindWithError(LearningRateRange range)
        {
            Assert.Throws<NotSupportedException>(() =>
                Find(range, onPoint: point => throw new NotSupportedException($"{point}"))
            );
            return null;
        }

        LearningRateStopReason? Find(
            LearningRateRange range,
            OptimizerSpec? optimizer = null,
            Action<LearningRatePoint>? onPoint = null
        ) =>
            LearningRateFinder
                .Find(
                    model,
                    s_bars,
                    range,
                    s_options with
                    {
                        Optimizer = optimizer ?? new AdamOptimizer(),
                    },
                    onPoint,
                    cancellation: stop.Token
                )
                .StopReason;
    }

    public static TheoryData<string> Settings =>
        ["optimizer", "loss", "label smoothing", "seed", "batch size", "precision", "threads", "nothing"];

    [Theory]
    [MemberData(nameof(Settings))]
    public void At_one_rate_throughout_the_losses_are_those_of_a_training_with_the_same_settings(string setting)
    {
        const double rate = 0.01;
        // So narrow that in single precision all rates are one. 240 images: some of these settings take several epochs for 40 steps.
        var range = new LearningRateRange
        {
            MinimumRate = rate,
            MaximumRate = rate * (1 + 1e-12),
            Steps = 40,
        };
        var options = setting switch
        {
            "optimizer" => s_options with
            {
                Optimizer = new SgdOptimizer { LearningRate = 7, Momentum = 0.9 },
            },
            "loss" => s_options with { Loss = Loss.MeanSquaredError },
            "label smoothing" => s_options with { LabelSmoothing = 0.2 },
            "seed" => s_options with { Seed = 9 },
            "batch size" => s_options with { BatchSize = 100 },
            "precision" => s_options with { Precision = Precision.BFloat16 },
            "threads" => s_options with { Threads = 1 },
            _ => s_options,
        };
        var losses = new List<double>();
        // As many epochs as have those steps.
        var epochs = Math.Ceiling(40.0 * options.BatchSize / s_bars.Train.Count);
        var training = options with { Epochs = epochs, Optimizer = options.Optimizer with { LearningRate = rate } };
        new Trainer(NewModel(), s_bars, training, new Losses(losses)).Run();

        var curve = LearningRateFinder.Find(NewModel(), s_bars, range, options);

        Assert.Equal(LearningRateStopReason.StepsDone, curve.StopReason);
        Assert.Equal(losses.Take(40), curve.Points.Select(point => point.Loss));
        Assert.Equal(Enumerable.Range(1, 40), curve.Points.Select(point => point.Step));
        Assert.Equal(Enumerable.Range(1, 40).Select(range.RateAt), curve.Points.Select(point => point.LearningRate));
        Assert.Equal(options.Precision.Resolve(), curve.Precision);
        Assert.Same(options, curve.Options);

        static Model NewModel() => new(Networks.SmallOfEverything, s_bars.Shape);
    }

    [Fact]
    public void Equal_seeds_give_equal_curves_on_the_same_model_one_after_the_other()
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);

        var (first, other, second) = (Find(5), Find(6), Find(5));

        Assert.Equal(first.Points, second.Points);
        Assert.Equal(first.Suggestion, second.Suggestion);
        Assert.NotEqual(first.Points, other.Points);

        LearningRateCurve Find(long seed) =>
            LearningRateFinder.Find(
                model,
                s_bars,
                new LearningRateRange { Steps = 50 },
                s_options with
                {
                    Seed = seed,
                }
            );
    }

    [Fact]
    public void Each_point_is_told_as_it_comes_and_a_stop_ends_within_one_batch()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<LearningRatePoint>();

        var curve = LearningRateFinder.Find(
            new Model(Networks.SmallDense, s_bars.Shape),
            s_bars,
            new LearningRateRange(),
            s_options,
            point =>
            {
                told.Add(point);
                if (point.Step == 13)
                    stop.Cancel();
            },
            cancellation: stop.Token
        );

        Assert.Equal(LearningRateStopReason.Stopped, curve.StopReason);
        Assert.Equal(13, curve.Points.Count);
        Assert.Equal(told, curve.Points);
    }

    [Fact]
    public void Validation_and_the_test_part_play_no_part()
    {
        var empty = new Dataset("Bars", s_bars.Train, s_bars.Train.Take(1), s_bars.ClassNames, "without a test part");
        var validating = s_options with { ValidationSplit = 0.5, Patience = 1, RestoreBest = true, Epochs = 1 };

        var plain = Find(s_bars, s_options);
        var odd = Find(empty, validating);

        Assert.Equal(plain.Points, odd.Points);

        static LearningRateCurve Find(Dataset data, TrainingOptions options) =>
            LearningRateFinder.Find(
                new Model(Networks.SmallDense, s_bars.Shape),
                data,
                new LearningRateRange { Steps = 40 },
                options
            );
    }

    [Fact]
    public void The_suggestion_for_the_tutorials_dense_network_trains_better_than_rates_far_from_it()
    {
        var digits = SyntheticDigits.Generate(2000, 500).ExpandDimension();
        var curve = LearningRateFinder.Find(NewModel(), digits, new LearningRateRange(), new TrainingOptions());

        var suggestion = Assert.NotNull(curve.Suggestion);
        Assert.InRange(suggestion, 3e-4, 2e-2);
        Assert.InRange(Assert.NotNull(curve.Minimum), 3e-4, 2e-2);
        var accuracy = Accuracy(suggestion);
        Assert.True(accuracy > Accuracy(suggestion / 100) + 0.1, curve.ToTable());
        Assert.True(accuracy > Accuracy(suggestion * 100) + 0.1, curve.ToTable());

        static Model NewModel() => new(Networks.TutorialDense, new Shape(28, 28, 1));

        double Accuracy(double rate)
        {
            var model = NewModel();
            var options = new TrainingOptions
            {
                Epochs = 3,
                Optimizer = new AdamOptimizer { LearningRate = rate },
            };
            new Trainer(model, digits, options).Run();
            return Evaluator.Measure(model, digits.Test).Accuracy;
        }
    }

    [Fact]
    public void A_model_in_training_is_refused_and_one_that_is_being_tested_can_be_read()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var errors = new List<string>();
        var read = 0;
        var range = new LearningRateRange { Steps = 10 };
        var observer = new Losses([])
        {
            Batch = () =>
                errors.Add(
                    Assert
                        .Throws<ConvNetException>(() => LearningRateFinder.Find(model, s_bars, range, s_options))
                        .ErrorId
                ),
        };
        new Trainer(model, s_bars, new TrainingOptions { Epochs = 1, BatchSize = 240 }, observer).Run();

        LearningRateFinder.Find(
            model,
            s_bars,
            range,
            s_options,
            _ => read = Predictor.Predict(model, s_bars.Test).Length
        );

        Assert.Equal(["ModelBusy"], errors);
        Assert.Equal(90 * 3, read);
    }

    [Fact]
    public void A_model_whose_loss_is_no_number_to_begin_with_is_refused()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        Array.Fill(model.Store.Values, float.NaN);

        var error = Assert.Throws<ConvNetException>(() =>
            LearningRateFinder.Find(model, s_bars, new LearningRateRange(), s_options)
        );

        Assert.Equal(("WeightsInvalid", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Same(model, error.Target);
        Assert.Contains("dense_1.kernel has 1024 of 1024 values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_does_not_fit_is_refused_by_itself_and_not_by_the_name_of_a_copy()
    {
        var two = new Model([new FlattenLayer(), new DenseLayer(2) { Activation = Activation.Softmax }], s_bars.Shape);

        var error = Assert.Throws<ConvNetException>(() =>
            LearningRateFinder.Find(two, s_bars, new LearningRateRange(), s_options)
        );

        Assert.Equal("ClassCountMismatch", error.ErrorId);
        Assert.Same(two, error.Target);
    }

    private sealed class Losses(List<double> losses) : ITrainingObserver
    {
        public Action Batch { get; init; } = () => { };

        public void OnBatch(in BatchProgress progress)
        {
            losses.Add(progress.BatchLoss);
            Batch();
        }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }
    }
}
