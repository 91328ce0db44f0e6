using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NJsonSchema;
using PSConvNet.Module.Tests;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>Models that go to a file and come back.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => [.. s_networks.Keys];

    private static readonly Dictionary<string, (LayerSpec[] Layers, Shape Input)> s_networks = new()
    {
        ["tutorial conv"] = (Networks.TutorialConv, new Shape(28, 28, 1)),
        ["tutorial dense"] = (Networks.TutorialDense, new Shape(28, 28)),
        ["FastConv"] = ([.. ModelPresets.Layers(ModelPreset.FastConv)], new Shape(28, 28, 1)),
        ["DeepConv"] = ([.. ModelPresets.Layers(ModelPreset.DeepConv)], new Shape(28, 28, 1)),
        ["small of everything"] = (Networks.SmallOfEverything, new Shape(8, 8, 1)),
        ["every setting"] = (EverySetting, new Shape(12, 10, 4)),
        ["a flattened image around a block"] = (AroundABlock, new Shape(2, 2, 3)),
    };

    private static LayerSpec[] EverySetting =>
        [
            new ConvLayer(8)
            {
                Name = "erste Schicht / ä",
                KernelSize = new(3, 2),
                Stride = new(2, 1),
                Padding = Padding.Of(1),
                Groups = 2,
                UseBias = false,
                Initializer = Initializer.HeNormal,
                L2 = 1e-4,
            },
            new ConvLayer(8)
            {
                Dilation = new(1, 2),
                Padding = Padding.Same,
                Activation = Activation.GELU,
            },
            new BatchNormLayer { Momentum = 0.9, Epsilon = 1e-5 },
            new AveragePoolLayer(new(2, 2)) { Stride = new(1, 1), Padding = Padding.Same },
            new MaxPoolLayer(new(2, 3)) { Stride = new(2, 2) },
            new ResidualBlock([
                new ConvLayer(6) { Padding = Padding.Same, Stride = new(2, 2) },
                new ResidualBlock([new ConvLayer(6) { Padding = Padding.Same }]) { Activation = Activation.ELU },
            ])
            {
                Activation = Activation.ReLU,
            },
            new ActivationLayer(Activation.LeakyReLU) { Alpha = 0.1 },
            new FlattenLayer(),
            new BatchNormLayer(),
            new DenseLayer(7)
            {
                UseBias = false,
                Activation = Activation.Tanh,
                L2 = 1e-3,
            },
            new DropoutLayer(0.125),
            new DenseLayer(3),
        ];

    private static LayerSpec[] AroundABlock =>
        [new FlattenLayer(), new ResidualBlock([new DenseLayer(12)]), new DenseLayer(3)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_read_is_what_was_saved_to_the_last_bit(string kind)
    {
        var model = Make(kind);
        model.TrainedEpochs = 3.5;
        model.ClassNames = ["null", "eins", "日本"];

        ModelFile.Save(model, Path("a"));
        var read = ModelFile.Load(Path("a"));
        ModelFile.Save(read, Path("b"));

        Assert.Equal(model.Layers.AsEnumerable(), read.Layers);
        Assert.Equal(model.InputShape, read.InputShape);
        Assert.Equal((model.Name, model.Seed, 3.5), (read.Name, read.Seed, read.TrainedEpochs));
        Assert.Equal(model.ClassNames, read.ClassNames);
        Assert.Equal(model.Store.Values, read.Store.Values);
        Assert.Equal(File.ReadAllBytes(Path("a")), File.ReadAllBytes(Path("b")));
        Assert.Equal(model.Summary.ToTable(), ModelFile.ReadSummary(Path("a")).ToTable());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Its_description_is_valid_by_the_published_schema_and_an_unknown_setting_is_not(string kind)
    {
        var schema = await JsonSchema.FromFileAsync(
            System.IO.Path.Combine(Repository.Root, "docs", "model.schema.json")
        );
        var model = Make(kind);
        if (model.InputShape is { Rank: 3 } shape && shape[0] == 8)
        {
            foreach (var augmentation in (Augmentation?[])[null, Augmentation.Digits])
                new Trainer(model, Networks.Bars(), new() { Epochs = 1, Augmentation = augmentation }).Run();
        }
        ModelFile.Save(model, Path("a"));
        var json = Json("a");

        Assert.Empty(schema.Validate(json.ToJsonString()));
        json["layers"]![0]!["paddingMode"] = "reflect";
        Assert.NotEmpty(schema.Validate(json.ToJsonString()));
        json["layers"]![0]!.AsObject().Remove("paddingMode");
        if (json["runs"]!.AsArray().Count < 2)
            return;
        json["runs"]![1]!["options"]!["augmentation"]!["erase"] = 1.5;
        Assert.NotEmpty(schema.Validate(json.ToJsonString()));
    }

    [Fact]
    public void A_history_of_twenty_thousand_epochs_is_read()
    {
        var model = new Model([new FlattenLayer(), new DenseLayer(3)], new Shape(8, 8));
        new Trainer(model, Networks.Bars(), new() { Epochs = 1 }).Run();
        var run = model.Runs[0];
        model.Runs =
        [
            run with
            {
                Options = run.Options with { Epochs = 20_000 },
                History = [.. Enumerable.Range(1, 20_000).Select(epoch => run.History[0] with { Epoch = epoch })],
            },
        ];

        ModelFile.Save(model, Path("a"));

        Assert.Equal(20_000, ModelFile.Load(Path("a")).Runs[0].History.Count);
    }

    [Fact]
    public void The_published_schema_knows_the_kinds_of_layers_and_their_settings()
    {
        var path = System.IO.Path.Combine(Repository.Root, "docs", "model.schema.json");
        var published = JsonNode.Parse(File.ReadAllText(path))!["definitions"]!["layer"];
        var expected = LayerSchema.Of(LayerCatalog.Kinds);

        Assert.True(
            JsonNode.DeepEquals(expected, published),
            $"In docs/model.schema.json, definitions.layer must be: {expected.ToJsonString()}"
        );
    }

    [Fact]
    public void Its_summary_is_read_without_libtorch()
    {
        ModelFile.Save(Make("tutorial conv"), Path("a"));

        var report = FreshProcess.ReadSummary(Path("a"));

        Assert.False(report.IsLoaded);
        Assert.DoesNotContain(report.Mapped, library => library.Contains("torch_cpu", StringComparison.Ordinal));
    }

    [Fact]
    public void How_it_was_trained_comes_back_with_it()
    {
        var model = new Model(Networks.SmallOfEverything, new Shape(8, 8, 1), "small");
        var data = Networks.Bars();
        var options = new TrainingOptions
        {
            Epochs = 2.5,
            Optimizer = new SgdOptimizer
            {
                LearningRate = 0.05,
                Momentum = 0.9,
                WeightDecay = 1e-4,
            },
            Schedule = new OneCycleSchedule { WarmUp = 0.25 },
            ValidationSplit = 0.2,
            LabelSmoothing = 0.1,
            ClassWeight = ClassWeights.Of([KeyValuePair.Create("middle", 2.5), KeyValuePair.Create("top", 0.5)]),
            AverageDecay = 0.9,
            Augmentation = Augmentation.Digits with { Noise = 3, Erase = 0.1, Fill = EdgeFill.Edge },
        };
        var first = new Trainer(model, data, options).Run();
        var second = new Trainer(
            model,
            data,
            new TrainingOptions
            {
                Epochs = 1,
                ValidationData = data.Test,
                ClassWeight = ClassWeights.Balanced,
            }
        ).Run();

        ModelFile.Save(model, Path("a"));
        var read = ModelFile.Load(Path("a"));

        Assert.Equal(3.5, read.TrainedEpochs);
        Assert.Equal(data.ClassNames, read.ClassNames);
        Assert.Equal([options, second.Options with { ValidationData = null }], read.Runs.Select(run => run.Options));
        Assert.Equal(first.History, read.Runs[0].History);
        Assert.Equal(first.ToTable(), read.Runs[0].ToTable());
        Assert.Equal(
            (first.StartedAt, first.Seconds, first.Precision),
            (read.Runs[0].StartedAt, read.Runs[0].Seconds, read.Runs[0].Precision)
        );
        Assert.Equal(Predictor.Predict(model, data.Test), Predictor.Predict(read, data.Test));
        Assert.Equal(Evaluator.Measure(model, data.Test).Loss, Evaluator.Measure(read, data.Test).Loss);
        // And can be trained further.
        new Trainer(read, data, new TrainingOptions { Epochs = 1 }).Run();
        Assert.Equal(4.5, read.TrainedEpochs);
    }

    [Fact]
    public void The_file_is_a_zip_whose_hashes_the_program_sha256sum_would_confirm()
    {
        ModelFile.Save(Make("small of everything"), Path("a"));

        using var zip = ZipFile.OpenRead(Path("a"));
        Assert.Equal(["model.json", "weights.safetensors", "SHA256SUMS"], zip.Entries.Select(entry => entry.FullName));
        var lines = Text(zip, "SHA256SUMS").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines)
        {
            using var stream = zip.GetEntry(line[66..])!.Open();
            Assert.Equal(line[..64], Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant());
        }
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void What_a_later_version_added_is_kept_but_a_layers_setting_that_is_not_known_is_refused()
    {
        ModelFile.Save(Make("small of everything"), Path("a"));
        Rewrite(
            "a",
            "b",
            json =>
            {
                json["licence"] = "CC0";
                json["normalization"]!["comment"] = "as before";
                json["overview"]![1]!["flops"] = 12;
            }
        );
        Rewrite("a", "c", json => json["layers"]![0]!["paddingMode"] = "reflect");

        ModelFile.Save(ModelFile.Load(Path("b")), Path("d"));
        var kept = Json("d");
        var error = Assert.Throws<ConvNetException>(() => ModelFile.Load(Path("c")));

        Assert.Equal("CC0", (string?)kept["licence"]);
        Assert.Equal("as before", (string?)kept["normalization"]!["comment"]);
        Assert.Equal(12, (int?)kept["overview"]![1]!["flops"]);
        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains("paddingMode", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_may_stand_in_any_order()
    {
        var model = Make("every setting");
        ModelFile.Save(model, Path("a"));
        Rewrite("a", "b", json => Sort(json));

        Assert.Equal(model.Layers.AsEnumerable(), ModelFile.Load(Path("b")).Layers);

        static void Sort(JsonNode? node)
        {
            if (node is JsonArray list)
            {
                foreach (var item in list)
                    Sort(item);
            }
            if (node is not JsonObject json)
                return;
            var fields = json.OrderByDescending(field => field.Key, StringComparer.Ordinal).ToList();
            json.Clear();
            foreach (var (name, value) in fields)
            {
                Sort(value);
                json[name] = value;
            }
        }
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        var path = Path("a");
        File.WriteAllText(path, "old");

        var error = Assert.Throws<ConvNetException>(() =>
            WholeFile.Write(
                path,
                stream =>
                {
                    stream.WriteByte(1);
                    throw new IOException("No space left on device");
                }
            )
        );

        Assert.Equal("FileNotWritten", error.ErrorId);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_model_that_is_being_trained_can_not_be_saved()
    {
        var model = Make("small of everything");
        using var claim = model.UseForTraining();

        Assert.Equal("ModelBusy", Assert.Throws<ConvNetException>(() => ModelFile.Save(model, Path("a"))).ErrorId);
    }

    [Fact]
    public void Paths_that_are_not_there_are_named()
    {
        Assert.Equal("ModelFileNotFound", Assert.Throws<ConvNetException>(() => ModelFile.Load(Path("none"))).ErrorId);
        Assert.Equal("FileNotReadable", Assert.Throws<ConvNetException>(() => ModelFile.Load(_folder.Path)).ErrorId);
        Assert.Equal(
            "FileNotWritten",
            Assert
                .Throws<ConvNetException>(() =>
                    ModelFile.Save(Make("small of everything"), _folder.File("no/such/folder"))
                )
                .ErrorId
        );
    }

    private string Path(string name) => _folder.File(name + ModelFile.Extension);

    private static Model Make(string kind)
    {
        var (layers, input) = s_networks[kind];
        var model = new Model(layers, input, kind, seed: 5);
        // Statistics and biases too: what starts at zero would not show an order that is wrong.
        var random = new Random(1);
        foreach (var slot in model.Store.Slots)
        foreach (ref var value in model.Store.Span(slot))
            value = random.NextSingle();
        return model;
    }

    private JsonObject Json(string name)
    {
        using var zip = ZipFile.OpenRead(Path(name));
        return JsonNode.Parse(Text(zip, "model.json"))!.AsObject();
    }

    private static string Text(ZipArchive zip, string entry)
    {
        using var reader = new StreamReader(zip.GetEntry(entry)!.Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The same file with another description and no hashes, packed as any program would.</summary>
    private void Rewrite(string from, string to, Action<JsonObject> change)
    {
        var json = Json(from);
        change(json);
        File.Copy(Path(from), Path(to), overwrite: true);
        using var zip = ZipFile.Open(Path(to), ZipArchiveMode.Update);
        zip.GetEntry("SHA256SUMS")!.Delete();
        zip.GetEntry("model.json")!.Delete();
        using var stream = zip.CreateEntry("model.json", CompressionLevel.Optimal).Open();
        stream.Write(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }
}
