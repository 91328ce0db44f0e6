using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>Weights that come into a model with classes of its own: each output is its class's, by name, or nothing is changed.</summary>
public sealed class FileClassesTests : IDisposable
{
    private static readonly Dataset s_bars = Networks.Bars(train: 30, test: 12);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly Dictionary<string, Func<IReadOnlyList<LayerSpec>>> s_ends = new()
    {
        ["dense"] = () => Networks.SmallDense,
        ["convolution"] = () =>
            [
                new ConvLayer(4),
                new ConvLayer(3),
                new GlobalPoolLayer(PoolKind.Average),
                new ActivationLayer(Activation.Softmax),
            ],
        ["dense without a bias, then batch norm"] = () =>
            [
                new FlattenLayer(),
                new DenseLayer(3) { UseBias = false },
                new BatchNormLayer(),
                new ActivationLayer(Activation.Softmax),
            ],
    };

    public static TheoryData<string, bool> Ends
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var end in s_ends.Keys)
            {
                data.Add(end, true);
                data.Add(end, false);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Each_output_gets_the_row_of_its_own_class(string end, bool asModel)
    {
        var random = new Random(5);
        var theirs = Trained(s_ends[end](), "top", "middle", "bottom");
        var path = Save(theirs, asModel);
        foreach (var _ in Enumerable.Range(0, 6))
        {
            string[] names = ["top", "middle", "bottom"];
            random.Shuffle(names);
            var ours = Named(new Model(s_ends[end](), s_bars.Shape, "ours", 7), names);

            var report = WeightsFile.Load(ours, path);

            Assert.Empty(report.Warnings);
            Assert.Equal(names, ours.ClassNames);
            AssertSameByName(theirs, ours);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_without_names_takes_those_of_the_file(bool asModel)
    {
        var theirs = Trained(Networks.SmallDense, "top", "middle", "bottom");
        var ours = new Model(Networks.SmallDense, s_bars.Shape, "ours", 7);

        WeightsFile.Load(ours, Save(theirs, asModel));

        Assert.Equal(theirs.ClassNames, ours.ClassNames);
        AssertSameByName(theirs, ours);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Other_classes_are_refused_with_both_lists_and_change_nothing(bool asModel)
    {
        var path = Save(Trained(Networks.SmallDense, "top", "middle", "bottom"), asModel);
        var ours = Named(new Model(Networks.SmallDense, s_bars.Shape, "ours", 7), "top", "left", "bottom");
        var before = ours.Store.Values.ToArray();

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(ours, path));

        Assert.Equal(("ClassUnknown", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains("'top', 'middle', 'bottom'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'top', 'left', 'bottom'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, ours.Store.Values);
        Assert.Equal(["top", "left", "bottom"], ours.ClassNames);
    }

    [Fact]
    public void A_partial_load_leaves_the_output_layer_of_other_classes_out_and_says_so()
    {
        var theirs = Trained(Networks.SmallDense, "top", "middle", "bottom");
        var path = Save(theirs, asModel: false);
        var ours = Named(new Model(Networks.SmallDense, s_bars.Shape, "ours", 7), "cat", "dog", "bird");
        var head = ours.GetParameter("dense_2.kernel");

        var report = WeightsFile.Load(ours, path, partial: true);

        Assert.Equal(theirs.GetParameter("dense_1.kernel"), ours.GetParameter("dense_1.kernel"));
        Assert.Equal(head, ours.GetParameter("dense_2.kernel"));
        var unfilled = Assert.Single(report.Unfilled);
        Assert.StartsWith("dense_2: ", unfilled, StringComparison.Ordinal);
        Assert.Contains("'cat', 'dog', 'bird'", unfilled, StringComparison.Ordinal);
        Assert.Equal(["dense_2.bias", "dense_2.weight"], report.Unused.Order());
        Assert.Equal(["cat", "dog", "bird"], ours.ClassNames);
    }

    [Fact]
    public void A_partial_load_brings_the_same_classes_into_order()
    {
        var theirs = Trained(Networks.SmallDense, "top", "middle", "bottom");
        var ours = Named(new Model(Networks.SmallDense, s_bars.Shape, "ours", 7), "bottom", "top", "middle");

        var report = WeightsFile.Load(ours, Save(theirs, asModel: false), partial: true);

        Assert.Empty(report.Unfilled);
        AssertSameByName(theirs, ours);
    }

    [Fact]
    public void An_end_whose_outputs_can_not_change_places_is_filled_only_in_the_same_order()
    {
        LayerSpec[] layers = [new FlattenLayer(), new DenseLayer(3), new ResidualBlock([new DenseLayer(3)])];
        var theirs = Named(new Model(layers, s_bars.Shape), "top", "middle", "bottom");
        var path = Save(theirs, asModel: true);

        WeightsFile.Load(Named(new Model(layers, s_bars.Shape, seed: 2), "top", "middle", "bottom"), path);
        var error = Assert.Throws<ConvNetException>(() =>
            WeightsFile.Load(Named(new Model(layers, s_bars.Shape, seed: 2), "middle", "top", "bottom"), path)
        );

        Assert.Equal("ClassUnknown", error.ErrorId);
        Assert.Contains("order", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_says_nothing_fills_by_position_with_a_warning_where_names_are_more_than_numbers()
    {
        var path = Save(new Model(Networks.SmallDense, s_bars.Shape), asModel: false);

        var named = WeightsFile.Load(Named(new Model(Networks.SmallDense, s_bars.Shape), "a", "b", "c"), path);
        var numbered = WeightsFile.Load(Named(new Model(Networks.SmallDense, s_bars.Shape), "0", "1", "2"), path);
        var unnamed = WeightsFile.Load(new Model(Networks.SmallDense, s_bars.Shape), path);

        Assert.Contains("'a', 'b', 'c'", Assert.Single(named.Warnings), StringComparison.Ordinal);
        Assert.Empty(numbered.Warnings);
        Assert.Empty(unnamed.Warnings);
    }

    [Theory]
    [InlineData("top, middle")]
    [InlineData("{}")]
    [InlineData("[\"top\", null, \"bottom\"]")]
    [InlineData("[\"top\", \"top\", \"bottom\"]")]
    [InlineData("[1, 2, 3]")]
    public void Classes_that_are_no_list_of_names_are_damage(string classes)
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        using (var stream = File.Create(_folder.File("file")))
        {
            SafetensorsWriter.Write(
                stream,
                TorchLayout
                    .Of(model, exact: true)
                    .Select(tensor => new NamedTensor(tensor.Name, tensor.Shape, () => tensor.Read(model.Store))),
                new Dictionary<string, string> { ["writer"] = "PSConvNet", ["classes"] = classes },
                withSum: true
            );
        }

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(model, _folder.File("file")));

        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains("classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_names_than_outputs_are_matched_too()
    {
        LayerSpec[] layers = [new FlattenLayer(), new DenseLayer(5) { Activation = Activation.Softmax }];
        var theirs = Trained(layers, "top", "middle", "bottom");
        var ours = Named(new Model(layers, s_bars.Shape, "ours", 7), "bottom", "top", "middle");

        WeightsFile.Load(ours, Save(theirs, asModel: false));

        var rows = theirs.GetParameter("dense_1.kernel").Chunk(64).ToArray();
        Assert.Equal(
            rows[2].Concat(rows[0]).Concat(rows[1]).Concat(rows[3]).Concat(rows[4]),
            ours.GetParameter("dense_1.kernel")
        );
    }

    [Fact]
    public void A_checkpoint_says_its_classes_as_a_model_file_does()
    {
        var theirs = new Model(Networks.SmallDense, s_bars.Shape);
        new Trainer(theirs, s_bars, new TrainingOptions { Epochs = 1 })
        {
            Checkpoints = new CheckpointOptions(_folder.File("run")),
        }.Run();
        var ours = Named(new Model(Networks.SmallDense, s_bars.Shape, "ours", 7), "bottom", "middle", "top");

        WeightsFile.Load(ours, Directory.GetFiles(_folder.File("run"), "step-*").Max()!);

        AssertSameByName(theirs, ours);
    }

    private string Save(Model model, bool asModel)
    {
        var path = _folder.File("file");
        if (asModel)
            ModelFile.Save(model, path);
        else
            WeightsFile.Save(model, path);
        return path;
    }

    private static Model Named(Model model, params string[] names)
    {
        model.ClassNames = names;
        return model;
    }

    private static Model Trained(IReadOnlyList<LayerSpec> layers, params string[] names)
    {
        var model = Named(new Model(layers, s_bars.Shape, "theirs"), names);
        new Trainer(model, s_bars, new TrainingOptions { Epochs = 2, BatchSize = 8 }).Run();
        return model;
    }

    /// <summary>The probability of a class is the same, whichever output it is.</summary>
    private static void AssertSameByName(Model expected, Model actual)
    {
        var exact = new PredictionOptions(Precision.Float32, Threads: 1);
        var (one, other) = (
            Predictor.Predict(expected, s_bars.Test, exact),
            Predictor.Predict(actual, s_bars.Test, exact)
        );
        for (var i = 0; i < s_bars.Test.Count; i++)
        for (var c = 0; c < 3; c++)
        {
            var place = actual.ClassNames.ToList().IndexOf(expected.ClassNames[c]);
            Assert.Equal(one[3 * i + c], other[3 * i + place], 5);
        }
    }
}
