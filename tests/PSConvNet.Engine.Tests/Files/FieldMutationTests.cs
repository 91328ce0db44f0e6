using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using PSConvNet.Tests.Runtime;
using Xunit.Abstractions;

namespace PSConvNet.Tests.Files;

/// <summary>
/// Every field of every document that is read, as null, of another type, huge, negative, no number, empty, missing: the file is refused with the
/// one typed error, or what was read of it can be printed, saved, read again and trained further.
/// </summary>
public sealed class FieldMutationTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Dataset s_data = Networks.Bars(train: 32, test: 8);

    // What a training that goes on may say of a file that is whole: its data, its options or its network aren't what they were.
    private static readonly string[] s_trainingErrors =
    [
        "ModelFileInvalid",
        "AugmentationDoesNotFit",
        "CheckpointDataMismatch",
        "ClassCountMismatch",
        "ClassUnknown",
        "DataShapeMismatch",
        "DatasetEmpty",
        "LayerHasNoWeights",
        "LayerUnknown",
        "LossMismatch",
        "LossNotFinite",
        "NothingToTrain",
        "TrainingOptionInvalid",
        "WeightsInvalid",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_field_of_a_models_description()
    {
        var file = _folder.File("model");
        ModelFile.Save(Trained(), file);
        var entries = Entries(file);

        var (mutations, refused) = Mutate(
            Encoding.UTF8.GetString(entries["model.json"]),
            text => Archive(entries, "model.json", text),
            path => RequireSound(ModelFile.Load(path)),
            "ModelFileInvalid"
        );

        Assert.InRange(mutations, 6000, 20_000);
        Assert.InRange(refused, mutations / 2, mutations - 1);
    }

    [Fact]
    public void Every_field_of_a_checkpoint()
    {
        var folder = _folder.File("checkpoints");
        var options = Options() with { Epochs = 2, ValidationData = s_data.Test };
        new Trainer(new Model(Networks.SmallDense, new Shape(8, 8, 1)), s_data, options)
        {
            Checkpoints = new(folder) { KeepLast = 10 },
        }.Run();
        var entries = Entries(Path.Combine(folder, "step-0000000002.psconvnet"));

        var (mutations, refused) = Mutate(
            Encoding.UTF8.GetString(entries["training.json"]),
            text => Archive(entries, "training.json", text),
            path => GoOn(Checkpoint.Read(path)),
            s_trainingErrors
        );

        Assert.InRange(mutations, 2000, 10_000);
        Assert.InRange(refused, mutations / 2, mutations - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_field_of_a_safetensors_header(bool inArchive)
    {
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1)) { ClassNames = ["a", "b", "c"] };
        var file = _folder.File("file");
        var entries = new Dictionary<string, byte[]>();
        if (inArchive)
        {
            ModelFile.Save(model, file);
            entries = Entries(file);
        }
        else
            WeightsFile.Save(model, file);
        var whole = inArchive ? entries["weights.safetensors"] : File.ReadAllBytes(file);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        var header = Encoding.UTF8.GetString(whole.AsSpan(8, length));

        var (mutations, refused) = Mutate(
            header,
            text =>
            {
                var json = Encoding.UTF8.GetBytes(text);
                byte[] start = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(start, json.Length);
                byte[] mutated = [.. start, .. json, .. whole.AsSpan(8 + length)];
                if (!inArchive)
                    return Written(Summed(mutated));
                entries["weights.safetensors"] = mutated;
                return Archive(entries, "", "");
            },
            path =>
            {
                if (inArchive)
                    ModelFile.Load(path);
                else
                    WeightsFile.Load(new Model(Networks.SmallDense, new Shape(8, 8, 1)), path);
            },
            inArchive ? ["ModelFileInvalid"] : ["ModelFileInvalid", "WeightsMismatch", "WeightsTypeUnsupported"]
        );

        Assert.InRange(mutations, 500, 2000);
        Assert.InRange(refused, mutations / 2, mutations - 1);
    }

    [Fact]
    public void Every_field_of_who_holds_a_folder()
    {
        using var held = FolderLock.Take(_folder.Path);
        var owner = Path.Combine(_folder.Path, ".owner");

        var (mutations, refused) = Mutate(
            File.ReadAllText(owner),
            text =>
            {
                File.WriteAllText(owner, text);
                return _folder.Path;
            },
            path => FolderLock.Take(path).Dispose(),
            "CheckpointFolderBusy"
        );

        Assert.InRange(mutations, 90, 200);
        Assert.Equal(mutations, refused);
    }

    /// <summary>As much as a file can hold, in a little model.</summary>
    private static Model Trained()
    {
        LayerSpec[] layers =
        [
            new ConvLayer(4)
            {
                Padding = Padding.Same,
                UseBias = false,
                Name = "first",
                Frozen = true,
            },
            new BatchNormLayer(),
            new ActivationLayer(Activation.ELU) { Alpha = 0.5 },
            new AveragePoolLayer(new(2, 2)),
            new ResidualBlock([new ConvLayer(4) { Padding = Padding.Of(1) }]),
            new MaxPoolLayer(new(2, 2)),
            new DropoutLayer(0.25),
            new GlobalPoolLayer(PoolKind.Average),
            new FlattenLayer(),
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];
        var model = new Model(layers, new Shape(8, 8, 1));
        new Trainer(model, s_data, Options() with { ValidationSplit = 0.25, Patience = 3 }).Run();
        model.TrainingPixels = model.TrainingPixels! with
        {
            Ink = new(0.8, 0.1, 0.7, 0.1, 0.5, 0.5, 0.1, 0.1),
            Preparation = new() { Fit = 4 },
        };
        return model;
    }

    private static TrainingOptions Options() =>
        new()
        {
            Epochs = 1,
            BatchSize = 16,
            Threads = 1,
            Precision = Precision.Float32,
            Optimizer = new SgdOptimizer { Momentum = 0.9 },
            Schedule = new ReduceOnPlateauSchedule(),
            AverageDecay = 0.9,
            LabelSmoothing = 0.1,
            ClassWeight = ClassWeights.Of([KeyValuePair.Create("top", 2.0)]),
            Augmentation = new() { Shift = 1 },
        };

    /// <summary>A model of a file is as good as another: it prints, and goes through a file again.</summary>
    private void RequireSound(Model model)
    {
        Assert.All(
            (string[])[model.Summary.ToString()!, $"{model}", .. model.Runs.Select(run => run.ToTable() + run)],
            text => Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter is not ('\n' or '\r'))
        );
        var again = _folder.File("again");
        ModelFile.Save(model, again);
        ModelFile.Load(again);
    }

    private static void GoOn(Checkpoint checkpoint)
    {
        using var stop = new CancellationTokenSource();
        var validation = checkpoint.HasValidationData ? s_data.Test : null;
        new Trainer(checkpoint, s_data, validation, new StopAfterBatch(stop)).Run(stop.Token);
    }

    private (int Mutations, int Refused) Mutate(
        string document,
        Func<string, string> write,
        Action<string> read,
        params string[] errors
    )
    {
        var (mutations, refused) = (0, 0);
        foreach (var (text, what) in FieldMutation.Of(document))
        {
            mutations++;
            var path = write(text);
            try
            {
                read(path);
            }
            catch (ConvNetException e) when (errors.Contains(e.ErrorId))
            {
                refused++;
                Assert.InRange(e.Message.Length, 20, 4100);
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(e.Message, letter => char.IsControl(letter) && letter != '\n');
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{what}: {e.GetType().Name}: {e.Message}", e);
            }
        }
        output.WriteLine($"{mutations} mutations, {refused} refused");
        return (mutations, refused);
    }

    private string Archive(Dictionary<string, byte[]> entries, string changed, string text)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries.Where(entry => entry.Key != "SHA256SUMS"))
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(name == changed ? Encoding.UTF8.GetBytes(text) : bytes);
            }
        }
        return Written(memory.ToArray());
    }

    private string Written(byte[] bytes)
    {
        var path = _folder.File("mutated");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>With the sum of what it is now: else that would refuse them all.</summary>
    private static byte[] Summed(byte[] file)
    {
        const string key = "\"psconvnet.sha256\":\"";
        var at = Encoding.Latin1.GetString(file).IndexOf(key, StringComparison.Ordinal) + key.Length;
        if (at < key.Length || file.Length < at + 64)
            return file;
        file.AsSpan(at, 64).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(file))).CopyTo(file, at);
        return file;
    }

    private static Dictionary<string, byte[]> Entries(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var stream = entry.Open();
                using var memory = new MemoryStream();
                stream.CopyTo(memory);
                return memory.ToArray();
            }
        );
    }

    private sealed class StopAfterBatch(CancellationTokenSource stop) : ITrainingObserver
    {
        public void OnBatch(in BatchProgress progress) => stop.Cancel();

        public void OnEpoch(EpochRecord record) { }

        public void OnMessage(string message) { }
    }
}
