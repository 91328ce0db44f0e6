using PSConvNet.Tests.Runtime;
using static PSConvNet.Tests.Files.TensorBytes;

namespace PSConvNet.Tests.Files;

/// <summary>
/// Weights in Keras' names and layouts, judged by a network computed here as Keras documents it: images and kernels with channels last,
/// dense kernels in x out, and what follows Flatten in the order of the image's memory.
/// </summary>
public sealed class KerasWeightsTests : IDisposable
{
    private const int Size = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.File("net.safetensors");

    /// <summary>Conv2D(4, 3, relu), BatchNormalization, DepthwiseConv2D(2, depth_multiplier=2), Flatten, Dense(3).</summary>
    private static Tensor[] Network(string prefix = "", string end = "", string depthwise = "kernel") =>
        [
            Random($"{prefix}conv2d/kernel{end}", 3, 3, 2, 4),
            Random($"{prefix}conv2d/bias{end}", 4),
            Random($"{prefix}batch_normalization/gamma{end}", 4),
            Random($"{prefix}batch_normalization/beta{end}", 4),
            Random($"{prefix}batch_normalization/moving_mean{end}", 4),
            Random($"{prefix}batch_normalization/moving_variance{end}", 4),
            Random($"{prefix}depthwise/{depthwise}{end}", 2, 2, 4, 2),
            Random($"{prefix}depthwise/bias{end}", 8),
            Random($"{prefix}dense/kernel{end}", 72, 3),
            Random($"{prefix}dense/bias{end}", 3),
        ];

    private static Model Model() =>
        new(
            [
                new ConvLayer(4) { Activation = Activation.ReLU },
                new BatchNormLayer(),
                new ConvLayer(8)
                {
                    KernelSize = new(2, 2),
                    Groups = 4,
                    Name = "depthwise",
                },
                new FlattenLayer(),
                new DenseLayer(3),
            ],
            new Shape(Size, Size, 2),
            "mine"
        );

    /// <summary>What Keras documents of SeparableConv2D(3, 2, depth_multiplier=2), in fp64.</summary>
    [Theory]
    [InlineData(WeightMatch.Name)]
    [InlineData(WeightMatch.Order)]
    public void A_separable_convolution_computes_what_Keras_documents(WeightMatch match)
    {
        var depthwise = Random("separable_conv2d/depthwise_kernel", 2, 2, 2, 2);
        var pointwise = Random("separable_conv2d/pointwise_kernel", 1, 1, 4, 3);
        var bias = Random("separable_conv2d/bias", 3);
        Write(Path, [depthwise, pointwise, bias]);
        var layer = new SeparableConvLayer(3)
        {
            KernelSize = new(2, 2),
            DepthMultiplier = 2,
            Activation = Activation.Tanh,
        };
        var model = new Model([layer], new Shape(3, 3, 2), "mine");
        var pixels = new byte[18];
        new Random(6).NextBytes(pixels);

        WeightsFile.Load(model, Path, match, WeightsOrigin.Keras);

        var found = Predictor.Predict(
            model,
            new ImageSet("x", pixels, new int[1], model.InputShape),
            new PredictionOptions(Precision.Float32)
        );
        // The predictor gives an image's channels one after another.
        var expected =
            from filter in Enumerable.Range(0, 3)
            from y in Enumerable.Range(0, 2)
            from x in Enumerable.Range(0, 2)
            select Math.Tanh(
                bias.Values[filter]
                    + (
                        from channel in Enumerable.Range(0, 2)
                        from multiple in Enumerable.Range(0, 2)
                        let mixed = pointwise.Values[(channel * 2 + multiple) * 3 + filter]
                        from i in Enumerable.Range(0, 2)
                        from j in Enumerable.Range(0, 2)
                        let pixel = pixels[((y + i) * 3 + x + j) * 2 + channel] / 255.0
                        select mixed * depthwise.Values[((i * 2 + j) * 2 + channel) * 2 + multiple] * pixel
                    ).Sum()
            );
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData("", "", "kernel", false, WeightMatch.Name)]
    [InlineData("sequential/", "", "kernel", true, WeightMatch.Name)]
    [InlineData("", ":0", "depthwise_kernel", true, WeightMatch.Name)]
    [InlineData("model_3/", ":0", "depthwise_kernel", true, WeightMatch.Order)]
    public void The_network_computes_what_Keras_documents(
        string prefix,
        string end,
        string depthwise,
        bool sorted,
        WeightMatch match
    )
    {
        var tensors = Network(prefix, end, depthwise);
        Tensor[] written =
        [
            .. tensors,
            new($"{prefix}dropout/seed_generator/seed_generator_state", [2], []) { Type = "U32" },
        ];
        Write(Path, sorted ? [.. written.OrderBy(t => t.Name, StringComparer.Ordinal)] : written);
        var model = Model();
        var pixels = new byte[Size * Size * 2];
        new Random(5).NextBytes(pixels);

        var report = WeightsFile.Load(model, Path, match, WeightsOrigin.Keras);

        Assert.Empty(report.Warnings);
        var found = Predictor.Predict(
            model,
            new ImageSet("x", pixels, new int[1], model.InputShape),
            new PredictionOptions(Precision.Float32)
        );
        var expected = Compute([.. pixels.Select(pixel => pixel / 255.0)], tensors);
        // Answers are probabilities, also of a network that ends in logits.
        var sum = expected.Sum(Math.Exp);
        Assert.All(expected.Zip(found), pair => Assert.Equal(Math.Exp(pair.First) / sum, pair.Second, 1e-5));
    }

    [Fact]
    public void Automatic_names_count_on_from_where_the_files_model_begins()
    {
        // The second model of a Keras session: its layers are dense_4 and dense_5, the one below would fit dense_2 by its letters.
        Write(
            Path,
            Random("dense_2/kernel", 4, 4),
            Random("dense_2/bias", 4),
            Random("dense_3/kernel", 4, 4),
            Random("dense_3/bias", 4)
        );
        var model = new Model([new DenseLayer(4), new DenseLayer(4), new DenseLayer(7)], new Shape(4));

        var report = WeightsFile.Load(model, Path, from: WeightsOrigin.Keras, partial: true);

        Assert.Equal(Transposed(Random("dense_2/kernel", 4, 4).Values, 4), model.GetParameter("dense_1.kernel"));
        Assert.Equal(Transposed(Random("dense_3/kernel", 4, 4).Values, 4), model.GetParameter("dense_2.kernel"));
        Assert.Single(report.Unfilled);
    }

    [Theory]
    [InlineData("separable_conv2d/depthwise_kernel", "separable_conv2d/pointwise_kernel", "pointwise_kernel")]
    [InlineData("lstm/kernel", "lstm/recurrent_kernel", "recurrent_kernel")]
    public void Layers_that_there_are_none_of_here_are_refused_by_name(string first, string second, string named)
    {
        Write(Path, [.. Network(), Random(first, 3, 3, 4, 1), Random(second, 1, 1, 4, 8)]);

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(Model(), Path, from: WeightsOrigin.Keras));

        Assert.Equal("WeightsMismatch", error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_the_other_convention_are_answered_with_the_argument()
    {
        Write(Path, Network());
        var keras = Assert.Throws<ConvNetException>(() => WeightsFile.Load(Model(), Path, WeightMatch.Order));
        WeightsFile.Save(Model(), Path);
        var torch = Assert.Throws<ConvNetException>(() => WeightsFile.Load(Model(), Path, from: WeightsOrigin.Keras));

        Assert.Contains("give from: WeightsOrigin.Keras", keras.Message, StringComparison.Ordinal);
        Assert.Contains("leave out from: WeightsOrigin.Keras", torch.Message, StringComparison.Ordinal);
    }

    private static float[] Transposed(float[] values, int columns) =>
        [
            .. Enumerable
                .Range(0, values.Length)
                .Select(i => values[i % (values.Length / columns) * columns + i / (values.Length / columns)]),
        ];

    /// <summary>The network by its definition, each sum written out.</summary>
    private static double[] Compute(double[] image, Tensor[] w)
    {
        var (kernel, bias) = (w[0].Values, w[1].Values);
        var conv = new double[4 * 4 * 4];
        for (var y = 0; y < 4; y++)
        for (var x = 0; x < 4; x++)
        for (var o = 0; o < 4; o++)
        {
            var sum = (double)bias[o];
            for (var ky = 0; ky < 3; ky++)
            for (var kx = 0; kx < 3; kx++)
            for (var i = 0; i < 2; i++)
                sum += image[((y + ky) * Size + x + kx) * 2 + i] * kernel[((ky * 3 + kx) * 2 + i) * 4 + o];
            var normal = (Math.Max(0, sum) - w[4].Values[o]) / Math.Sqrt(w[5].Values[o] + 1e-3);
            conv[(y * 4 + x) * 4 + o] = w[2].Values[o] * normal + w[3].Values[o];
        }
        // Output channel i * 2 + m looks at channel i.
        var depthwise = new double[3 * 3 * 8];
        for (var y = 0; y < 3; y++)
        for (var x = 0; x < 3; x++)
        for (var i = 0; i < 4; i++)
        for (var m = 0; m < 2; m++)
        {
            var sum = (double)w[7].Values[i * 2 + m];
            for (var ky = 0; ky < 2; ky++)
            for (var kx = 0; kx < 2; kx++)
                sum += conv[((y + ky) * 4 + x + kx) * 4 + i] * w[6].Values[((ky * 2 + kx) * 4 + i) * 2 + m];
            depthwise[(y * 3 + x) * 8 + i * 2 + m] = sum;
        }
        var outputs = new double[3];
        for (var o = 0; o < 3; o++)
            outputs[o] = w[9].Values[o] + depthwise.Select((value, i) => value * w[8].Values[i * 3 + o]).Sum();
        return outputs;
    }
}
