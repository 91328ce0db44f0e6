using PSConvNet.Tests.Runtime;
using static PSConvNet.Tests.Files.TensorBytes;

namespace PSConvNet.Tests.Files;

/// <summary>Which tensor of a file goes to which layer, where names or shapes leave more than one way.</summary>
public sealed class WeightMatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.File("net.safetensors");

    /// <summary>PyTorch's usual network: names that don't sort as its layers follow.</summary>
    private static Tensor[] Usual(string prefix = "") =>
        [
            Random($"{prefix}conv1.weight", 4, 1, 3, 3),
            Random($"{prefix}conv1.bias", 4),
            Random($"{prefix}bn1.weight", 4),
            Random($"{prefix}bn1.bias", 4),
            Random($"{prefix}bn1.running_mean", 4),
            Random($"{prefix}bn1.running_var", 4),
            new($"{prefix}bn1.num_batches_tracked", [], [0]) { Type = "I64", Bits = 64 },
            Random($"{prefix}conv2.weight", 8, 4, 3, 3),
            Random($"{prefix}conv2.bias", 8),
            Random($"{prefix}fc1.weight", 3, 128),
            Random($"{prefix}fc1.bias", 3),
        ];

    private static Model UsualModel(bool named) =>
        new(
            [
                new ConvLayer(4) { Name = named ? "conv1" : null },
                new BatchNormLayer { Name = named ? "bn1" : null, Epsilon = 1e-5 },
                new ConvLayer(8) { Name = named ? "conv2" : null },
                new FlattenLayer(),
                new DenseLayer(3) { Name = named ? "fc1" : null },
            ],
            new Shape(8, 8, 1),
            "mine"
        );

    [Theory]
    [InlineData("", false, WeightMatch.Order)]
    [InlineData("", true, WeightMatch.Order)]
    [InlineData("module.", false, WeightMatch.Order)]
    [InlineData("module.model.", true, WeightMatch.Order)]
    [InlineData("", false, WeightMatch.Name)]
    [InlineData("module.", false, WeightMatch.Name)]
    [InlineData("model.", true, WeightMatch.Name)]
    [InlineData("net.0.body.", true, WeightMatch.Name)]
    public void Usual_names_find_their_places_with_a_prefix_or_sorted(string prefix, bool sorted, WeightMatch match)
    {
        // Sorted as the library's own writer sorts: wide types first, then by name.
        var tensors = Usual(prefix);
        Write(
            Path,
            sorted
                ? [.. tensors.OrderBy(t => t.Type == "I64" ? 0 : 1).ThenBy(t => t.Name, StringComparer.Ordinal)]
                : tensors
        );
        var model = UsualModel(named: match == WeightMatch.Name);

        var report = WeightsFile.Load(model, Path, match);

        Assert.Empty(report.Warnings);
        Assert.Equal(10, report.Pairs.Count);
        Assert.Equal(tensors[5].Values, model.GetParameter(model.ParameterNames[5]));
        Assert.Equal(tensors[8].Values, model.GetParameter(model.ParameterNames[7]));
        Assert.Contains(
            report.Pairs,
            pair => pair.ToString().StartsWith($"{prefix}fc1.bias (3) -> ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Layers_of_one_shape_go_by_the_files_own_order_and_a_warning_says_so()
    {
        WriteLayers(Path, Layer("inner"), Layer("deep"), Layer("anchor"));
        var model = Three("first", "second", "third");

        var report = WeightsFile.Load(model, Path, WeightMatch.Order);

        Assert.Equal(Random("inner.weight", 4, 4).Values, model.GetParameter("first.kernel"));
        Assert.Equal(Random("deep.weight", 4, 4).Values, model.GetParameter("second.kernel"));
        Assert.Equal(Random("anchor.weight", 4, 4).Values, model.GetParameter("third.kernel"));
        var warning = Assert.Single(report.Warnings);
        Assert.Contains("inner -> first, deep -> second, anchor -> third", warning, StringComparison.Ordinal);
        Assert.Contains("the file's order was taken", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sorted_file_has_lost_its_order_and_the_warning_says_that()
    {
        Write(
            Path,
            [
                .. Layer("inner")
                    .Concat(Layer("deep"))
                    .Concat(Layer("anchor"))
                    .OrderBy(t => t.Name, StringComparer.Ordinal),
            ]
        );

        var report = WeightsFile.Load(Three("first", "second", "third"), Path, WeightMatch.Order);

        var warning = Assert.Single(report.Warnings);
        Assert.Contains("net.safetensors is sorted by name", warning, StringComparison.Ordinal);
        Assert.Contains("anchor -> first, deep -> second, inner -> third", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "the file's order was taken for the network's, although it has head before inner")]
    [InlineData(true, "the names' natural order was taken, although it has head before inner")]
    public void A_file_with_the_head_first_is_not_in_the_network_s_order_and_the_warning_says_that(
        bool sorted,
        string said
    )
    {
        Tensor[] head = [Random("head.weight", 2, 4), Random("head.bias", 2)];
        Tensor[] tensors = [.. head, .. Layer("inner"), .. Layer(sorted ? "outer" : "deep")];
        Write(Path, sorted ? [.. tensors.OrderBy(t => t.Name, StringComparer.Ordinal)] : tensors);
        var model = new Model(
            [
                new DenseLayer(4) { Name = "first" },
                new DenseLayer(4) { Name = "second" },
                new DenseLayer(2) { Name = "last" },
            ],
            new Shape(4),
            "two"
        );

        var report = WeightsFile.Load(model, Path, WeightMatch.Order);

        Assert.Contains(
            said + ", and the network has them the other way round",
            Assert.Single(report.Warnings),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Equal_names_decide_among_layers_of_one_shape()
    {
        WriteLayers(Path, Layer("m.third"), Layer("m.first"), Layer("m.second"));
        var model = Three("first", "second", "third");

        var report = WeightsFile.Load(model, Path, WeightMatch.Order);

        Assert.Empty(report.Warnings);
        Assert.Equal(Random("m.first.weight", 4, 4).Values, model.GetParameter("first.kernel"));
    }

    [Fact]
    public void The_error_of_Name_recommends_Order_only_where_it_can_go_one_way()
    {
        Write(Path, Usual());
        var one = Refusal(UsualModel(named: false), WeightMatch.Name);
        WriteLayers(Path, Layer("inner"), Layer("deep"), Layer("anchor"));
        var several = Refusal(Three("first", "second", "third"), WeightMatch.Name);
        var none = Refusal(UsualModel(named: true), WeightMatch.Name);

        Assert.Contains("one way to pair them: give match: WeightMatch.Order", one, StringComparison.Ordinal);
        Assert.Contains(
            "(match: WeightMatch.Order) would have to guess which of inner, deep, anchor",
            several,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Order", none, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_head_leaves_the_old_layers_weights_and_names_what_was_not_loaded()
    {
        Write(Path, [.. Usual("module."), Random("criterion.weight", 7)]);
        var model = new Model(
            [
                new ConvLayer(4) { Name = "conv1" },
                new BatchNormLayer { Name = "bn1", Epsilon = 1e-5 },
                new ConvLayer(8) { Name = "conv2", UseBias = false },
                new FlattenLayer(),
                new DenseLayer(5) { Name = "fc1" },
                new BatchNormLayer { Name = "bn2", Epsilon = 1e-5 },
            ],
            new Shape(8, 8, 1),
            "mine"
        );
        var before = model.Copy();

        var report = WeightsFile.Load(model, Path, partial: true);

        Assert.Equal(6, report.Pairs.Count);
        Assert.Equal(Usual("module.")[4].Values, model.GetParameter("bn1.moving_mean"));
        foreach (var name in (string[])["conv2.kernel", "fc1.kernel", "fc1.bias", "bn2.gamma", "bn2.moving_variance"])
            Assert.Equal(before.GetParameter(name), model.GetParameter(name));
        // What came from the file counts as measured; what did not is still at its start.
        Assert.Equal([1f, 0f], model.Store.Values.AsSpan(model.Store.ParameterLength, 2).ToArray());
        Assert.Collection(
            report.Unfilled,
            conv => Assert.Contains("also has module.conv2.bias", conv, StringComparison.Ordinal),
            head => Assert.Contains("3 x 128, but fc1.weight of mine is 5 x 128", head, StringComparison.Ordinal),
            norm => Assert.Contains("no layer of that name", norm, StringComparison.Ordinal)
        );
        Assert.Equal(
            ["module.conv2.weight", "module.conv2.bias", "module.fc1.weight", "module.fc1.bias", "criterion.weight"],
            report.Unused
        );
    }

    [Fact]
    public void In_a_sorted_file_the_error_names_the_layer_that_does_not_fit()
    {
        var tensors = Usual().Where(t => t.Type == "F32").OrderBy(t => t.Name, StringComparer.Ordinal).ToArray();
        tensors[^1] = Random("fc1.weight", 3, 100);
        Write(Path, tensors);

        Assert.StartsWith(
            "fc1.weight of net.safetensors is 3 x 100, but dense_1.weight of mine is 3 x 128",
            Refusal(UsualModel(named: false), WeightMatch.Order),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_partial_load_warns_where_automatic_names_may_have_shifted()
    {
        LayerSpec[] layers = [new DenseLayer(4), new DenseLayer(4), new DenseLayer(2)];
        WeightsFile.Save(new Model(layers, new Shape(4)), Path);

        var shifted = WeightsFile.Load(new Model([new DenseLayer(4), .. layers], new Shape(4)), Path, partial: true);
        var same = WeightsFile.Load(new Model(layers, new Shape(4)), Path, partial: true);
        var named = Three("a", "b", "c");
        WeightsFile.Save(named, Path);
        var onlyNames = WeightsFile.Load(Three("a", "b", "d"), Path, partial: true);

        Assert.Contains(
            "dense_1, dense_2 of 'model' have automatic names",
            Assert.Single(shifted.Warnings),
            StringComparison.Ordinal
        );
        Assert.Empty(same.Warnings);
        Assert.Empty(onlyNames.Warnings);
    }

    [Fact]
    public void Two_prefixes_that_fit_alike_and_a_file_that_fits_nowhere_are_refused()
    {
        Write(Path, [.. Usual("student."), .. Usual("teacher.")]);
        var twice = Refusal(UsualModel(named: true), WeightMatch.Name, partial: true);
        Write(Path, Usual());
        var nowhere = Refusal(Three("a", "b", "c"), WeightMatch.Name, partial: true);

        Assert.Contains("under student. and under teacher.", twice, StringComparison.Ordinal);
        Assert.Contains("a.weight", nowhere, StringComparison.Ordinal);
        Assert.Contains("conv1.weight", nowhere, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F8_E8M0", 8, 3L)]
    [InlineData("F8_E4M3", 8, 3L)]
    [InlineData("F8_E5M2FNUZ", 8, 3L)]
    [InlineData("F4", 4, 6L)]
    [InlineData("F6_E2M3", 6, 4L)]
    [InlineData("F6_E3M2", 6, 8L)]
    [InlineData("C64", 64, 1L)]
    [InlineData("I64", 64, 2L)]
    [InlineData("BOOL", 8, 5L)]
    [InlineData("F8_NOT_YET", 8, 5L)]
    public void A_published_type_is_not_supported_rather_than_damaged_and_not_in_the_way(
        string type,
        int bits,
        long count
    )
    {
        Write(Path, [.. Usual(), new("scale", [count], []) { Type = type, Bits = bits }]);
        var model = UsualModel(named: true);

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(model, Path));
        var report = WeightsFile.Load(model, Path, partial: true);

        Assert.Equal("WeightsTypeUnsupported", error.ErrorId);
        Assert.Contains(
            $"scale of net.safetensors is of type {type}, which is not supported",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("damaged", error.Message, StringComparison.Ordinal);
        Assert.Equal(["scale"], report.Unused);
        Assert.Empty(report.Unfilled);
    }

    [Fact]
    public void Half_bytes_and_unknown_types_are_still_refused_as_no_safetensors()
    {
        Write(Path, new Tensor("x", [3], []) { Type = "F4", Bits = 4 });
        var half = Assert.Throws<ConvNetException>(() => WeightsFile.Load(UsualModel(named: true), Path));
        Write(Path, new Tensor("x", [3], []) { Type = "no type", Bits = 8 });
        var unknown = Assert.Throws<ConvNetException>(() => WeightsFile.Load(UsualModel(named: true), Path));

        Assert.Equal(["ModelFileInvalid", "ModelFileInvalid"], [half.ErrorId, unknown.ErrorId]);
        Assert.Contains("whole bytes", half.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_norm_of_another_epsilon_than_PyTorchs_is_warned_of_unless_the_file_is_ours()
    {
        var model = new Model([new BatchNormLayer { Name = "bn" }], new Shape(2, 2, 3));
        Write(
            Path,
            Random("bn.weight", 3),
            Random("bn.bias", 3),
            Random("bn.running_mean", 3),
            Random("bn.running_var", 3)
        );
        var theirs = WeightsFile.Load(model, Path);
        WeightsFile.Save(model, Path);
        var ours = WeightsFile.Load(model, Path);

        Assert.Contains("BatchNormLayer.Epsilon 1e-5", Assert.Single(theirs.Warnings), StringComparison.Ordinal);
        Assert.Empty(ours.Warnings);
    }

    [Fact]
    public void A_model_file_or_a_checkpoint_gives_its_weights_too()
    {
        var old = UsualModel(named: true);
        ModelFile.Save(old, _folder.File("old.psconvnet"));
        var whole = new Model(old.Layers, old.InputShape, "again", seed: 9);
        var order = UsualModel(named: false);
        var partly = new Model(
            [.. old.Layers[..4], new DenseLayer(7) { Name = "fc1" }],
            old.InputShape,
            "new",
            seed: 9
        );

        WeightsFile.Load(whole, _folder.File("old.psconvnet"));
        WeightsFile.Load(order, _folder.File("old.psconvnet"), WeightMatch.Order);
        var report = WeightsFile.Load(partly, _folder.File("old.psconvnet"), partial: true);

        Assert.Equal(old.Store.Values, whole.Store.Values);
        Assert.Equal(old.Store.Values, order.Store.Values);
        Assert.Equal(old.GetParameter("conv2.kernel"), partly.GetParameter("conv2.kernel"));
        Assert.StartsWith("fc1: ", Assert.Single(report.Unfilled), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_a_million_dots_cost_no_more_than_their_file()
    {
        // Each is as long as a name may be.
        TensorBytes.Write(
            Path,
            [
                .. Enumerable
                    .Range(0, 250)
                    .Select(i => new Tensor($"{new string('.', 4000)}{i}.weight", [4, 4], new float[16])),
            ]
        );

        FileLimits.Hold(Path, () => Refusal(Three("first", "second", "third"), WeightMatch.Name));
        FileLimits.Hold(Path, () => Refusal(Three("first", "second", "third"), WeightMatch.Order));
        FileLimits.Hold(Path, () => Refusal(Three("first", "second", "third"), WeightMatch.Name, partial: true));
    }

    private static Tensor[] Layer(string name) => [Random($"{name}.weight", 4, 4), Random($"{name}.bias", 4)];

    private static void WriteLayers(string path, params Tensor[][] layers) =>
        TensorBytes.Write(path, [.. layers.SelectMany(l => l)]);

    private static Model Three(params string[] names) =>
        new(names.Select(name => new DenseLayer(4) { Name = name }), new Shape(4), "three");

    private string Refusal(Model model, WeightMatch match, bool partial = false)
    {
        float[] before = [.. model.Store.Values];
        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(model, Path, match, partial: partial));
        Assert.Equal("WeightsMismatch", error.ErrorId);
        Assert.Equal(before, model.Store.Values);
        return error.Message;
    }
}
