using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>Every bit of a file is flipped in turn: the file is refused, or what is read of it is what was written, to the last bit.</summary>
public sealed class WrongBitTests : IDisposable
{
    private static readonly string[] s_ofModel = ["model.json", "weights.safetensors"];
    private static readonly string[] s_ofCheckpoint = [.. s_ofModel, "training.json", "training.safetensors"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void In_a_model()
    {
        var path = _folder.File("model");
        ModelFile.Save(Small(), path);
        var whole = File.ReadAllBytes(path);

        FlipEach(
            path,
            s_ofModel,
            () =>
            {
                ModelFile.Save(ModelFile.Load(path), _folder.File("again"));
                Assert.Equal(whole, File.ReadAllBytes(_folder.File("again")));
            }
        );
    }

    [Fact]
    public void In_a_checkpoint()
    {
        var data = Networks.Bars(train: 12, test: 3, size: 2);
        new Trainer(Small(), data, new TrainingOptions { Epochs = 1, BatchSize = 12 })
        {
            Checkpoints = new CheckpointOptions(_folder.Path),
        }.Run();
        var path = Directory.GetFiles(_folder.Path, "step-*").Order().Last();

        FlipEach(path, s_ofCheckpoint, () => Checkpoint.Read(path));
    }

    /// <summary>
    /// All bits of what the archive's own fields are, and of each byte of the entries' contents one: those all go into the same two sums.
    /// </summary>
    private static void FlipEach(string path, string[] entries, Action read)
    {
        var whole = File.ReadAllBytes(path);
        var contents = Contents(path, entries);
        var (flips, refused) = (0, 0);
        for (var at = 0; at < whole.Length; at++)
        {
            var inContents = contents.Any(entry =>
                whole.AsSpan().IndexOf(entry) is var start && at > start + 8 && at < start + entry.Length
            );
            for (var bit = inContents ? at % 8 : 0; bit < 8; bit += inContents ? 8 : 1)
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= (byte)(1 << bit);
                File.WriteAllBytes(path, damaged);
                flips++;
                try
                {
                    read();
                }
                catch (ConvNetException e)
                {
                    Assert.True(e.ErrorId == "ModelFileInvalid", $"bit {bit} of byte {at}: {e.ErrorId}, {e.Message}");
                    refused++;
                    continue;
                }
                Assert.True(
                    contents.Zip(Contents(path, entries)).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
                    $"bit {bit} of byte {at} was believed"
                );
            }
        }

        // What changes nothing: times, versions, attributes, and the copies of names and sizes before each entry.
        Assert.InRange(refused, whole.Length, flips - 1);
    }

    private static byte[][] Contents(string path, string[] entries)
    {
        using var archive = ModelArchive.Open(path);
        return [.. entries.Select(archive.Read)];
    }

    private static Model Small() =>
        new([new FlattenLayer(), new DenseLayer(3) { Activation = Activation.Softmax }], new Shape(2, 2, 1), "small");
}
