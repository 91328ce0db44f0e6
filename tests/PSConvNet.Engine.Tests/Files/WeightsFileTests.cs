using PSConvNet.Tests.Runtime;
using TorchSharp;
using static TorchSharp.torch.nn;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Files;

/// <summary>Weights as PyTorch has them, judged by libtorch's own operators on channels-first images.</summary>
public sealed class WeightsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tutorials_network_computes_the_same_from_its_file_with_torch_operators()
    {
        var model = Random(Networks.TutorialConv, new Shape(28, 28, 1));

        Compare(
            model,
            (x, w) =>
            {
                x = functional.relu(functional.conv2d(x, w["conv2d_1.weight"], w["conv2d_1.bias"]));
                x = functional.relu(functional.conv2d(x, w["conv2d_2.weight"], w["conv2d_2.bias"]));
                x = functional.max_pool2d(x, 2).flatten(1);
                x = functional.relu(functional.linear(x, w["dense_1.weight"], w["dense_1.bias"]));
                return functional.softmax(functional.linear(x, w["dense_2.weight"], w["dense_2.bias"]), 1);
            }
        );
    }

    [Fact]
    public void Residual_blocks_and_batch_norms_before_and_after_a_flatten_are_laid_out_alike()
    {
        var model = Random(
            [
                new ConvLayer(4) { KernelSize = new(3, 2) },
                new BatchNormLayer { Epsilon = 1e-5 },
                new ResidualBlock([new ConvLayer(6) { Padding = Padding.Same, UseBias = false }])
                {
                    Activation = Activation.ReLU,
                },
                new FlattenLayer(),
                new BatchNormLayer { Epsilon = 1e-5 },
                new ResidualBlock([new DropoutLayer(0.5)]),
                new ResidualBlock([new DenseLayer(5)]),
                new DenseLayer(3) { Activation = Activation.Softmax },
            ],
            new Shape(5, 6, 2)
        );

        Compare(
            model,
            (x, w) =>
            {
                x = functional.conv2d(x, w["conv2d_1.weight"], w["conv2d_1.bias"]);
                x = Norm(x, w, "batch_normalization_1");
                var inner = functional.conv2d(x, w["residual_1.conv2d_1.weight"], padding: [1, 1]);
                x = functional.relu(inner + functional.conv2d(x, w["residual_1.projection.weight"]));
                x = Norm(x.flatten(1), w, "batch_normalization_2");
                x = x + x;
                x =
                    functional.linear(x, w["residual_3.dense_1.weight"], w["residual_3.dense_1.bias"])
                    + functional.linear(x, w["residual_3.projection.weight"]);
                return functional.softmax(functional.linear(x, w["dense_1.weight"], w["dense_1.bias"]), 1);
            }
        );

        static torch.Tensor Norm(torch.Tensor x, Dictionary<string, torch.Tensor> w, string name) =>
            functional.batch_norm(
                x,
                w[name + ".running_mean"],
                w[name + ".running_var"],
                w[name + ".weight"],
                w[name + ".bias"],
                training: false,
                eps: 1e-5
            );
    }

    [Fact]
    public void What_PyTorch_would_add_up_in_another_order_is_refused()
    {
        var model = new Model(
            [new FlattenLayer(), new ResidualBlock([new DenseLayer(12)]), new DenseLayer(3)],
            new Shape(2, 2, 3)
        );

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Save(model, _folder.File("x")));

        Assert.Equal("ExportUnsupported", error.ErrorId);
        Assert.Contains("residual_1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_with_other_names_is_filled_by_order_numbers_counted_as_numbers()
    {
        // Eleven layers: as texts, layer10 and layer11 would come before layer2.
        LayerSpec[] Layers(string prefix) =>
            [.. Enumerable.Range(1, 11).Select(i => new DenseLayer(4) { Name = $"{prefix}{i}" })];
        var source = Random(Layers("layer"), new Shape(4));
        WeightsFile.Save(source, _folder.File("x"));
        var target = new Model(Layers("mine"), new Shape(4));

        WeightsFile.Load(target, _folder.File("x"), WeightMatch.Order);

        Assert.Equal(source.Store.Values, target.Store.Values);
    }

    [Fact]
    public void A_file_that_does_not_fit_changes_nothing_and_both_sides_are_named()
    {
        var source = new Model([new FlattenLayer(), new DenseLayer(4) { Name = "fc" }], new Shape(6), "source");
        WeightsFile.Save(source, _folder.File("x"));
        var otherName = Random([new DenseLayer(4)], new Shape(6));
        var otherShape = Random([new DenseLayer(5) { Name = "fc" }], new Shape(6));
        var more = Random([new DenseLayer(4), new DenseLayer(4)], new Shape(6));
        var noBias = Random([new DenseLayer(4) { UseBias = false }], new Shape(6));

        Assert.Contains("dense_1.weight", Refusal(otherName, WeightMatch.Name), StringComparison.Ordinal);
        Assert.Contains("fc.bias", Refusal(otherName, WeightMatch.Name), StringComparison.Ordinal);
        Assert.Contains(
            "fc.bias of x is 4, but fc.bias of 'model' is 5",
            Refusal(otherShape, WeightMatch.Name),
            StringComparison.Ordinal
        );
        Assert.Contains("1 module (fc), 'model' 2 layers", Refusal(more, WeightMatch.Order), StringComparison.Ordinal);
        Assert.Contains(
            "fc.bias of x has no place in dense_1",
            Refusal(noBias, WeightMatch.Order),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_batch_norms_count_of_batches_is_passed_over()
    {
        var source = Random([new BatchNormLayer()], new Shape(2, 2, 3));
        using (var stream = File.Create(_folder.File("x")))
        {
            var tensors = TorchLayout
                .Of(source, exact: true)
                .Select(tensor => new NamedTensor(tensor.Name, tensor.Shape, () => tensor.Read(source.Store)));
            SafetensorsWriter.Write(
                stream,
                [.. tensors, new NamedTensor("batch_normalization_1.num_batches_tracked", [], () => [7])]
            );
        }
        var target = new Model([new BatchNormLayer()], new Shape(2, 2, 3));

        WeightsFile.Load(target, _folder.File("x"));

        foreach (var slot in source.Store.Slots)
            Assert.Equal(source.Store.Span(slot), target.Store.Span(slot));
    }

    private string Refusal(Model model, WeightMatch match)
    {
        float[] before = [.. model.Store.Values];
        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(model, _folder.File("x"), match));
        Assert.Equal("WeightsMismatch", error.ErrorId);
        Assert.Equal(before, model.Store.Values);
        return error.Message;
    }

    private static Model Random(IEnumerable<LayerSpec> layers, Shape input)
    {
        var model = new Model(layers, input);
        var random = new Random(3);
        foreach (var slot in model.Store.Slots)
        foreach (ref var value in model.Store.Span(slot))
            value = 0.1f * random.NextSingle();
        return model;
    }

    private void Compare(Model model, Func<torch.Tensor, Dictionary<string, torch.Tensor>, torch.Tensor> network)
    {
        LibTorch.EnsureLoaded();
        WeightsFile.Save(model, _folder.File("x"));
        var shape = model.InputShape;
        var pixels = new byte[4 * shape.Size];
        new Random(1).NextBytes(pixels);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var images = torch.tensor(pixels.Select(pixel => pixel / 255f).ToArray(), [4, shape[0], shape[1], shape[2]]);

        var expected = network(images.permute(0, 3, 1, 2).contiguous(), Tensors());

        var found = Predictor.Predict(
            model,
            new ImageSet("x", pixels, new int[4], shape),
            new PredictionOptions(Precision.Float32)
        );
        Assert.All(expected.data<float>().ToArray().Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private Dictionary<string, torch.Tensor> Tensors()
    {
        using var stream = File.OpenRead(_folder.File("x"));
        var reader = new SafetensorsReader(stream, "x", "x");
        return reader.Header.Tensors.ToDictionary(
            tensor => tensor.Name,
            tensor =>
            {
                var values = new float[tensor.Count];
                reader.Read(tensor, values);
                return torch.tensor(values, [.. tensor.Shape]);
            }
        );
    }
}
