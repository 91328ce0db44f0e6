using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Layers;

public class LayerErrorTests
{
    private static readonly Shape s_image = new(28, 28, 1);

    [Fact]
    public void A_dense_layer_on_an_image_is_refused_with_name_shape_and_remedy()
    {
        var error = Assert.Throws<ConvNetException>(() => new Model([new ConvLayer(8), new DenseLayer(10)], s_image));

        Assert.Equal("LayerShapeMismatch", error.ErrorId);
        Assert.Contains("dense_1", error.Message, StringComparison.Ordinal);
        Assert.Contains("26 x 26 x 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("FlattenLayer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_larger_than_its_input_is_refused_with_both_sizes()
    {
        var error = Assert.Throws<ConvNetException>(() =>
            new Model([new MaxPoolLayer(new(14, 14)), new ConvLayer(4) { KernelSize = new(5, 5) }], s_image)
        );

        Assert.Equal("LayerShapeMismatch", error.ErrorId);
        Assert.Contains("2 x 2 x 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("5 x 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_convolution_of_images_without_a_channel_points_to_ExpandDimension()
    {
        var error = Assert.Throws<ConvNetException>(() => new Model([new ConvLayer(4)], new Shape(28, 28)));

        Assert.Equal("LayerShapeMismatch", error.ErrorId);
        Assert.Contains("Dataset.ExpandDimension", error.Message, StringComparison.Ordinal);
        Assert.Contains("28,28,1", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> ImpossibleSettings => [.. s_impossible.Keys];

    private static readonly Dictionary<string, LayerSpec> s_impossible = new()
    {
        ["no units"] = new DenseLayer(0),
        ["negative L2"] = new DenseLayer(3) { L2 = -1 },
        ["L2 not a number"] = new ConvLayer(3) { L2 = double.NaN },
        ["no filters"] = new ConvLayer(0),
        ["window of none"] = new ConvLayer(3) { KernelSize = new(0, 3) },
        ["stride of none"] = new ConvLayer(3) { Stride = new(1, 0) },
        ["dilation of none"] = new ConvLayer(3) { Dilation = new(0, 1) },
        ["groups that don't divide the filters"] = new ConvLayer(3) { Groups = 2 },
        ["no groups"] = new ConvLayer(3) { Groups = 0 },
        ["dropout of all"] = new DropoutLayer(1),
        ["dropout below none"] = new DropoutLayer(-0.1),
        ["dropout not a number"] = new DropoutLayer(double.NaN),
        ["pool of none"] = new MaxPoolLayer(new(0, 2)),
        ["alpha for ReLU"] = new ActivationLayer(Activation.ReLU) { Alpha = 0.1 },
        ["momentum of one"] = new BatchNormLayer { Momentum = 1 },
        ["epsilon that fp32 has not"] = new LayerNormLayer { Epsilon = 1e-50 },
        ["epsilon that fp32 has not either"] = new BatchNormLayer { Epsilon = 1e300 },
        ["epsilon of none"] = new BatchNormLayer { Epsilon = 0 },
        ["empty residual block"] = new ResidualBlock([]),
    };

    [Theory]
    [MemberData(nameof(ImpossibleSettings))]
    public void Impossible_settings_are_refused(string name)
    {
        var error = Assert.Throws<ConvNetException>(() => s_impossible[name].Validate());

        Assert.Equal("LayerSettingInvalid", error.ErrorId);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
    }

    [Theory]
    [InlineData("maybe")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData(null)]
    [InlineData("")]
    public void Padding_that_is_none_is_refused(string? text)
    {
        Assert.Equal("LayerSettingInvalid", Assert.Throws<ConvNetException>(() => Padding.Parse(text)).ErrorId);
    }

    [Fact]
    public void A_residual_block_that_no_projection_fits_is_refused()
    {
        var error = Assert.Throws<ConvNetException>(() => new Model([new ResidualBlock([new ConvLayer(8)])], s_image));

        Assert.Equal("LayerShapeMismatch", error.ErrorId);
        Assert.Contains("Padding.Same", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_norm_of_single_values_is_refused_for_it_would_leave_nothing_of_them()
    {
        var error = Assert.Throws<ConvNetException>(() => new Model([new LayerNormLayer()], s_image));

        Assert.Equal("LayerShapeMismatch", error.ErrorId);
        Assert.Contains("FlattenLayer", error.Message, StringComparison.Ordinal);
        _ = new Model([new FlattenLayer(), new LayerNormLayer()], s_image);
    }

    [Fact]
    public void A_network_that_no_file_could_hold_is_refused()
    {
        LayerSpec Nested(int depth) => depth == 0 ? new DenseLayer(4) : new ResidualBlock([Nested(depth - 1)]);
        string Refused(params LayerSpec[] layers) =>
            Assert.Throws<ConvNetException>(() => new Model(layers, new Shape(4))).ErrorId;

        Assert.Equal("LayerSettingInvalid", Refused(new DenseLayer(4) { Name = new string('x', 1001) }));
        Assert.Equal("ModelTooLarge", Refused(Nested(17)));
        Assert.Equal("ModelTooLarge", Refused([.. Enumerable.Repeat(new DropoutLayer(0), 10_001)]));

        using var folder = new TemporaryFolder();
        var path = folder.File("largest.psconvnet");
        ModelFile.Save(new Model([Nested(16), new DenseLayer(4) { Name = new string('x', 1000) }], new Shape(4)), path);
        Assert.Equal(2, ModelFile.Load(path).Layers.Length);
    }

    public static TheoryData<string, string> TooLarge =>
        new()
        {
            { "padding", "at conv2d_1, and at most 268435456 are supported" },
            { "filters", "at conv2d_1, and at most 268435456 are supported" },
            { "filters beyond counting", "conv2d_1 would have outputs or weights of more than 2147483647 values" },
            { "weights beyond counting", "dense_2 would have outputs or weights of more than 2147483647 values" },
            { "weights", "Up to dense_1 it would have 785000000 parameters, and at most 536870912 are supported" },
            { "weights of several", "Up to dense_2 it would have 550528150 parameters" },
        };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void A_network_that_memory_could_not_hold_is_refused_with_the_layer_and_the_limit(
        string what,
        string message
    )
    {
        LayerSpec[] layers = what switch
        {
            "padding" => [new ConvLayer(1) { Padding = Padding.Of(10_000) }],
            "filters" => [new ConvLayer(1_000_000)],
            "filters beyond counting" => [new ConvLayer(1_000_000) { Padding = Padding.Of(1000) }],
            "weights beyond counting" => [new FlattenLayer(), new DenseLayer(100_000), new DenseLayer(100_000)],
            "weights" => [new FlattenLayer(), new DenseLayer(1_000_000)],
            _ => [new FlattenLayer(), new DenseLayer(23_000), new DenseLayer(23_150)],
        };

        var error = Assert.Throws<ConvNetException>(() => new Model(layers, s_image, "large"));

        Assert.Equal("ModelTooLarge", error.ErrorId);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConvLayer.Filters must be from 1 to 1000000, not 1000001.")]
    [InlineData("DenseLayer.Units must be from 1 to 1000000, not 1000001.")]
    [InlineData("ConvLayer.KernelSize must be from 1 to 10000 in both directions, not 3 x 10001.")]
    [InlineData("ConvLayer.Filters must be a multiple of ConvLayer.Groups 2, not 3.")]
    public void A_setting_that_is_refused_is_named_as_it_is_written(string message)
    {
        LayerSpec layer =
            message.StartsWith("Dense", StringComparison.Ordinal) ? new DenseLayer(1_000_001)
            : message.Contains("Kernel", StringComparison.Ordinal) ? new ConvLayer(3) { KernelSize = new(3, 10_001) }
            : message.Contains("Groups", StringComparison.Ordinal) ? new ConvLayer(3) { Groups = 2 }
            : new ConvLayer(1_000_001);

        Assert.Equal(message, Assert.Throws<ConvNetException>(layer.Validate).Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_name_is_replaced_as_no_file_can_hold_it() =>
        Assert.Equal("a\uFFFDb", new DenseLayer(1) { Name = "a\ud800b" }.Name);

    [Fact]
    public void Two_layers_of_one_name_are_refused()
    {
        var error = Assert.Throws<ConvNetException>(() =>
            new Model([new FlattenLayer { Name = "a" }, new DenseLayer(3) { Name = "A" }], s_image)
        );

        Assert.Equal("LayerNameDuplicate", error.ErrorId);
    }

    [Fact]
    public void Two_layers_of_a_block_can_not_have_one_name_either()
    {
        LayerSpec Block(params LayerSpec[] layers) => new ResidualBlock([.. layers]);
        var named = new DenseLayer(4) { Name = "a" };

        foreach (var second in (LayerSpec[])[named, new DenseLayer(4) { Name = "A" }])
        {
            var error = Assert.Throws<ConvNetException>(() => new Model([Block(named, second)], new Shape(4)));
            Assert.Equal("LayerNameDuplicate", error.ErrorId);
        }
        // An automatic name may be somebody's given one.
        Assert.Throws<ConvNetException>(() =>
            new Model([Block(new DenseLayer(4), new DenseLayer(4) { Name = "dense_1" })], new Shape(4))
        );
    }

    [Fact]
    public void A_model_of_no_layers_is_refused()
    {
        Assert.Equal("ModelEmpty", Assert.Throws<ConvNetException>(() => new Model([], s_image)).ErrorId);
    }

    [Fact]
    public void A_softmax_in_the_middle_is_a_warning_and_at_the_end_is_not()
    {
        var layers = new LayerSpec[]
        {
            new FlattenLayer(),
            new DenseLayer(5) { Activation = Activation.Softmax },
            new DenseLayer(3) { Activation = Activation.Softmax },
        };

        var warning = Assert.Single(new Model(layers, s_image).Warnings);

        Assert.Contains("dense_1", warning, StringComparison.Ordinal);
    }
}
