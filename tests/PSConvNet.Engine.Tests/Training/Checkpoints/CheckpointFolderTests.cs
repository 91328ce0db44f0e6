using PSConvNet.Files;
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
        Assert.All(warnings.Take(2), text => Assert.Contains("before it", text, StringComparison.Ordinal));
        Assert.DoesNotContain("before it", warnings[2], StringComparison.Ordinal);
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
