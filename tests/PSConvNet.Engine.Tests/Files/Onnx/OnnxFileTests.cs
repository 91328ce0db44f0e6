using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace PSConvNet.Tests.Files.Onnx;

public class OnnxFileTests
{
    private static readonly Dataset s_bars = Networks.Bars(train: 32, test: 8);

    [Theory]
    [InlineData("28,28,1")]
    [InlineData("28,28")]
    [InlineData("784")]
    public void Input_and_output_are_named_and_shaped_as_promised(string input)
    {
        int[] shape = [.. input.Split(',').Select(int.Parse)];
        using var peer = new OnnxPeer(new Model(Networks.TutorialDense, new Shape(shape)));

        var (name, images) = Assert.Single(peer.Session.InputMetadata);
        Assert.Equal("images", name);
        Assert.Equal((typeof(float), "batch"), (images.ElementType, images.SymbolicDimensions[0]));
        Assert.Equal([-1, .. shape], images.Dimensions);
        (name, var outputs) = Assert.Single(peer.Session.OutputMetadata);
        Assert.Equal("outputs", name);
        Assert.Equal((typeof(float), "batch"), (outputs.ElementType, outputs.SymbolicDimensions[0]));
        Assert.Equal([-1, 10], outputs.Dimensions);
    }

    [Fact]
    public void The_metadata_say_what_the_network_wants_and_gives()
    {
        var data = s_bars.RenameClasses("あ", "the \"second\"", "c, d");
        var model = new Model(Networks.SmallDense, data.Shape, "small one");
        new Trainer(model, data, new TrainingOptions { Epochs = 1 }).Run();
        using var peer = new OnnxPeer(model);

        var metadata = peer.Session.ModelMetadata;
        Assert.Equal("PSConvNet", metadata.ProducerName);
        Assert.Equal(model.ToString(), metadata.Description);
        Assert.Equal("small one", metadata.GraphName);
        var map = metadata.CustomMetadataMap;
        Assert.Equal(["class_names", "model_name", "normalisation", "output_kind"], map.Keys.Order());
        Assert.Equal(data.ClassNames, JsonSerializer.Deserialize<string[]>(map["class_names"]));
        Assert.Contains("あ", map["class_names"], StringComparison.Ordinal);
        Assert.Equal(
            ("small one", "bytes / 255", "probabilities"),
            (map["model_name"], map["normalisation"], map["output_kind"])
        );
    }

    [Fact]
    public void Outputs_that_are_no_probabilities_are_not_called_so()
    {
        using var peer = new OnnxPeer(new Model([new DenseLayer(3) { Activation = Activation.Tanh }], new Shape(7)));

        var map = peer.Session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("values", map["output_kind"]);
        Assert.DoesNotContain("class_names", map.Keys);
    }

    [Fact]
    public void Nodes_are_named_after_layers_and_weights_after_parameters()
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);

        var text = Encoding.Latin1.GetString(OnnxPeer.Export(model));

        Assert.All(model.ParameterNames, name => Assert.Contains(name, text, StringComparison.Ordinal));
        Assert.All(
            model.Summary.Layers.Where(row => row.Layer is not DropoutLayer),
            row => Assert.Contains(row.Name, text, StringComparison.Ordinal)
        );
        Assert.Contains("residual_1/conv2d_2", text, StringComparison.Ordinal);
        Assert.Contains(ConvNetEnvironment.Inspect(load: false).Version, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_taken_get_a_number()
    {
        var conv = new ConvLayer(2) { Padding = Padding.Same };
        OnnxPeer.AssertAgrees(
            [
                new ActivationLayer(Activation.Sigmoid) { Name = "outputs" },
                new ConvLayer(2) { Name = "images", Activation = Activation.ReLU },
                new ActivationLayer(Activation.Sigmoid) { Name = "images.ReLU" },
                new ActivationLayer(Activation.Sigmoid) { Name = "last.kernel" },
                new ResidualBlock([conv, conv]) { Name = "" },
                new FlattenLayer { Name = "images_2" },
                new DenseLayer(3) { Name = "last", Activation = Activation.GELU },
                new ActivationLayer(Activation.GELU) { Name = "constant.half" },
            ],
            new Shape(5, 6, 2)
        );
    }

    [Fact]
    public void Equal_models_give_equal_bytes_and_others_others()
    {
        byte[] Export(long seed) => OnnxPeer.Export(new Model(Networks.SmallOfEverything, s_bars.Shape, seed: seed));

        Assert.Equal(Export(1), Export(1));
        Assert.NotEqual(Export(1), Export(2));
    }

    [Fact]
    public void A_file_is_written_from_where_the_stream_stands_and_the_stream_left_open()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        using var stream = new MemoryStream();
        stream.WriteByte(42);

        OnnxFile.Write(model, stream);

        Assert.Equal([42, .. OnnxPeer.Export(model)], stream.ToArray());
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("activation")]
    [InlineData("within")]
    public void What_ONNX_can_not_express_is_refused_by_name_with_nothing_written(string where)
    {
        const Activation unheard = (Activation)99;
        LayerSpec layer = where switch
        {
            "dense" => new DenseLayer(3) { Activation = unheard, Name = "odd" },
            "activation" => new ActivationLayer(unheard) { Name = "odd" },
            _ => new ResidualBlock([new ActivationLayer(unheard) { Name = "odd" }]) { Name = "block" },
        };
        var model = new Model([layer], new Shape(7));
        using var stream = new MemoryStream();

        var error = Assert.Throws<ConvNetException>(() => OnnxFile.Write(model, stream));

        Assert.Equal(("ExportUnsupported", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.Equal(where == "within" ? "block/odd" : "odd", error.Target);
        Assert.Contains($"{error.Target}", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_model_that_no_file_can_hold_is_refused()
    {
        OnnxFile.RequireRoom("huge", int.MaxValue);
        var error = Assert.Throws<ConvNetException>(() => OnnxFile.RequireRoom("huge", int.MaxValue + 1L));

        Assert.Equal("ExportUnsupported", error.ErrorId);
        Assert.StartsWith("huge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_in_training_is_refused()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        using (model.UseForTraining())
        {
            var error = Assert.Throws<ConvNetException>(() => OnnxFile.Write(model, Stream.Null));
            Assert.Equal("ModelBusy", error.ErrorId);
        }

        OnnxFile.Write(model, Stream.Null);
    }
}
