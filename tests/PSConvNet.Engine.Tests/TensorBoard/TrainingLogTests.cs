using SkiaSharp;

namespace PSConvNet.Tests.TensorBoard;

/// <summary>What a training writes for TensorBoard, read by the format alone.</summary>
public sealed class TrainingLogTests : IDisposable
{
    private static readonly Dataset s_bars = Networks.Bars(train: 120, test: 30);
    private static readonly TrainingOptions s_options = new()
    {
        Epochs = 3,
        BatchSize = 40,
        Schedule = new CosineSchedule(),
        ValidationSplit = 0.25,
    };

    private readonly string _root = Directory.CreateTempSubdirectory("psconvnet-tensorboard-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_tests_own_checksum_is_that_of_the_standard()
    {
        Assert.Equal(0xE3069283u, EventReader.Crc32C("123456789"u8));
        // RFC 3720, appendix B.4: 32 bytes of zeroes.
        Assert.Equal(0x8A9136AAu, EventReader.Crc32C(new byte[32]));
    }

    [Fact]
    public void Each_epoch_has_its_numbers()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds() / 1000.0;
        var run = Train(Network("net"));

        var events = EventReader.ReadRun(Path.Combine(_root, "net"));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal([1, 2, 3], events.Skip(1).Select(read => read.Step));
        Assert.All(events, read => Assert.InRange(read.WallTime, before, before + 3600));
        foreach (var (read, epoch) in events.Skip(1).Zip(run.History))
        {
            Assert.Equal((float)epoch.Loss, read.Scalar("loss/training"));
            Assert.Equal((float)epoch.Accuracy, read.Scalar("accuracy/training"));
            Assert.Equal((float)epoch.ValidationLoss!, read.Scalar("loss/validation"));
            Assert.Equal((float)epoch.ValidationAccuracy!, read.Scalar("accuracy/validation"));
            Assert.Equal((float)epoch.LearningRate, read.Scalar("learning_rate"));
            Assert.Equal((float)epoch.ImagesPerSecond, read.Scalar("images_per_second"));
        }
    }

    [Fact]
    public void Histograms_count_every_weight_and_the_last_is_that_of_the_models_own()
    {
        var model = Network("net");
        Train(model);

        var values = EventReader.ReadRun(Path.Combine(_root, "net"))[^1].Values;
        Assert.Equal(
            model.ParameterNames.Order(StringComparer.Ordinal),
            values
                .Keys.Where(tag => tag.StartsWith("weights/", StringComparison.Ordinal))
                .Select(tag => tag[8..])
                .Order(StringComparer.Ordinal)
        );
        foreach (var name in model.ParameterNames)
        {
            var weights = model.GetParameter(name).ToArray().Select(weight => (double)weight).ToArray();
            var histogram = values[$"weights/{name}"].Messages(5).Single();
            Assert.Equal((weights.Min(), weights.Max()), (histogram.Double(1), histogram.Double(2)));
            Assert.Equal(weights.Length, histogram.Double(3));
            Assert.Equal(weights.Sum(), histogram.Double(4), 1e-9);
            Assert.Equal(weights.Sum(weight => weight * weight), histogram.Double(5), 1e-9);
            var (limits, counts) = (histogram.Doubles(6), histogram.Doubles(7));
            Assert.Equal(limits.Length, counts.Length);
            Assert.Equal(weights.Max(), limits[^1]);
            // As many up to each limit, but for one that lies on a limit to rounding.
            for (var i = 0; i < limits.Length; i++)
                Assert.InRange(counts.Take(i + 1).Sum() - weights.Count(weight => weight < limits[i]), -1, 1);
            Assert.Equal(weights.Length, counts.Sum());
        }
    }

    [Fact]
    public void The_confusion_matrix_is_a_picture_whose_numbers_are_those_of_the_validation()
    {
        var seen = new Ends();
        var run = Train(Network("net"), also: seen);

        var image = EventReader
            .ReadRun(Path.Combine(_root, "net"))[^1]
            .Values["confusion/validation"]
            .Messages(4)
            .Single();
        using var picture = SKBitmap.Decode(image.Bytes(4));
        Assert.Equal((picture.Height, picture.Width), ((int)image.Integer(1), (int)image.Integer(2)));
        var counts = seen.All[^1].Validation!.Counts;
        Assert.Equal(30, counts.Cast<int>().Sum());
        Assert.Equal(
            30 * run.History[^1].ValidationAccuracy!.Value,
            Enumerable.Range(0, 3).Sum(i => counts[i, i]),
            1e-9
        );
        Assert.Equal(["top", "middle", "bottom"], seen.All[^1].Validation!.Classes);
    }

    [Fact]
    public void Without_validation_there_is_none()
    {
        Train(Network("net"), s_options with { ValidationSplit = 0 });

        var tags = EventReader.ReadRun(Path.Combine(_root, "net")).SelectMany(read => read.Values.Keys).ToHashSet();
        Assert.DoesNotContain(tags, tag => tag.Contains("validation", StringComparison.Ordinal));
        Assert.Contains("loss/training", tags);
    }

    [Fact]
    public void After_each_epoch_what_is_written_so_far_can_be_read()
    {
        var counts = new List<int>();
        var looks = new Ends(() => counts.Add(EventReader.ReadRun(Path.Combine(_root, "net")).Count));

        Train(Network("net"), also: looks);

        Assert.Equal([2, 3, 4], counts);
    }

    [Fact]
    public void A_record_that_a_crash_cut_off_leaves_those_before_it()
    {
        Train(Network("net"));
        var path = Directory.GetFiles(Path.Combine(_root, "net"), "*tfevents*").Single();
        var bytes = File.ReadAllBytes(path);

        foreach (var cut in new[] { 1, 100, 1000 })
        {
            File.WriteAllBytes(path, bytes[..^cut]);
            Assert.Equal([0, 1, 2], EventReader.ReadFile(path).Select(read => read.Step));
        }
    }

    [Fact]
    public void A_training_that_is_resumed_goes_on_in_its_folder_and_its_axis()
    {
        Train(Network("whole"));
        var checkpoints = new CheckpointOptions(Path.Combine(_root, "checkpoints"));
        using var stop = new CancellationTokenSource();
        // After the second epoch, whose checkpoint is not yet written then: it comes again.
        using (var log = new TrainingLog(_root))
        {
            var stopping = new Ends(
                () => { },
                epochs =>
                {
                    if (epochs == 2)
                        throw new InvalidOperationException("killed");
                }
            );
            var trainer = new Trainer(Network("net"), s_bars, s_options, new ObserverPair(log, stopping))
            {
                Checkpoints = checkpoints,
            };
            Assert.Throws<InvalidOperationException>(() => trainer.Run());
        }
        using (var log = new TrainingLog(_root))
            new Trainer(Checkpoint.Newest(checkpoints.Folder), s_bars, null, log) { Checkpoints = checkpoints }.Run();

        var folder = Path.Combine(_root, "net");
        Assert.Equal(2, Directory.GetFiles(folder, "*tfevents*").Length);
        var resumed = EventReader.ReadRun(folder).Where(read => read.Values.Count > 0).ToList();
        var whole = EventReader.ReadRun(Path.Combine(_root, "whole")).Where(read => read.Values.Count > 0).ToList();
        Assert.Equal([1, 2, 3], resumed.Select(read => read.Step));
        foreach (var tag in new[] { "loss/training", "loss/validation", "learning_rate" })
            Assert.Equal(whole.Select(read => read.Scalar(tag)), resumed.Select(read => read.Scalar(tag)));
    }

    [Fact]
    public void A_model_that_is_trained_further_has_a_new_folder_and_goes_on_in_its_axis()
    {
        var model = Network("net");
        Train(model);
        Train(model, s_options with { Epochs = 2 });
        Train(Network("net"), s_options with { Epochs = 1 });

        Assert.Equal([1, 2, 3], Steps("net"));
        Assert.Equal([4, 5], Steps("net-2"));
        Assert.Equal([1], Steps("net-3"));
    }

    [Theory]
    [InlineData("../../up", "_.._up")]
    [InlineData("/etc/passwd", "_etc_passwd")]
    [InlineData("a\\b:c*?\"<>|", "a_b_c______")]
    [InlineData("..", "model")]
    [InlineData("", "model")]
    [InlineData("con", "con_")]
    [InlineData("größer 3x3 (2)", "größer 3x3 (2)")]
    public void A_name_is_no_path(string name, string folder)
    {
        Assert.Equal(folder, RunFolder.NameOf(name));
        Assert.Equal(Path.Combine(_root, folder), RunFolder.Take(_root, name, "mark"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_ends_the_training_before_it_begins()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        var model = Network("net");
        float[] before = [.. model.Store.Values];
        using var log = new TrainingLog(file);

        var e = Assert.Throws<ConvNetException>(() => new Trainer(model, s_bars, s_options, log).Run());

        Assert.Equal("FileNotWritten", e.ErrorId);
        Assert.Equal(before, model.Store.Values);
        Assert.Empty(model.ClassNames);
    }

    private long[] Steps(string run) =>
        [
            .. EventReader
                .ReadRun(Path.Combine(_root, run))
                .Where(read => read.Values.Count > 0)
                .Select(read => read.Step),
        ];

    private static Model Network(string name) => new(Networks.SmallDense, s_bars.Shape, name, seed: 4);

    private TrainingRun Train(Model model, TrainingOptions? options = null, ITrainingObserver? also = null)
    {
        using var log = new TrainingLog(_root);
        return new Trainer(model, s_bars, options ?? s_options, also is null ? log : new ObserverPair(log, also)).Run();
    }

    /// <summary>Keeps the ends of epochs.</summary>
    private sealed class Ends(Action? look = null, Action<int>? then = null) : ITrainingObserver
    {
        public List<EpochEnd> All { get; } = [];

        public void OnBatch(in BatchProgress progress) { }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnEpochEnd(EpochEnd epoch)
        {
            All.Add(epoch);
            look?.Invoke();
            then?.Invoke(All.Count);
        }

        public void OnMessage(string message) { }
    }
}
