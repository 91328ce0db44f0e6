using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Training;

/// <summary>A training goes on where the one before ended.</summary>
public sealed class TrainingPositionTests : IDisposable
{
    private const int Batches = 8;

    private static readonly Dataset s_data = Networks.Bars(train: 245);
    private static readonly TrainingOptions s_options = new()
    {
        BatchSize = 32,
        Optimizer = new SgdOptimizer { LearningRate = 0.05 },
        Augmentation = new Augmentation { Shift = 1, Noise = 5 },
        Precision = Precision.Float32,
        Threads = 2,
    };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_parts_that_add_up_to_three_epochs_give_the_bits_of_three_epochs()
    {
        var whole = Train(Network(), 3);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(25),
            Prop.ForAll<PositiveInt[], bool>(
                (sizes, saved) =>
                {
                    var model = Network();
                    foreach (var batches in Split(3 * Batches, sizes))
                    {
                        Train(model, (double)batches / Batches);
                        if (saved)
                            model = Reread(model);
                    }
                    return model.Store.Values.SequenceEqual(whole.Store.Values);
                }
            )
        );
    }

    [Theory]
    [InlineData(0.2, 5, 1)]
    [InlineData(0.3, 10, 3)]
    [InlineData(0.7, 10, 7)]
    public void Parts_that_are_not_whole_batches_add_up_too(double part, int calls, int epochs)
    {
        var model = Network();
        for (var i = 0; i < calls; i++)
            model = Reread(Train(model, part));

        Assert.Equal(Train(Network(), epochs).Store.Values, model.Store.Values);
    }

    [Fact]
    public void A_copy_goes_on_and_an_untrained_copy_begins()
    {
        var model = Train(Network(), 1.25);

        Assert.Equal(Train(Network(), 2).Store.Values, Train(model.Copy(), 0.75).Store.Values);
        Assert.Equal(Train(Network(), 1).Store.Values, Train(model.CopyUntrained(), 1).Store.Values);
    }

    [Fact]
    public void Each_seed_is_an_order_of_its_own_that_goes_on()
    {
        // At a rate of almost nothing the weights stay, and the losses tell which images came.
        var model = Network();
        double[] mixed = [Loss(model, 1, 0.5), Loss(model, 2, 0.5), Loss(model, 1, 0.5), Loss(model, 2, 0.5)];
        var (one, two) = (Network(), Network());

        Assert.Equal([Loss(one, 1, 0.5), Loss(two, 2, 0.5), Loss(one, 1, 0.5), Loss(two, 2, 0.5)], mixed);
        Assert.Equal(4, mixed.Distinct().Count());

        static double Loss(Model model, long seed, double epochs)
        {
            var options = s_options with
            {
                Epochs = epochs,
                Seed = seed,
                Optimizer = new SgdOptimizer { LearningRate = 1e-30 },
            };
            return new Trainer(model, s_data, options).Run().History[0].Loss;
        }
    }

    [Fact]
    public void Another_number_of_images_begins_a_new_epoch_and_another_batch_size_goes_on_within_it()
    {
        var model = Train(Network(), 0.5);
        Assert.Equal((1, 128, 4L), Position(model));

        new Trainer(model, s_data, s_options with { BatchSize = 50, Epochs = 0.4 }).Run();
        Assert.Equal((1, 228, 6L), Position(model));

        new Trainer(model, Networks.Bars(train: 100), s_options with { Epochs = 0.5 }).Run();
        Assert.Equal((2, 64, 8L), Position(model));

        new Trainer(model, s_data, s_options with { Epochs = 1, ValidationSplit = 0.2 }).Run();
        Assert.Equal((4, 0, 15L), Position(model));
    }

    [Fact]
    public void A_training_stopped_within_an_epoch_is_followed_by_the_images_it_had_not_come_to()
    {
        using var end = new CancellationTokenSource();
        var model = Network();
        new Trainer(model, s_data, s_options with { Epochs = 3 }, new StopAfter(11, end)).Run(end.Token);

        Assert.Equal(
            Train(Network(), 3).Store.Values,
            Train(Reread(model), (3.0 * Batches - 11) / Batches).Store.Values
        );
    }

    [Fact]
    public void A_second_training_stopped_within_an_epoch_is_resumed_to_the_same_bits()
    {
        var options = s_options with { Epochs = 1.5, Optimizer = new AdamOptimizer() };
        var expected = Train(Network(), 0.7);
        new Trainer(expected, s_data, options).Run();

        using var end = new CancellationTokenSource();
        var stopped = Train(Network(), 0.7);
        new Trainer(stopped, s_data, options, new StopAfter(5, end)) { Checkpoints = new(_folder.Path) }.Run(end.Token);
        var checkpoint = Checkpoint.Newest(_folder.Path);
        var run = new Trainer(checkpoint, s_data, null) { Checkpoints = new(_folder.Path) }.Run();

        Assert.Equal(expected.Store.Values, run.Model.Store.Values);
        Assert.Equal(expected.Positions, run.Model.Positions);
    }

    [Fact]
    public void A_loss_that_is_no_number_takes_the_position_back_with_the_weights()
    {
        var model = Train(Network(), 0.5);
        var (positions, weights) = (model.Positions, model.Store.Values.ToArray());

        Assert.Throws<ConvNetException>(() =>
            new Trainer(model, s_data, s_options with { Optimizer = new SgdOptimizer { LearningRate = 1e30 } }).Run()
        );

        Assert.Equal(weights, model.Store.Values);
        Assert.Equal(positions, model.Positions);
        Assert.Equal(0.5, model.TrainedEpochs);
    }

    [Fact]
    public void The_same_images_stay_held_out()
    {
        // The held-out images' loss at a rate of almost nothing is that of the same images.
        var options = s_options with
        {
            ValidationSplit = 0.2,
            Epochs = 0.5,
            Optimizer = new SgdOptimizer { LearningRate = 1e-30 },
        };
        var model = new Model(Networks.SmallDense, s_data.Shape);

        var losses = Enumerable
            .Range(0, 4)
            .Select(_ => new Trainer(model, s_data, options).Run().History[0].ValidationLoss);

        Assert.Single(losses.Distinct());
    }

    [Fact]
    public void A_file_from_before_there_were_positions_goes_on_with_the_next_epoch()
    {
        var model = Train(Network(), 2);
        var json = ModelDocument.Write(model);
        json.Remove("positions");

        var read = ModelDocument.Read(json);

        Assert.Equal(model.Positions, read.Positions);
    }

    [Theory]
    [InlineData("epoch", 0)]
    [InlineData("seen", -1)]
    [InlineData("seen", 245)]
    [InlineData("steps", -1)]
    [InlineData("owed", 2)]
    public void A_position_that_cannot_be_is_refused(string field, int value)
    {
        var json = ModelDocument.Write(Train(Network(), 1));
        json["positions"]![0]![field] = JsonValue.Create(value);

        Assert.Throws<System.Text.Json.JsonException>(() => ModelDocument.Read(json));
    }

    private static Model Network() => new(Networks.SmallOfEverything, s_data.Shape);

    private static Model Train(Model model, double epochs)
    {
        new Trainer(model, s_data, s_options with { Epochs = epochs }).Run();
        return model;
    }

    private Model Reread(Model model)
    {
        ModelFile.Save(model, _folder.File("model.psconvnet"));
        return ModelFile.Load(_folder.File("model.psconvnet"));
    }

    private static (int, int, long) Position(Model model)
    {
        var position = Assert.Single(model.Positions);
        return (position.Epoch, position.Seen, position.Steps);
    }

    private static IEnumerable<int> Split(int total, PositiveInt[] sizes)
    {
        foreach (var size in sizes)
        {
            var part = Math.Min(total, size.Get);
            if (part == 0)
                yield break;
            total -= part;
            yield return part;
        }
        if (total > 0)
            yield return total;
    }

    private sealed class StopAfter(int batches, CancellationTokenSource end) : ITrainingObserver
    {
        private int _left = batches;

        public void OnBatch(in BatchProgress progress)
        {
            if (--_left == 0)
                end.Cancel();
        }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }
    }
}
