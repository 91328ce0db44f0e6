namespace PSConvNet.Tests.Training;

public class PartialEpochTests
{
    private static readonly Dataset s_bars = Networks.Bars();

    [Theory]
    [InlineData(100, 10, 1.0, 10, 1, 10)]
    [InlineData(100, 10, 1.5, 15, 2, 5)]
    [InlineData(101, 10, 2.0, 22, 2, 11)]
    [InlineData(100, 10, 0.25, 2, 1, 2)]
    [InlineData(100, 10, 0.001, 1, 1, 1)]
    [InlineData(5, 128, 3.0, 3, 3, 1)]
    public void Steps_fall_into_whole_epochs_and_a_last_part(
        int images,
        int batch,
        double epochs,
        long total,
        long count,
        int last
    )
    {
        var steps = new StepCount(images, new TrainingOptions { Epochs = epochs, BatchSize = batch }, owed: 0);

        Assert.Equal((total, count, last), (steps.Total, steps.Epochs, steps.In((int)count)));
        Assert.Equal(total, Enumerable.Range(1, (int)count).Sum(steps.In));
    }

    [Fact]
    public void A_last_part_of_an_epoch_is_a_record_of_its_own_and_the_schedule_ends_with_it()
    {
        var observer = new Recorder();
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var options = new TrainingOptions
        {
            Epochs = 1.5,
            BatchSize = 10,
            Schedule = new OneCycleSchedule { EndFactor = 0.5 },
        };

        var run = new Trainer(model, s_bars, options, observer).Run();

        Assert.Equal([1, 2], run.History.Select(epoch => epoch.Epoch));
        Assert.Equal(0.0005, run.History[^1].LearningRate, 1e-12);
        var whole = (s_bars.Train.Count + 9) / 10;
        Assert.Equal(whole + (int)Math.Round(whole * 0.5), observer.Batches.Count);
        Assert.Equal(1, observer.Batches[^1].Completed);
        Assert.True(
            observer.Batches.Zip(observer.Batches.Skip(1)).All(pair => pair.First.Completed < pair.Second.Completed)
        );
    }

    [Fact]
    public void The_first_epoch_of_one_and_a_half_is_the_first_epoch_of_two()
    {
        Assert.Equal(FirstLoss(2), FirstLoss(1.5));

        static double FirstLoss(double epochs) =>
            new Trainer(
                new Model(Networks.SmallDense, s_bars.Shape),
                s_bars,
                new TrainingOptions { Epochs = epochs, BatchSize = 10 }
            )
                .Run()
                .History[0]
                .Loss;
    }

    [Theory]
    [InlineData(0.5, 1, 0.5)]
    [InlineData(0.5, 2, 1)]
    [InlineData(0.1, 10, 1)]
    [InlineData(1.5, 1, 1.5)]
    [InlineData(2, 1, 2)]
    public void A_part_of_an_epoch_counts_as_a_part(double epochs, int trainings, double trained)
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        // Twenty batches an epoch.
        for (var i = 0; i < trainings; i++)
            new Trainer(model, s_bars, new TrainingOptions { Epochs = epochs, BatchSize = 12 }).Run();

        Assert.Equal(trained, model.TrainedEpochs);
    }

    [Fact]
    public void A_training_that_is_stopped_counts_what_the_model_has_learned()
    {
        using var stop = new CancellationTokenSource();
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var observer = new Recorder { Batch = batch => _ = batch == 30 ? stop.CancelAsync() : null };

        new Trainer(model, s_bars, new TrainingOptions { Epochs = 3, BatchSize = 12 }, observer).Run(stop.Token);

        Assert.Equal(1.5, model.TrainedEpochs);
    }

    [Fact]
    public void A_training_that_ends_with_an_error_counts_the_batches_before_it()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        var observer = new Recorder { Batch = batch => _ = batch == 30 ? throw new IOException("full") : 0 };

        Assert.Throws<IOException>(() =>
            new Trainer(model, s_bars, new TrainingOptions { Epochs = 3, BatchSize = 12 }, observer).Run()
        );

        // As the position does, with which the next training begins.
        Assert.Equal(1.5, model.TrainedEpochs);
        Assert.Equal((2, 120), (model.Positions[0].Epoch, model.Positions[0].Seen));
    }

    private sealed class Recorder : ITrainingObserver
    {
        public List<BatchProgress> Batches { get; } = [];

        public Action<int>? Batch { get; init; }

        public void OnBatch(in BatchProgress progress)
        {
            Batches.Add(progress);
            Batch?.Invoke(Batches.Count);
        }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }
    }
}
