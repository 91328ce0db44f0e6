namespace PSConvNet.Tests.Training;

public class TrainerTests
{
    private static readonly Dataset s_bars = Networks.Bars();

    [Theory]
    [InlineData("dense")]
    [InlineData("everything")]
    public void A_network_learns_what_can_be_learned(string network)
    {
        var layers = network == "dense" ? Networks.SmallDense : Networks.SmallOfEverything;
        var model = new Model(layers, s_bars.Shape);
        var options = new TrainingOptions
        {
            Epochs = 25,
            BatchSize = 16,
            Optimizer = new AdamOptimizer { LearningRate = 0.01 },
        };

        var run = new Trainer(model, s_bars, options).Run();

        Assert.Equal(TrainingStatus.Completed, run.Status);
        Assert.Equal(25, run.History.Count);
        Assert.Equal(25, model.TrainedEpochs);
        Assert.True(run.History[^1].Loss < run.History[0].Loss / 4, run.ToTable());
        Assert.InRange(Evaluator.Measure(model, s_bars.Test).Accuracy, 0.95, 1);
    }

    [Theory]
    [InlineData(1, Precision.Float32)]
    [InlineData(2, Precision.Float32)]
    [InlineData(2, Precision.BFloat16)]
    [InlineData(3, Precision.Float32)]
    public void Equal_seeds_give_bit_identical_weights_and_history_also_after_another_training(
        int threads,
        Precision precision
    )
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 20,
            Threads = threads,
            Precision = precision,
            Seed = 5,
        };

        var (first, firstWeights) = Train();
        _ = new Trainer(new Model(Networks.SmallDense, s_bars.Shape), s_bars, options).Run();
        var (second, secondWeights) = Train();

        Assert.Equal(firstWeights, secondWeights);
        Assert.Equal(first.History.Select(e => (e.Loss, e.Accuracy)), second.History.Select(e => (e.Loss, e.Accuracy)));

        (TrainingRun, float[]) Train()
        {
            var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
            var run = new Trainer(model, s_bars, options).Run();
            return (run, [.. model.ParameterNames.SelectMany(model.GetParameter)]);
        }
    }

    [Fact]
    public void Another_seed_takes_another_course()
    {
        double[] Losses(long seed) => [.. new Trainer(
                    new Model(Networks.SmallDense, s_bars.Shape),
                    s_bars,
                    new TrainingOptions
                    {
                        Epochs = 2,
                        BatchSize = 16,
                        Seed = seed,
                    }
                ).Run().History.Select(e => e.Loss)];

        Assert.NotEqual(Losses(1), Losses(2));
    }

    [Fact]
    public void A_second_run_goes_on_where_the_first_one_ended()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var options = new TrainingOptions { Epochs = 4, BatchSize = 16 };

        var first = new Trainer(model, s_bars, options).Run();
        var second = new Trainer(model, s_bars, options).Run();

        Assert.True(second.History[0].Loss < first.History[^1].Loss * 1.2);
        Assert.Equal(8, model.TrainedEpochs);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_run_and_keeps_the_weights_from_before_the_epoch()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var before = model.GetParameter("dense_1.kernel");
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 16,
            Loss = Loss.MeanSquaredError,
            Optimizer = new SgdOptimizer { LearningRate = 1e30 },
        };
        var linear = new Model([new FlattenLayer(), new DenseLayer(3)], s_bars.Shape);
        var untrained = linear.GetParameter("dense_1.kernel");

        var error = Assert.Throws<ConvNetException>(() => new Trainer(linear, s_bars, options).Run());

        Assert.Equal("LossNotFinite", error.ErrorId);
        Assert.Equal(ErrorKind.InvalidResult, error.Kind);
        Assert.Contains("epoch 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("OptimizerSpec.LearningRate", error.Message, StringComparison.Ordinal);
        Assert.Equal(untrained, linear.GetParameter("dense_1.kernel"));
        Assert.Equal(before, model.GetParameter("dense_1.kernel"));
    }

    [Fact]
    public void A_stop_ends_within_one_batch_and_the_model_stays_usable()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        using var stop = new CancellationTokenSource();
        var observer = new Observer
        {
            Batch = batch =>
            {
                if (batch.Batch == 3)
                    stop.Cancel();
            },
        };

        var run = new Trainer(model, s_bars, new TrainingOptions { BatchSize = 16 }, observer).Run(stop.Token);

        Assert.Equal(TrainingStatus.Stopped, run.Status);
        Assert.Empty(run.History);
        Assert.Equal(3, observer.Batches);
        Assert.Equal(90, Evaluator.Measure(model, s_bars.Test).Samples);
        Assert.Single(new Trainer(model, s_bars, new TrainingOptions { Epochs = 1 }).Run().History);
    }

    [Fact]
    public void Each_batch_tells_its_own_loss_and_the_mean_so_far()
    {
        var batches = new List<BatchProgress>();
        var observer = new Observer { Batch = batches.Add };
        var options = new TrainingOptions { Epochs = 2, BatchSize = 64 };

        var run = new Trainer(new Model(Networks.SmallDense, s_bars.Shape), s_bars, options, observer).Run();

        Assert.Equal(8, batches.Count);
        foreach (var epoch in batches.GroupBy(batch => batch.Epoch))
        {
            var (sum, images) = (0.0, 0);
            foreach (var batch in epoch)
            {
                // 240 images: three batches of 64 and one of 48.
                var size = batch.Batch < 4 ? 64 : 48;
                (sum, images) = (sum + size * batch.BatchLoss, images + size);
                Assert.Equal(sum / images, batch.Loss, 1e-12);
            }
            Assert.Equal(sum / images, run.History[epoch.Key - 1].Loss, 1e-12);
        }
    }

    [Fact]
    public void A_run_of_as_many_epochs_as_a_number_holds_knows_its_time_left()
    {
        using var stop = new CancellationTokenSource();
        var remaining = TimeSpan.Zero;
        var observer = new Observer { Batch = batch => (remaining, _) = (batch.Remaining, stop.CancelAsync()) };
        var options = new TrainingOptions { Epochs = int.MaxValue };

        new Trainer(new Model(Networks.SmallDense, s_bars.Shape), s_bars, options, observer).Run(stop.Token);

        Assert.True(remaining > TimeSpan.FromDays(1));
    }

    [Fact]
    public void Early_stopping_ends_the_run_and_the_best_weights_come_back()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var options = new TrainingOptions
        {
            Epochs = 60,
            BatchSize = 16,
            ValidationData = s_bars.Test,
            Patience = 2,
            RestoreBest = true,
            // So high that the loss goes up and down.
            Optimizer = new SgdOptimizer { LearningRate = 2, Momentum = 0.9 },
            Precision = Precision.Float32,
        };

        var run = new Trainer(model, s_bars, options).Run();

        Assert.Equal(TrainingStatus.EarlyStopped, run.Status);
        Assert.Equal(run.BestEpoch + 2, run.History.Count);
        var best = run.History[run.BestEpoch!.Value - 1];
        var metrics = Evaluator.Measure(model, s_bars.Test, new PredictionOptions(Precision.Float32));
        Assert.Equal(best.ValidationLoss!.Value, metrics.Loss, 4);
    }

    [Fact]
    public void A_validation_split_trains_on_the_rest()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);

        var run = new Trainer(model, s_bars, new TrainingOptions { Epochs = 1, ValidationSplit = 0.25 }).Run();

        Assert.Equal(180, run.TrainingImages);
        Assert.NotNull(run.History[0].ValidationLoss);
        Assert.InRange(run.History[0].ValidationAccuracy!.Value, 0, 1);
    }

    [Fact]
    public void The_schedule_moves_the_learning_rate()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var options = new TrainingOptions
        {
            Epochs = 3,
            Schedule = new StepSchedule { Every = 1, Factor = 0.5 },
            Optimizer = new SgdOptimizer { LearningRate = 0.4 },
        };

        var run = new Trainer(model, s_bars, options).Run();

        Assert.Equal([0.4, 0.2, 0.1], run.History.Select(e => e.LearningRate));
    }

    [Fact]
    public void A_model_in_training_is_refused_to_others()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var errors = new List<string>();
        var observer = new Observer
        {
            Batch = batch =>
            {
                if (batch.Batch > 1)
                    return;
                errors.Add(
                    Assert
                        .Throws<ConvNetException>(() => new Trainer(model, s_bars, new TrainingOptions()).Run())
                        .ErrorId
                );
                errors.Add(Assert.Throws<ConvNetException>(() => Predictor.Predict(model, s_bars.Test)).ErrorId);
            },
        };

        new Trainer(model, s_bars, new TrainingOptions { Epochs = 1 }, observer).Run();

        Assert.Equal(["ModelBusy", "ModelBusy"], errors);
    }

    [Fact]
    public async Task Two_trainings_at_once_give_what_each_gives_alone()
    {
        float[] Train(int seed)
        {
            var model = new Model(Networks.SmallOfEverything, s_bars.Shape, seed: seed);
            new Trainer(
                model,
                s_bars,
                new TrainingOptions
                {
                    Epochs = 2,
                    BatchSize = 24,
                    Threads = 2,
                }
            ).Run();
            return [.. model.ParameterNames.SelectMany(model.GetParameter)];
        }
        var alone = new[] { Train(1), Train(2) };

        var together = await Task.WhenAll(Task.Run(() => Train(1)), Task.Run(() => Train(2)));

        Assert.Equal(alone[0], together[0]);
        Assert.Equal(alone[1], together[1]);
    }

    public static TheoryData<string, string> BadOptions =>
        new()
        {
            { "epochs", "TrainingOptionInvalid" },
            { "batch", "TrainingOptionInvalid" },
            { "smoothing", "TrainingOptionInvalid" },
            { "smoothing of squared error", "TrainingOptionInvalid" },
            { "split", "TrainingOptionInvalid" },
            { "split and data", "TrainingOptionInvalid" },
            { "patience", "TrainingOptionInvalid" },
            { "threads", "TrainingOptionInvalid" },
            { "endless epochs", "TrainingOptionInvalid" },
            { "averaging", "TrainingOptionInvalid" },
            { "averaging and the best epoch", "TrainingOptionInvalid" },
        };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Impossible_options_are_refused(string which, string errorId)
    {
        var usual = new TrainingOptions();
        var options = which switch
        {
            "epochs" => usual with { Epochs = 0 },
            "endless epochs" => usual with { Epochs = double.PositiveInfinity },
            "averaging" => usual with { AverageDecay = 1 },
            "averaging and the best epoch" => usual with { AverageDecay = 0.9, RestoreBest = true },
            "batch" => usual with { BatchSize = 0 },
            "smoothing" => usual with { LabelSmoothing = 1 },
            "smoothing of squared error" => usual with { LabelSmoothing = 0.1, Loss = Loss.MeanSquaredError },
            "split" => usual with { ValidationSplit = 1 },
            "split and data" => usual with { ValidationSplit = 0.5, ValidationData = s_bars.Test },
            "patience" => usual with { Patience = 0 },
            _ => usual with { Threads = -1 },
        };

        Assert.Equal(errorId, Assert.Throws<ConvNetException>(options.Validate).ErrorId);
    }

    [Fact]
    public void A_network_that_ends_in_something_else_than_probabilities_is_refused_by_cross_entropy()
    {
        var model = new Model([new FlattenLayer(), new DenseLayer(3) { Activation = Activation.Tanh }], s_bars.Shape);

        var error = Assert.Throws<ConvNetException>(() => new Trainer(model, s_bars, new TrainingOptions()));

        Assert.Equal("LossMismatch", error.ErrorId);
    }

    [Fact]
    public void Logarithms_of_probabilities_are_refused_by_a_squared_error()
    {
        var model = new Model(
            [new FlattenLayer(), new DenseLayer(3) { Activation = Activation.LogSoftmax }],
            s_bars.Shape,
            "logs"
        );

        var error = Assert.Throws<ConvNetException>(() =>
            new Trainer(model, s_bars, new TrainingOptions { Loss = Loss.MeanSquaredError })
        );

        Assert.Equal("LossMismatch", error.ErrorId);
        Assert.Equal(model, error.Target);
        Assert.Contains("use Loss.CrossEntropy", error.Message, StringComparison.Ordinal);
        _ = new Trainer(model, s_bars, new TrainingOptions());
    }

    [Theory]
    [InlineData(1e300, "TrainingOptions.Epochs must be above 0 and at most 2147483647, not 1E+300.")]
    [InlineData(
        double.PositiveInfinity,
        "TrainingOptions.Epochs must be above 0 and at most 2147483647, not Infinity."
    )]
    [InlineData(-1, "TrainingOptions.Epochs must be above 0, not -1.")]
    [InlineData(double.NaN, "TrainingOptions.Epochs must be above 0, not NaN.")]
    public void A_number_of_epochs_out_of_range_is_refused_with_the_end_that_it_misses(double epochs, string message) =>
        Assert.Equal(
            message,
            Assert.Throws<ConvNetException>(new TrainingOptions { Epochs = epochs }.Validate).Message
        );

    [Fact]
    public void Too_few_outputs_for_the_classes_are_refused()
    {
        var model = new Model(
            [new FlattenLayer(), new DenseLayer(2) { Activation = Activation.Softmax }],
            s_bars.Shape
        );

        var error = Assert.Throws<ConvNetException>(() => new Trainer(model, s_bars, new TrainingOptions()));

        Assert.Equal("ClassCountMismatch", error.ErrorId);
        Assert.Contains("DenseLayer(3)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Activation.None)]
    [InlineData(Activation.Softmax)]
    [InlineData(Activation.LogSoftmax)]
    public void A_final_softmax_is_never_applied_twice(Activation final)
    {
        // The three ends describe the same probabilities, so training and measuring must not tell them apart.
        var model = new Model([new FlattenLayer(), new DenseLayer(3) { Activation = final }], s_bars.Shape);
        var run = new Trainer(model, s_bars, new TrainingOptions { Epochs = 2, BatchSize = 32 }).Run();
        var probabilities = Predictor.Predict(model, s_bars.Test);

        var reference = new Model([new FlattenLayer(), new DenseLayer(3)], s_bars.Shape);
        var referenceRun = new Trainer(reference, s_bars, new TrainingOptions { Epochs = 2, BatchSize = 32 }).Run();

        Assert.Equal(referenceRun.History.Select(e => e.Loss), run.History.Select(e => e.Loss));
        Assert.Equal(Predictor.Predict(reference, s_bars.Test), probabilities);
        for (var i = 0; i < probabilities.Length; i += 3)
            Assert.Equal(1, probabilities[i] + probabilities[i + 1] + probabilities[i + 2], 5);
    }

    [Fact]
    public void A_validation_that_comes_to_no_number_ends_the_training_as_a_training_loss_does()
    {
        // Pixels that are black in every training image: their weights are never moved, and too large for the others.
        var shape = new Shape(2, 2, 1);
        var train = new ImageSet("Train", [255, 0, 0, 0, 0, 255, 0, 0], [0, 1], shape);
        var white = new ImageSet("White", [255, 255, 255, 255], [0], shape);
        var data = new Dataset("Dark", train, white, ["a", "b"], "made by the tests");
        var model = new Model([new FlattenLayer(), new DenseLayer(2) { Activation = Activation.Softmax }], shape);
        foreach (var weight in (int[])[2, 3, 6, 7])
            model.Store.Span(model.Store.Slots.First(slot => slot.Name == "dense_1.kernel"))[weight] = 3e38f;
        var before = model.Store.Values.ToArray();
        var options = new TrainingOptions
        {
            Epochs = 1,
            Precision = Precision.Float32,
            Optimizer = new SgdOptimizer(),
            ValidationData = data.Test,
        };

        var error = Assert.Throws<ConvNetException>(() => new Trainer(model, data, options).Run());

        Assert.Equal("LossNotFinite", error.ErrorId);
        Assert.Contains("on the validation images", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, model.Store.Values);
    }

    [Fact]
    public void Outputs_that_nothing_teaches_are_warned_of_once()
    {
        var warnings = new List<string>();
        Model model = new([new FlattenLayer(), new DenseLayer(5)], s_bars.Shape, "wide");
        var observer = new Observer { Warning = warnings.Add };

        new Trainer(model, s_bars, new TrainingOptions { Epochs = 1 }, observer).Run();
        new Trainer(model, s_bars, new TrainingOptions { Epochs = 1 }, observer).Run();

        var warning = Assert.Single(warnings);
        Assert.Contains("wide has 5 outputs", warning, StringComparison.Ordinal);
        Assert.Contains("3 classes", warning, StringComparison.Ordinal);
        Assert.Contains("'3', '4'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_training_on_a_part_of_the_classes_is_warned_of_and_a_further_one_is_not()
    {
        var warnings = new List<string>();
        var model = new Model(Networks.SmallDense, s_bars.Shape, "bars");
        var observer = new Observer { Warning = warnings.Add };
        var images = s_bars.Train;
        var two = images.Select("Two", [.. Enumerable.Range(0, images.Count).Where(i => images.Labels.Span[i] != 1)]);
        var part = new Dataset("Part", two, s_bars.Test, s_bars.ClassNames, "made by the tests");

        new Trainer(model.Copy(), part, new TrainingOptions { Epochs = 1 }, observer).Run();
        Assert.Contains("'middle'", Assert.Single(warnings), StringComparison.Ordinal);
        warnings.Clear();
        new Trainer(model, s_bars, new TrainingOptions { Epochs = 1 }, observer).Run();
        new Trainer(model, part, new TrainingOptions { Epochs = 1 }, observer).Run();

        Assert.Empty(warnings);
    }

    private sealed class Observer : ITrainingObserver
    {
        public Action<string> Warning { get; init; } = _ => { };

        public void OnWarning(string message) => Warning(message);

        public Action<BatchProgress> Batch { get; init; } = _ => { };

        public int Batches { get; private set; }

        public void OnBatch(in BatchProgress progress)
        {
            Batches++;
            Batch(progress);
        }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }
    }
}
