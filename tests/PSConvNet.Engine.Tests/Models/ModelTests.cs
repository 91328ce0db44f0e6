namespace PSConvNet.Tests.Models;

public class ModelTests
{
    private static readonly Shape s_image = new(28, 28, 1);

    [Fact]
    public void The_tutorials_network_has_1199882_parameters()
    {
        var model = new Model(Networks.TutorialConv, s_image);

        Assert.Equal(1_199_882, model.ParameterCount);
        Assert.Equal([320, 18_496, 0, 0, 0, 1_179_776, 0, 1_290], model.Summary.Layers.Select(l => l.Parameters));
    }

    [Fact]
    public void Batch_norm_has_four_numbers_a_channel_of_which_two_are_trained()
    {
        var model = new Model([new ConvLayer(5) { UseBias = false }, new BatchNormLayer()], s_image);

        Assert.Equal((20, 10), (model.Summary.Layers[1].Parameters, model.Summary.Layers[1].TrainableParameters));
        Assert.Equal(10, model.Summary.NonTrainableParameterCount);
    }

    [Fact]
    public void Layers_are_named_after_their_kind_and_counted()
    {
        var model = new Model(Networks.TutorialConv, s_image);

        Assert.Equal(
            ["conv2d_1", "conv2d_2", "max_pooling2d_1", "dropout_1", "flatten_1", "dense_1", "dropout_2", "dense_2"],
            model.Summary.Layers.Select(l => l.Name)
        );
    }

    [Fact]
    public void Glorot_uniform_kernels_fill_their_range_and_biases_are_zero()
    {
        var model = new Model(Networks.TutorialConv, s_image);

        // Glorot and Bengio: ± sqrt(6 / (fan in + fan out)), here 3·3·32 and 3·3·64.
        var limit = Math.Sqrt(6.0 / (288 + 576));
        var kernel = model.GetParameter("conv2d_2.kernel");
        Assert.All(kernel, w => Assert.InRange(w, -limit, limit));
        Assert.InRange(kernel.Max(), 0.99 * limit, limit);
        Assert.Equal(0, kernel.Average(), 2e-3);
        Assert.Equal(limit * limit / 3, kernel.Average(w => (double)w * w), limit * limit / 30);
        Assert.All(model.GetParameter("conv2d_2.bias"), b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(Initializer.HeNormal, 2.0 / 784)]
    [InlineData(Initializer.GlorotNormal, 2.0 / (784 + 400))]
    [InlineData(Initializer.LeCunNormal, 1.0 / 784)]
    [InlineData(Initializer.HeUniform, 2.0 / 784)]
    [InlineData(Initializer.LeCunUniform, 1.0 / 784)]
    public void Initializers_have_the_published_variance(Initializer initializer, double variance)
    {
        var model = new Model([new FlattenLayer(), new DenseLayer(400) { Initializer = initializer }], s_image);

        var kernel = model.GetParameter("dense_1.kernel");

        Assert.Equal(variance, kernel.Average(w => (double)w * w), variance * 0.02);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_and_others_give_others()
    {
        float[] Weights(long seed) =>
            new Model(Networks.SmallDense, new Shape(8, 8, 1), seed: seed).GetParameter("dense_1.kernel");

        Assert.Equal(Weights(1), Weights(1));
        Assert.NotEqual(Weights(1), Weights(2));
    }

    [Fact]
    public void The_summary_prints_as_a_table_with_totals()
    {
        var table = new Model(Networks.TutorialConv, s_image, "conv").Summary.ToTable();

        Assert.Contains("conv: input 28 x 28 x 1", table, StringComparison.Ordinal);
        Assert.Matches(@"dense_1 +Dense \(128 units, ReLU\) +128 +1,179,776", table);
        Assert.Contains("Total parameters: 1,199,882 (4.58 MB)", table, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_parameter_is_an_error_that_lists_the_known_ones()
    {
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1));

        var error = Assert.Throws<ConvNetException>(() => model.GetParameter("dense_9.kernel"));

        Assert.Equal("ParameterUnknown", error.ErrorId);
        Assert.Contains("dense_1.kernel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_equal_by_value()
    {
        Assert.Equal(Networks.SmallOfEverything, Networks.SmallOfEverything);
        Assert.NotEqual<LayerSpec>(new ConvLayer(3), new ConvLayer(3) { Stride = new(2, 2) });
    }

    [Theory]
    [InlineData(28, 28)]
    [InlineData(1, 28, 28)]
    [InlineData(28, 28, 1)]
    public void Images_whose_meaning_is_plain_are_taken_whatever_dimensions_of_one_they_have(params int[] shape)
    {
        var model = new Model(Networks.TutorialDense, s_image);
        var messages = new List<string>();

        var fitted = ModelInput.Fit(model, new ImageSet("Test", new byte[784], [0], new Shape(shape)), messages.Add);

        Assert.Equal(s_image, fitted.Shape);
        Assert.Equal(new Shape(shape).Equals(s_image) ? 0 : 1, messages.Count);
    }

    [Theory]
    [InlineData(14, 56)]
    [InlineData(784)]
    [InlineData(28, 28, 3)]
    public void Images_that_do_not_fit_are_refused_with_both_shapes(params int[] shape)
    {
        var model = new Model(Networks.TutorialDense, s_image);
        var images = new Shape(shape);

        var error = Assert.Throws<ConvNetException>(() =>
            ModelInput.Fit(model, new ImageSet("Test", new byte[images.Size], [0], images))
        );

        Assert.Equal("DataShapeMismatch", error.ErrorId);
        Assert.Contains("28 x 28 x 1", error.Message, StringComparison.Ordinal);
        Assert.Contains(images.ToString(), error.Message, StringComparison.Ordinal);
    }
}
