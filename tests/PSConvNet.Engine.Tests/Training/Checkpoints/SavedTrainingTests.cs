using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Training.Checkpoints;

/// <summary>What a checkpoint has of a training's state: all of it comes back, from files of earlier versions too.</summary>
public sealed class SavedTrainingTests : IDisposable
{
    // What stays the same during a run, and isn't a part of its state.
    private static readonly string[] s_ofRun =
    [
        "format",
        "formatVersion",
        "options",
        "threads",
        "precision",
        "data",
        "validation",
        "keeping",
        "kernels",
    ];

    private static readonly Dataset s_data = Networks.Bars();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(CheckpointTests.Kinds), MemberType = typeof(CheckpointTests))]
    public void A_state_that_is_restored_is_saved_as_it_was_read(string kind)
    {
        var path = Stopped(CheckpointTests.OptionsOf(kind), batches: 11);

        var (read, again) = SavedAgain(path);

        Assert.Equal(read.Arrays, again.Arrays);
        Assert.Equal(read.Fields.Select(field => field.Key).Except(s_ofRun), again.Fields.Select(field => field.Key));
        Assert.All(
            again.Fields,
            field => Assert.True(JsonNode.DeepEquals(read.Fields[field.Key], field.Value), field.Key)
        );
    }

    [Theory]
    [InlineData("best")]
    [InlineData("averaged")]
    public void A_checkpoint_of_an_earlier_version_is_restored_completely(string name)
    {
        OldCheckpoints.Write(name, _folder.File("old"));

        var (read, again) = SavedAgain(_folder.File("old"));

        Assert.Equal(read.Arrays, again.Arrays);
        Assert.Equal(
            read.Fields.Select(field => field.Key).Except(s_ofRun).Append("trainedEpochsAtStart").Order(),
            again.Fields.Select(field => field.Key).Order()
        );
        Assert.Equal(2, (double)again.Fields["trainedEpochsAtStart"]!);
        Assert.All(
            again.Fields.Where(field => field.Key != "trainedEpochsAtStart"),
            field => Assert.True(JsonNode.DeepEquals(read.Fields[field.Key], field.Value), field.Key)
        );
    }

    [Fact]
    public void A_run_that_other_kernels_began_says_once_that_its_last_bits_may_differ()
    {
        OldCheckpoints.Write("best", _folder.File("old"));
        var (old, own) = (new Warnings(), new Warnings());

        new Trainer(Checkpoint.Read(_folder.File("old")), OldCheckpoints.Data, null, old).Run();
        Assert.Contains("last bits", Assert.Single(old.Texts), StringComparison.Ordinal);

        LayerSpec[] layers = [new FlattenLayer(), new DenseLayer(3) { Activation = Activation.Softmax }];
        var folder = _folder.File("own");
        var model = new Model(layers, new Shape(2, 2, 1), "small");
        new Trainer(model, OldCheckpoints.Data, new TrainingOptions { Epochs = 2, BatchSize = 10 })
        {
            Checkpoints = new CheckpointOptions(folder) { KeepLast = 10 },
        }.Run();
        var first = Directory
            .GetFiles(folder, "*.psconvnet")
            .Where(file => Path.GetFileName(file) != "best.psconvnet")
            .Select(Checkpoint.Read)
            .Single(checkpoint => checkpoint.Epoch == 2);
        new Trainer(first, OldCheckpoints.Data, null, own).Run();
        Assert.DoesNotContain(own.Texts, text => text.Contains("last bits", StringComparison.Ordinal));
    }

    private sealed class Warnings : ITrainingObserver
    {
        public List<string> Texts { get; } = [];

        public void OnBatch(in BatchProgress progress) { }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }

        public void OnWarning(string message) => Texts.Add(message);
    }

    [Theory]
    [InlineData("best")]
    [InlineData("averaged")]
    public void A_checkpoint_of_an_earlier_version_is_continued_to_the_end_of_its_run(string name)
    {
        OldCheckpoints.Write(name, _folder.File("old"));
        var checkpoint = Checkpoint.Read(_folder.File("old"));
        var (options, before) = (checkpoint.Options, checkpoint.History);

        var run = new Trainer(checkpoint, OldCheckpoints.Data, null).Run();

        LayerSpec[] layers = [new FlattenLayer(), new DenseLayer(3) { Activation = Activation.Softmax }];
        var whole = new Trainer(new Model(layers, new Shape(2, 2, 1), "small"), OldCheckpoints.Data, options).Run();
        Assert.Equal((TrainingStatus.Completed, 4.0), (run.Status, run.Model.TrainedEpochs));
        Assert.Equal(before, run.History.Take(2));
        // Made on another machine, whose last bits may be others.
        Assert.All(whole.History.Zip(run.History), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-4));
        Assert.All(
            whole.Model.Store.Values.Zip(run.Model.Store.Values),
            pair => Assert.Equal(pair.First, pair.Second, 1e-4)
        );
    }

    [Theory]
    [InlineData(11)]
    [InlineData(16)]
    public void A_checkpoint_from_before_there_were_positions_is_continued_to_the_same_bits(int batches)
    {
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 30,
            Optimizer = new AdamOptimizer(),
            AverageDecay = 0.9,
            ValidationSplit = 0.25,
        };
        var path = Stopped(options, batches);
        Change(
            path,
            model =>
            {
                model.Remove("positions");
                model["trainedEpochs"] = Math.Floor((double)model["trainedEpochs"]!);
            },
            training =>
            {
                training.Remove("positionsAtStart");
                training.Remove("trainedEpochsAtStart");
                training.Remove("keeping");
            }
        );
        var expected = new Trainer(Network(), s_data, options).Run();

        var run = new Trainer(Checkpoint.Read(path), s_data, null).Run();

        Assert.Equal(expected.Model.Store.Values, run.Model.Store.Values);
        Assert.Equal(expected.Model.Positions, run.Model.Positions);
        Assert.Equal(3, run.Model.TrainedEpochs);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e400")]
    public void A_sum_of_losses_that_no_training_can_have_is_refused(string sum)
    {
        var path = Stopped(new TrainingOptions { Epochs = 3, BatchSize = 30 }, batches: 11);
        Change(path, _ => { }, training => training["lossSum"] = JsonNode.Parse(sum));

        var error = Assert.Throws<ConvNetException>(() => new Trainer(Checkpoint.Read(path), s_data, null));

        Assert.Equal("ModelFileInvalid", error.ErrorId);
    }

    [Fact]
    public void A_checkpoint_is_a_model_that_counts_its_completed_batches()
    {
        new Trainer(Network(), s_data, new TrainingOptions { Epochs = 2, BatchSize = 40 })
        {
            Checkpoints = new(_folder.Path)
            {
                KeepLast = 100,
                Every = CheckpointInterval.OfTime(TimeSpan.FromTicks(1)),
            },
        }.Run();

        // Six batches an epoch.
        Assert.Equal(
            Enumerable.Range(0, 13).Select(step => Math.Round(step / 6.0, 9)),
            Directory
                .GetFiles(_folder.Path, "step-*")
                .Order(StringComparer.Ordinal)
                .Select(file => ModelFile.Load(file).TrainedEpochs)
        );
    }

    [Fact]
    public void Two_parts_of_a_state_can_not_have_a_name_in_common()
    {
        var saved = new SavedTraining();
        saved.Add("momentum", [1]);
        saved.Add(new Part(Epoch: 1));

        Assert.Throws<ArgumentException>(() => saved.Add("momentum", [2]));
        Assert.Throws<ArgumentException>(() => saved.Add(new Part(Epoch: 2)));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Of_a_run_that_is_complete_is_said_that_its_result_is_returned_again(double epochs, bool isComplete)
    {
        var path = Stopped(new TrainingOptions { Epochs = epochs, BatchSize = 40 }, batches: 6);
        var messages = new Messages();

        new Trainer(Checkpoint.Read(path), s_data, null, messages).Run();

        Assert.Equal(
            isComplete ? ["The training of small is already complete; its result is returned again."] : [],
            messages.All
        );
    }

    /// <summary>Trains for a number of batches.</summary>
    /// <returns>The last checkpoint.</returns>
    private string Stopped(TrainingOptions options, int batches)
    {
        using var stop = new CancellationTokenSource();
        new Trainer(Network(), s_data, options, new StopAfter(batches, stop))
        {
            Checkpoints = new(_folder.Path) { KeepLast = 1 },
        }.Run(stop.Token);
        return Assert.Single(Directory.GetFiles(_folder.Path, "step-*"));
    }

    /// <summary>The state in a file, and the state that is restored from it as it would be saved.</summary>
    private static ((JsonObject Fields, byte[] Arrays) Read, (JsonObject Fields, byte[] Arrays) Again) SavedAgain(
        string path
    )
    {
        var checkpoint = Checkpoint.Read(path);
        var images = Assert.Single(checkpoint.Model.Positions).Images;
        var again = new SavedTraining();
        checkpoint.Restore(new StepCount(images, checkpoint.Options, 0)).Save(again);
        using var zip = ZipFile.OpenRead(path);
        return (
            (Parse(Bytes("training.json")), Bytes("training.safetensors")),
            (Parse(Written("training.json")), Written("training.safetensors"))
        );

        byte[] Bytes(string name)
        {
            using var stream = zip.GetEntry(name)!.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return memory.ToArray();
        }

        byte[] Written(string name)
        {
            using var memory = new MemoryStream();
            again.Entries().Single(entry => entry.Name == name).Write(memory);
            return memory.ToArray();
        }

        static JsonObject Parse(byte[] bytes) => JsonNode.Parse(bytes)!.AsObject();
    }

    /// <summary>Writes a checkpoint again with other descriptions, and without the sums that would tell.</summary>
    private static void Change(string path, Action<JsonObject> model, Action<JsonObject> training)
    {
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            zip.GetEntry("SHA256SUMS")!.Delete();
            // All of them again, because the order of a model's entries tells that it is one.
            foreach (var entry in zip.Entries.ToArray())
            {
                using var content = new MemoryStream();
                using (var stream = entry.Open())
                    stream.CopyTo(content);
                entry.Delete();
                using var writer = zip.CreateEntry(entry.FullName).Open();
                writer.Write(
                    entry.FullName switch
                    {
                        "model.json" => Changed(content, model),
                        "training.json" => Changed(content, training),
                        _ => content.ToArray(),
                    }
                );
            }
        }

        static byte[] Changed(MemoryStream content, Action<JsonObject> change)
        {
            var json = JsonNode.Parse(content.ToArray())!.AsObject();
            change(json);
            return Encoding.UTF8.GetBytes(json.ToJsonString());
        }
    }

    private static Model Network() => new(Networks.SmallOfEverything, new Shape(8, 8, 1), "small", seed: 3);

    private sealed record Part(int Epoch);

    private sealed class StopAfter(int batches, CancellationTokenSource stop) : ITrainingObserver
    {
        private int _done;

        public void OnBatch(in BatchProgress progress)
        {
            if (++_done == batches)
                stop.Cancel();
        }

        public void OnEpoch(EpochRecord record) { }

        public void OnMessage(string message) { }
    }

    private sealed class Messages : ITrainingObserver
    {
        public List<string> All { get; } = [];

        public void OnBatch(in BatchProgress progress) { }

        public void OnEpoch(EpochRecord record) { }

        public void OnMessage(string message) => All.Add(message);
    }
}
