using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Training.Checkpoints;

/// <summary>Folders of checkpoints in which strange things lie.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly Dataset s_data = Networks.Bars(train: 64, test: 16);
    private static readonly TrainingOptions s_options = new()
    {
        Epochs = 2,
        BatchSize = 32,
        Threads = 1,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a copy of the first")]
    [InlineData("a copy of the newest")]
    [InlineData("damaged")]
    [InlineData("a pipe")]
    [InlineData("the newest, renamed")]
    [InlineData("a link to nothing")]
    [InlineData("a link to itself")]
    public void A_checkpoint_numbered_far_ahead_does_not_stop_its_folder(string what)
    {
        var expected = Train(_folder.File("whole")).Model.Store.Values;
        var folder = _folder.File("stopped");
        using (var stop = new CancellationTokenSource())
            Train(folder, new StopAfter(3, stop), stop.Token);
        var ahead = PathIn(folder, 9_999_999_999);
        switch (what)
        {
            case "a pipe" when OperatingSystem.IsWindows():
                return;
            case "a pipe":
                using (var process = System.Diagnostics.Process.Start("mkfifo", ahead))
                    process.WaitForExit();
                break;
            case "the newest, renamed":
                File.Move(PathIn(folder, 3), ahead);
                break;
            case "a link to nothing":
                File.CreateSymbolicLink(ahead, _folder.File("nothing"));
                break;
            case "a link to itself":
                File.CreateSymbolicLink(ahead, ahead);
                break;
            case "damaged":
                File.WriteAllText(ahead, "PK, and no more");
                break;
            case "a copy of the first":
                File.Copy(PathIn(folder, 0), ahead);
                break;
            default:
                File.Copy(PathIn(folder, 3), ahead);
                break;
        }
        var warnings = new Warnings();

        var checkpoint = Checkpoint.Newest(folder);
        var run = new Trainer(checkpoint, s_data, null, warnings) { Checkpoints = new(folder) }.Run();

        Assert.Equal((2, 1), (checkpoint.Epoch, checkpoint.Batch));
        Assert.Equal(expected, run.Model.Store.Values);
        Assert.Contains(warnings.Messages, message => message.Contains("step-9999999999", StringComparison.Ordinal));
        Assert.True(File.Exists(ahead + ".aside"));
        Assert.Equal(3, Checkpoint.Newest(folder).Epoch);
    }

    [Fact]
    public void A_lock_that_could_not_be_written_is_no_lock()
    {
        var owner = _folder.File(".owner");
        Directory.CreateDirectory(owner);
        Assert.Equal("FileNotWritten", Assert.Throws<ConvNetException>(() => FolderLock.Take(_folder.Path)).ErrorId);
        Directory.Delete(owner);

        FolderLock.Take(_folder.Path).Dispose();
    }

    [Fact]
    public void The_checkpoint_before_a_damaged_one_is_only_spoken_of_where_there_is_one()
    {
        Train(_folder.Path);
        foreach (var file in Directory.GetFiles(_folder.Path, "step-*"))
            File.WriteAllText(file, "PK, and no more");
        var warnings = new List<string>();

        Assert.Throws<ConvNetException>(() => Checkpoint.Newest(_folder.Path, warnings.Add));

        Assert.Equal(3, warnings.Count);
        Assert.All(warnings.Take(2), text => Assert.Contains("previous checkpoint", text, StringComparison.Ordinal));
        Assert.DoesNotContain("previous checkpoint", warnings[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_first_checkpoint_that_can_not_be_written_nobody_says_that_another_is_whole()
    {
        WritingDisk.Use(new FullDisk());
        ConvNetException error;
        try
        {
            error = Assert.Throws<ConvNetException>(() => Train(_folder.Path));
        }
        finally
        {
            WritingDisk.Use(null);
        }

        Assert.Equal("CheckpointNotWritten", error.ErrorId);
        Assert.Contains("There is none before it", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData("step-0000000000.psconvnet")]
    public void A_folder_in_the_place_of_a_file_is_named(string name)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(path);

        var error = Assert.Throws<ConvNetException>(() => Train(_folder.Path));

        Assert.Equal("CheckpointNotWritten", error.ErrorId);
        Assert.Contains($"{path} is a folder; move it away", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("free space", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(".lock", "a pipe", "is a pipe or a device")]
    [InlineData(".owner", "a pipe", "is a pipe or a device")]
    [InlineData(".lock", "a folder", "is a folder; move it away")]
    [InlineData(".owner", "a folder", "is a folder; move it away")]
    [InlineData(".lock", "a link to nowhere", "points to nothing")]
    [InlineData(".owner", "a link to nowhere", "points to nothing")]
    public async Task What_is_no_file_in_the_place_of_a_lock_is_named_and_the_next_attempt_is_free(
        string name,
        string what,
        string said
    )
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.File(name);
        switch (what)
        {
            case "a pipe":
                using (var process = System.Diagnostics.Process.Start("mkfifo", path))
                    await process.WaitForExitAsync();
                break;
            case "a folder":
                Directory.CreateDirectory(path);
                break;
            default:
                File.CreateSymbolicLink(path, _folder.File("no folder/and no file"));
                break;
        }

        // Whoever opened the pipe would wait for somebody to read it.
        var error = await Task.Run(() => Assert.Throws<ConvNetException>(() => FolderLock.Take(_folder.Path)))
            .WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(("FileNotWritten", (object)path), (error.ErrorId, error.Target!));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        if (what == "a folder")
            Directory.Delete(path);
        else
            File.Delete(path);

        FolderLock.Take(_folder.Path).Dispose();
    }

    [SkippableFact]
    public void A_holder_whose_name_is_a_pipe_is_another_process()
    {
        Skip.If(OperatingSystem.IsWindows(), "mkfifo is of Unix");
        using var held = FolderLock.Take(_folder.Path);
        File.Delete(_folder.File(".owner"));
        using (var process = System.Diagnostics.Process.Start("mkfifo", _folder.File(".owner")))
            process.WaitForExit();

        var error = Assert.Throws<ConvNetException>(() => FolderLock.Take(_folder.Path));

        Assert.Equal("CheckpointFolderBusy", error.ErrorId);
        Assert.Contains("in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("history", "[]")]
    [InlineData("history.0.epoch", "2")]
    [InlineData("history.1.epoch", "1")]
    [InlineData("history.1.accuracy", "1.5")]
    [InlineData("history.1.seconds", "-1")]
    [InlineData("seconds", "-1")]
    [InlineData("seen", "-1")]
    [InlineData("bestLoss", "0.0001")]
    [InlineData("averageSteps", "4611686018427387904")]
    [InlineData("averageSteps", "1")]
    [InlineData("seen", "63")]
    [InlineData("epoch", "1")]
    [InlineData("batch", "1")]
    [InlineData("epochsSinceBest", "3")]
    [InlineData("bestLoss", "null")]
    [InlineData("gaveUp", "true")]
    [InlineData("trainedEpochsAtStart", "1")]
    [InlineData("positionsAtStart.0.images", "0")]
    [InlineData("schedule", "{\"reduction\": 1, \"bestLoss\": null, \"badEpochs\": 9, \"cooldownLeft\": 0}")]
    public void What_can_not_be_in_a_checkpoint_has_the_one_before_it_used(string field, string value)
    {
        Train(_folder.Path);
        Spoil(PathIn(_folder.Path, 4), training => Set(training, field.Split('.'), value));
        var warnings = new List<string>();

        var checkpoint = Checkpoint.Newest(_folder.Path, warnings.Add);

        Assert.Equal(PathIn(_folder.Path, 2), checkpoint.Path);
        Assert.Contains("The previous checkpoint is tried", Assert.Single(warnings), StringComparison.Ordinal);
        new Trainer(checkpoint, s_data, null).Run();
    }

    [Fact]
    public void What_is_found_wrong_only_with_the_images_has_the_one_before_it_used_too()
    {
        Train(_folder.Path);
        var newest = PathIn(_folder.Path, 4);
        var warnings = new List<string>();

        var checkpoint = Checkpoint.Newest(
            _folder.Path,
            warnings.Add,
            found =>
            {
                if (found.Path == newest)
                    throw FileFault.Invalid(newest, "training.json", "it doesn't fit");
            }
        );

        Assert.Equal(PathIn(_folder.Path, 2), checkpoint.Path);
        Assert.Single(warnings);
    }

    private static void Set(System.Text.Json.Nodes.JsonNode node, string[] path, string value)
    {
        foreach (var step in path[..^1])
            node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
        node[path[^1]] = System.Text.Json.Nodes.JsonNode.Parse(value);
    }

    /// <summary>Writes a checkpoint again with another <c>training.json</c>, and without the sums that would tell.</summary>
    private static void Spoil(string path, Action<System.Text.Json.Nodes.JsonObject> change)
    {
        using var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update);
        var entry = zip.GetEntry("training.json")!;
        System.Text.Json.Nodes.JsonObject training;
        using (var stream = entry.Open())
            training = System.Text.Json.Nodes.JsonNode.Parse(stream)!.AsObject();
        change(training);
        entry.Delete();
        zip.GetEntry("SHA256SUMS")!.Delete();
        using var writer = new StreamWriter(zip.CreateEntry("training.json").Open());
        writer.Write(training.ToJsonString());
    }

    private static TrainingRun Train(
        string folder,
        ITrainingObserver? observer = null,
        CancellationToken cancellation = default
    ) =>
        new Trainer(new Model(Networks.SmallDense, new Shape(8, 8, 1)), s_data, s_options, observer)
        {
            Checkpoints = new(folder) { KeepLast = 5 },
        }.Run(cancellation);

    private static string PathIn(string folder, long step) => Path.Combine(folder, $"step-{step:D10}.psconvnet");

    private sealed class FullDisk : WritingDisk
    {
        public override Stream Create(string path, UnixFileMode? mode) => throw new IOException("No space left.");
    }

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

    private sealed class Warnings : ITrainingObserver
    {
        public List<string> Messages { get; } = [];

        public void OnBatch(in BatchProgress progress) { }

        public void OnEpoch(EpochRecord record) { }

        public void OnMessage(string message) { }

        public void OnWarning(string message) => Messages.Add(message);
    }
}
