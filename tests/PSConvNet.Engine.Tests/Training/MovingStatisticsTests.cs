using PSConvNet.Tests.Kernels;

namespace PSConvNet.Tests.Training;

/// <summary>Batch norm's moving statistics are right after any number of steps.</summary>
public sealed class MovingStatisticsTests : IDisposable
{
    private static readonly Dataset s_bars = Networks.Bars(train: 60);
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(1, 0.99)]
    [InlineData(2, 0.99)]
    [InlineData(7, 0.99)]
    [InlineData(40, 0.9)]
    [InlineData(3, 0)]
    public void Of_batches_that_are_the_whole_data_they_are_its_mean_and_its_populations_variance(
        int steps,
        double momentum
    )
    {
        var model = Network(momentum);

        Train(model, steps);

        var pixels = s_bars.Train.Pixels.ToArray().Select(pixel => pixel / 255.0).ToArray();
        var mean = pixels.Average();
        var variance = pixels.Select(pixel => (pixel - mean) * (pixel - mean)).Average();
        Assert.Equal(mean, model.GetParameter("batch_normalization_1.moving_mean")[0], 1e-5);
        Assert.Equal(variance, model.GetParameter("batch_normalization_1.moving_variance")[0], 1e-5);
    }

    [Fact]
    public void Each_step_counts_momentum_times_what_the_next_one_does()
    {
        var kernel = new BatchNormLayer { Momentum = 0.8 }.Lower("norm", new Shape(3))[0];
        using var harness = new KernelHarness(kernel);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (sums, weights) = (new double[3], 0.0);
        for (var step = 1; step <= 6; step++)
        {
            using var batch = KernelHarness.Values(5, new Shape(3), step, scale: step);
            harness.Forward(batch);

            var values = batch.data<float>().ToArray();
            weights = 0.8 * weights + 1;
            for (var c = 0; c < 3; c++)
            {
                sums[c] = 0.8 * sums[c] + Enumerable.Range(0, 5).Average(row => values[row * 3 + c]);
                Assert.Equal(sums[c] / weights, harness.Store.Span(harness.Store.Of(kernel)[2])[c], 1e-5);
            }
        }
    }

    [Fact]
    public void A_short_training_measures_what_it_trained()
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
        var data = Networks.Bars(train: 600);
        var run = new Trainer(model, data, new TrainingOptions { Epochs = 6, BatchSize = 30 }).Run();

        var measured = Evaluator.Measure(model, data.Train);

        // A mean over the steps lags behind weights that still change.
        Assert.InRange(measured.Accuracy, run.History[^1].Accuracy - 0.1, 1);
    }

    [Fact]
    public void A_training_goes_on_alike_from_a_model_file_and_from_memory()
    {
        var model = Network(0.99);
        Train(model, 3);
        ModelFile.Save(model, _path);
        var read = ModelFile.Load(_path);

        Train(model, 2);
        Train(read, 2);

        Assert.Equal(model.Store.Values, read.Store.Values);
    }

    /// <summary>Weights from elsewhere say nothing of how their statistics came about: they count as measured.</summary>
    [Fact]
    public void Statistics_from_a_weights_file_are_followed_slowly_and_untrained_ones_at_once()
    {
        var (trained, fresh) = (Network(0.99), Network(0.99));
        trained.Store.Span(
            trained.Store.Slots.Single(slot => slot.Name.EndsWith("moving_mean", StringComparison.Ordinal))
        )[0] = 5;
        foreach (var (model, expected) in new[] { (trained, 5 * 0.99), (fresh, 0.0) })
        {
            WeightsFile.Save(model, _path);
            var read = Network(0.99);
            WeightsFile.Load(read, _path);

            Train(read, 1);

            var mean = s_bars.Train.Pixels.ToArray().Average(pixel => pixel / 255.0);
            var share = expected > 0 ? 0.01 : 1;
            Assert.Equal(expected + share * mean, read.GetParameter("batch_normalization_1.moving_mean")[0], 1e-5);
        }
    }

    [Fact]
    public void Values_of_an_older_checkpoint_get_statistics_that_count_as_measured()
    {
        var store = Network(0.99).Store;
        var old = store.Values.AsSpan(0, store.ParameterLength).ToArray();

        var complete = store.Complete(old);

        Assert.Equal(store.Values.Length, complete.Length);
        Assert.Equal(old, complete.Take(old.Length));
        Assert.Equal(1, complete[old.Length]);
        Assert.Same(store.Values, store.Complete(store.Values));
    }

    private static Model Network(double momentum) =>
        new(
            [
                new BatchNormLayer { Momentum = momentum },
                new FlattenLayer(),
                new DenseLayer(3) { Activation = Activation.Softmax },
            ],
            s_bars.Shape
        );

    private static void Train(Model model, int steps) =>
        new Trainer(
            model,
            s_bars,
            new TrainingOptions
            {
                Epochs = steps,
                BatchSize = 60,
                Precision = Precision.Float32,
            }
        ).Run();
}
