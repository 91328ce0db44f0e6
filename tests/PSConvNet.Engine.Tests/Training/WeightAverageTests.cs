namespace PSConvNet.Tests.Training;

public class WeightAverageTests
{
    [Fact]
    public void The_mean_is_weighted_by_powers_of_the_decay_and_its_weights_sum_to_one()
    {
        var model = new Model([new DenseLayer(3)], new Shape(7));
        var store = model.Store;
        var trained = FrozenLayers.Trained(model, new TrainingOptions());
        var average = new WeightAverage(store, trained, 0.75);
        var length = store.TrainableLength;
        float[][] steps =
        [
            .. Enumerable
                .Range(1, 5)
                .Select(step => Enumerable.Range(0, length).Select(i => (float)(i + step * step)).ToArray()),
        ];

        for (var step = 1; step <= steps.Length; step++)
        {
            // In two segments, as two workers would.
            average.Follow(0, steps[step - 1].AsSpan(0, 16), step);
            average.Follow(16, steps[step - 1].AsSpan(16), step);
        }
        average.Use();

        var shares = Enumerable.Range(0, 5).Select(i => Math.Pow(0.75, 4 - i)).ToArray();
        foreach (var i in trained.Slots.SelectMany(slot => Enumerable.Range(slot.Offset, slot.Length)))
        {
            var expected = steps.Zip(shares, (weights, share) => weights[i] * share).Sum() / shares.Sum();
            Assert.Equal(expected, store.Values[i], 1e-4);
        }
    }

    [Fact]
    public void A_run_without_a_step_leaves_the_weights_alone()
    {
        var model = new Model([new DenseLayer(3)], new Shape(7));
        var store = model.Store;
        float[] before = [.. store.Values];

        new WeightAverage(store, FrozenLayers.Trained(model, new TrainingOptions()), 0.9).Use();

        Assert.Equal(before, store.Values);
    }

    [Fact]
    public void Validation_measures_the_mean_and_training_goes_on_from_the_last_weights()
    {
        var data = Networks.Bars();
        var with = Train(0.9, out var averaged);
        var without = Train(0, out var last);

        // The steps are the same ones; only what is validated and kept differs.
        Assert.Equal(without.History.Select(e => e.Loss), with.History.Select(e => e.Loss));
        Assert.NotEqual(without.History[^1].ValidationLoss, with.History[^1].ValidationLoss);
        Assert.NotEqual(last, averaged);
        var model = with.Model;
        var measured = Evaluator.Measure(model, data.Test, new PredictionOptions(Precision.Float32));
        Assert.Equal(with.History[^1].ValidationLoss!.Value, measured.Loss, 1e-5);

        TrainingRun Train(double decay, out float[] weights)
        {
            var model = new Model(Networks.SmallDense, data.Shape);
            var run = new Trainer(
                model,
                data,
                new TrainingOptions
                {
                    Epochs = 3,
                    BatchSize = 10,
                    AverageDecay = decay,
                    ValidationData = data.Test,
                    Precision = Precision.Float32,
                }
            ).Run();
            weights = [.. model.ParameterNames.SelectMany(model.GetParameter)];
            return run;
        }
    }
}
