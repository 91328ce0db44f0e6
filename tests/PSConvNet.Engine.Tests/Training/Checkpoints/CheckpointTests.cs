using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Training.Checkpoints;

/// <summary>Trainings that are interrupted and go on, against the same ones undisturbed.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly Dataset s_data = Networks.Bars();
    private readonly TemporaryFolder _folder = new();

    /// <summary>Whatever a run remembers from step to step is in one of these.</summary>
    private static readonly Dictionary<string, TrainingOptions> s_options = new()
    {
        ["Adam"] = new() { Epochs = 3, BatchSize = 32 },
        ["plain SGD"] = new()
        {
            Epochs = 3,
            BatchSize = 32,
            Optimizer = new SgdOptimizer(),
        },
        ["momentum, plateau, split, best"] = new()
        {
            Epochs = 6,
            BatchSize = 32,
            Optimizer = new SgdOptimizer { LearningRate = 0.05, Momentum = 0.9 },
            Schedule = new ReduceOnPlateauSchedule { Patience = 0 },
            ValidationSplit = 0.2,
            RestoreBest = true,
        },
        ["one cycle, average, smoothing, class weights, part of an epoch"] = new()
        {
            Epochs = 2.4,
            BatchSize = 48,
            Schedule = new OneCycleSchedule(),
            AverageDecay = 0.9,
            LabelSmoothing = 0.1,
            ClassWeight = ClassWeights.Of([KeyValuePair.Create("middle", 3.0), KeyValuePair.Create("top", 0.5)]),
            ValidationData = s_data.Test,
        },
        ["early stopping, three threads, fp32"] = new()
        {
            Epochs = 30,
            BatchSize = 30,
            Optimizer = new AdamOptimizer { LearningRate = 0.05 },
            Patience = 1,
            Threads = 3,
            Precision = Precision.Float32,
            ValidationSplit = 0.25,
        },
        ["augmentation"] = new()
        {
            Epochs = 3,
            BatchSize = 32,
            ClassWeight = ClassWeights.Balanced,
            Augmentation = new()
            {
                Shift = 1,
                Rotate = 15,
                Elastic = 8,
                ElasticSigma = 2,
                Noise = 10,
                Erase = 0.5,
            },
        },
        ["Adadelta, mean squared error"] = new()
        {
            Epochs = 4,
            BatchSize = 64,
            Optimizer = new AdadeltaOptimizer(),
            Loss = Loss.MeanSquaredError,
            Seed = -7,
        },
    };

    public static TheoryData<string> Kinds => [.. s_options.Keys];

    /// <summary>The options of a kind.</summary>
    internal static TrainingOptions OptionsOf(string kind) => s_options[kind];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_training_stopped_at_any_batch_goes_on_to_the_same_bits(string kind)
    {
        var options = s_options[kind];
        var undisturbed = Network();
        var expected = new Trainer(undisturbed, s_data, options).Run();

        // Sittings of five batches: they end within epochs, at their ends, and before validation.
        var run = Sitting(
            new Trainer(Network(), s_data, options, Stop(out var token)) { Checkpoints = Options() },
            token
        );
        var sittings = 1;
        while (run.Status == TrainingStatus.Stopped)
        {
            var checkpoint = Checkpoint.Newest(_folder.Path);
            var trainer = new Trainer(checkpoint, s_data, options.ValidationData, Stop(out token))
            {
                Checkpoints = Options(),
            };
            run = Sitting(trainer, token);
            Assert.InRange(++sittings, 2, 200);
        }

        Assert.True(sittings > 2, "it was to be interrupted more than once");
        Assert.Equal(expected.Status, run.Status);
        Assert.Equal(undisturbed.Store.Values, run.Model.Store.Values);
        Assert.Equal(expected.History.Select(Bits), run.History.Select(Bits));
        Assert.Equal(undisturbed.TrainedEpochs, run.Model.TrainedEpochs);
        Assert.InRange(run.Seconds, run.History.Sum(epoch => epoch.Seconds), double.MaxValue);
    }

    [Fact]
    public void A_training_that_is_complete_gives_its_result_again()
    {
        var options = s_options["momentum, plateau, split, best"];
        var first = new Trainer(Network(), s_data, options) { Checkpoints = Options() }.Run();

        var again = new Trainer(Checkpoint.Newest(_folder.Path), s_data, null) { Checkpoints = Options() }.Run();

        Assert.Equal(first.Model.Store.Values, again.Model.Store.Values);
        Assert.Equal(first.History, again.History);
        Assert.Equal(first.Status, again.Status);
    }

    [Fact]
    public void The_newest_are_kept_and_the_best_epochs_model()
    {
        var options = s_options["momentum, plateau, split, best"];
        var run = new Trainer(Network(), s_data, options) { Checkpoints = Options() with { KeepLast = 2 } }.Run();

        // 192 images in batches of 32 are six steps an epoch.
        Assert.Equal(
            [".lock", "best.psconvnet", "step-0000000030.psconvnet", "step-0000000036.psconvnet"],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        // The run was to end with its best weights.
        Assert.Equal(run.Model.Store.Values, ModelFile.Load(_folder.File("best.psconvnet")).Store.Values);
    }

    [Fact]
    public void With_averaging_the_best_model_is_the_mean_that_was_validated()
    {
        var options = s_options["one cycle, average, smoothing, class weights, part of an epoch"] with { Epochs = 1 };
        var run = new Trainer(Network(), s_data, options) { Checkpoints = Options() }.Run();

        Assert.Equal(run.Model.Store.Values, ModelFile.Load(_folder.File("best.psconvnet")).Store.Values);
    }

    [Fact]
    public void Time_can_count_instead_of_epochs()
    {
        var every = CheckpointInterval.OfTime(TimeSpan.FromTicks(1));
        new Trainer(Network(), s_data, s_options["Adam"] with { Epochs = 1 })
        {
            Checkpoints = Options() with { Every = every, KeepLast = 100 },
        }.Run();

        // Before the first step, after each of eight, the last of which is the epoch's end as well.
        Assert.Equal(9, Directory.GetFiles(_folder.Path, "step-*").Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before_it(int keep)
    {
        new Trainer(Network(), s_data, s_options["Adam"]) { Checkpoints = Options() }.Run();
        var newest = Directory.GetFiles(_folder.Path, "step-*").Order(StringComparer.Ordinal).Last();
        var bytes = File.ReadAllBytes(newest);
        // Cut short, or with a byte of its weights changed.
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(newest, keep < 0 ? bytes : bytes[..keep]);
        var warnings = new List<string>();

        var checkpoint = Checkpoint.Newest(_folder.Path, warnings.Add);

        Assert.Contains(Path.GetFileName(newest), Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(3, checkpoint.Epoch);
        var expected = new Trainer(Network(), s_data, s_options["Adam"]).Run();
        var run = new Trainer(checkpoint, s_data, null) { Checkpoints = Options() }.Run();
        Assert.Equal(expected.Model.Store.Values, run.Model.Store.Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_images_with_their_classes_in_another_order_go_on_to_the_same_bits(bool renames)
    {
        // Begun on a model that has an order of its own already, or that takes the data set's.
        var options = s_options["momentum, plateau, split, best"] with
        {
            Epochs = 2,
            RenameClasses = renames,
        };
        var expected = new Trainer(Begun(), s_data, options).Run();
        Sitting(new Trainer(Begun(), s_data, options, Stop(out var token)) { Checkpoints = Options() }, token);
        var other = s_data.WithClasses(["middle", "unused", "bottom", "top"]);
        Assert.NotEqual(s_data.Train.Labels.ToArray(), other.Train.Labels.ToArray());

        var run = new Trainer(Checkpoint.Newest(_folder.Path), other, null) { Checkpoints = Options() }.Run();

        Assert.Equal(expected.Model.Store.Values, run.Model.Store.Values);
        Assert.Equal(renames ? s_data.ClassNames : ["bottom", "top", "middle"], run.Model.ClassNames);

        static Model Begun() => Network().Copy(classNames: ["bottom", "top", "middle"]);
    }

    [Fact]
    public void Other_images_are_refused()
    {
        new Trainer(Network(), s_data, s_options["Adam"]) { Checkpoints = Options() }.Run();
        var checkpoint = Checkpoint.Newest(_folder.Path);

        var error = Assert.Throws<ConvNetException>(() => new Trainer(checkpoint, Networks.Bars(seed: 9), null));

        Assert.Equal("CheckpointDataMismatch", error.ErrorId);
        Assert.Contains("240", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_another_training_is_refused_unless_it_may_be_replaced()
    {
        new Trainer(Network(), s_data, s_options["Adam"]) { Checkpoints = Options() }.Run();

        var error = Assert.Throws<ConvNetException>(() =>
            new Trainer(Network(), s_data, s_options["Adam"]) { Checkpoints = Options() }.Run()
        );
        new Trainer(Network(), s_data, s_options["Adam"] with { Epochs = 1 })
        {
            Checkpoints = Options() with { Replace = true },
        }.Run();

        Assert.Equal("CheckpointFolderNotEmpty", error.ErrorId);
        Assert.Equal(2, Checkpoint.Newest(_folder.Path).Epoch);
    }

    [Fact]
    public void A_folder_that_is_trained_into_is_refused_and_its_holder_named()
    {
        ConvNetException? error = null;
        var observer = new Observer
        {
            Epoch = _ =>
                error ??= Assert.Throws<ConvNetException>(() =>
                    new Trainer(Network(), s_data, s_options["Adam"]) { Checkpoints = Options() }.Run()
                ),
        };

        new Trainer(Network(), s_data, s_options["Adam"], observer) { Checkpoints = Options() }.Run();

        Assert.Equal("CheckpointFolderBusy", error!.ErrorId);
        Assert.Contains(
            $"process {Environment.ProcessId} of {Environment.UserName}",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_that_vanishes_ends_the_training_with_one_error_or_with_a_warning()
    {
        var folder = _folder.File("share");
        var (model, warnings) = (Network(), new List<string>());
        var observer = new Observer { Epoch = _ => Directory.Delete(folder, recursive: true), Warning = warnings.Add };

        var error = Assert.Throws<ConvNetException>(() =>
            new Trainer(model, s_data, s_options["Adam"], observer) { Checkpoints = new(folder) }.Run()
        );
        observer.Epoch = epoch => _ = epoch.Epoch == 1 ? Delete(folder) : null;
        var run = new Trainer(Network(), s_data, s_options["Adam"], observer)
        {
            Checkpoints = new(folder) { GoOnWithout = true },
        }.Run();

        Assert.Equal("CheckpointNotWritten", error.ErrorId);
        Assert.Equal(1, model.TrainedEpochs);
        Assert.Equal(TrainingStatus.Completed, run.Status);
        Assert.All(warnings, warning => Assert.Contains("continues without", warning, StringComparison.Ordinal));
        Assert.NotEmpty(warnings);

        static object? Delete(string folder)
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }
    }

    [SkippableFact]
    public void A_full_disk_ends_the_training_with_one_error_and_the_last_checkpoint_is_whole()
    {
        using var disk = SmallDisk.Mount(_folder.File("disk"), kilobytes: 200);
        Skip.If(disk is null, "no small file system can be mounted here (that takes Linux and root)");
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1));

        var error = Assert.Throws<ConvNetException>(() =>
            new Trainer(model, s_data, s_options["Adam"] with { Epochs = 50 })
            {
                Checkpoints = new(disk.Path) { KeepLast = 50 },
            }.Run()
        );

        Assert.Equal("CheckpointNotWritten", error.ErrorId);
        Assert.Empty(Directory.GetFiles(disk.Path, "*.part"));
        var last = Checkpoint.Newest(disk.Path);
        Assert.InRange(last.Epoch, 2, 49);
        // With room again it goes on to what it would have been.
        foreach (var file in Directory.GetFiles(disk.Path, "step-*").Where(file => file != last.Path))
            File.Delete(file);
        var whole = new Model(Networks.SmallDense, new Shape(8, 8, 1));
        new Trainer(whole, s_data, s_options["Adam"] with { Epochs = 50 }).Run();
        var run = new Trainer(last, s_data, null) { Checkpoints = new(disk.Path) { KeepLast = 1 } }.Run();
        Assert.Equal(whole.Store.Values, run.Model.Store.Values);
    }

    [Fact]
    public void A_folder_that_can_not_be_made_is_known_before_the_first_step()
    {
        File.WriteAllText(_folder.File("file"), "");
        var model = Network();

        var error = Assert.Throws<ConvNetException>(() =>
            new Trainer(model, s_data, s_options["Adam"]) { Checkpoints = new(_folder.File("file/below")) }.Run()
        );

        Assert.Equal("CheckpointNotWritten", error.ErrorId);
        Assert.Equal(Network().Store.Values, model.Store.Values);
    }

    [Theory]
    [InlineData("3 epochs", 5)]
    [InlineData("0:00:00.0000001", 1)]
    [InlineData("90 s", 2000000000)]
    public void A_checkpoint_says_how_often_they_are_written_and_how_many_are_kept(string every, int last)
    {
        var options = Options() with { Every = CheckpointInterval.Parse(every), KeepLast = last };
        new Trainer(Network(), s_data, s_options["Adam"]) { Checkpoints = options }.Run();

        var checkpoint = Checkpoint.Newest(options.Folder);

        Assert.Equal((options.Every, last), (checkpoint.Every, checkpoint.KeepLast));
    }

    [Fact]
    public void A_folder_without_checkpoints_is_an_error()
    {
        Assert.Equal(
            "CheckpointNotFound",
            Assert.Throws<ConvNetException>(() => Checkpoint.Newest(_folder.File("none"))).ErrorId
        );
    }

    [Theory]
    [InlineData("3", "3 epochs")]
    [InlineData("1 epoch", "1 epoch")]
    [InlineData("10min", "10 min")]
    [InlineData("90 S", "1.5 min")]
    [InlineData("0.5 hours", "30 min")]
    [InlineData("0:10:00", "10 min")]
    public void Intervals_are_read_as_people_write_them(string text, string meaning) =>
        Assert.Equal(meaning, CheckpointInterval.Parse(text).ToString());

    [Theory]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("-3")]
    [InlineData("10 weeks")]
    [InlineData("")]
    [InlineData("0 min")]
    [InlineData("99999999999 h")]
    [InlineData("90:00")]
    [InlineData("0:00:00")]
    [InlineData("99999999999:00:00")]
    public void Intervals_that_can_not_be_are_refused(string text) =>
        Assert.Equal(
            "CheckpointOptionInvalid",
            Assert.Throws<ConvNetException>(() => CheckpointInterval.Parse(text)).ErrorId
        );

    private static Model Network() => new(Networks.SmallOfEverything, new Shape(8, 8, 1), "small", seed: 3);

    private CheckpointOptions Options() => new(_folder.Path);

    /// <summary>All of a record but how long it took.</summary>
    private static EpochRecord Bits(EpochRecord epoch) => epoch with { Seconds = 0, ImagesPerSecond = 0 };

    private static TrainingRun Sitting(Trainer trainer, CancellationToken token) => trainer.Run(token);

    private static Observer Stop(out CancellationToken token)
    {
        var source = new CancellationTokenSource();
        var batches = 0;
        token = source.Token;
        return new Observer
        {
            Batch = () =>
            {
                if (++batches == 5)
                    source.Cancel();
            },
        };
    }

    private sealed class Observer : ITrainingObserver
    {
        public Action? Batch { get; set; }

        public Action<EpochRecord>? Epoch { get; set; }

        public Action<string>? Warning { get; set; }

        public void OnBatch(in BatchProgress progress) => Batch?.Invoke();

        public void OnEpoch(EpochRecord epoch) => Epoch?.Invoke(epoch);

        public void OnMessage(string message) { }

        public void OnWarning(string message) => Warning?.Invoke(message);
    }
}
