namespace PSConvNet.Tests;

/// <summary>Networks and images that several tests use.</summary>
internal static class Networks
{
    public static LayerSpec[] TutorialConv =>
        [
            new ConvLayer(32) { Activation = Activation.ReLU },
            new ConvLayer(64) { Activation = Activation.ReLU },
            new MaxPoolLayer(new(2, 2)),
            new DropoutLayer(0.25),
            new FlattenLayer(),
            new DenseLayer(128) { Activation = Activation.ReLU },
            new DropoutLayer(0.5),
            new DenseLayer(10) { Activation = Activation.Softmax },
        ];

    public static LayerSpec[] TutorialDense =>
        [
            new FlattenLayer(),
            new DenseLayer(512) { Activation = Activation.ReLU },
            new DropoutLayer(0.2),
            new DenseLayer(512) { Activation = Activation.ReLU },
            new DropoutLayer(0.2),
            new DenseLayer(10) { Activation = Activation.Softmax },
        ];

    /// <summary>A convolution, a batch norm, a residual block and dropout in little space.</summary>
    public static LayerSpec[] SmallOfEverything =>
        [
            new ConvLayer(6) { Padding = Padding.Same, UseBias = false },
            new BatchNormLayer(),
            new ActivationLayer(Activation.ReLU),
            new MaxPoolLayer(new(2, 2)),
            new ResidualBlock([
                new ConvLayer(8) { Padding = Padding.Same, Activation = Activation.SiLU },
                new ConvLayer(8) { Padding = Padding.Same },
            ]),
            new DropoutLayer(0.25),
            new GlobalPoolLayer(PoolKind.Average),
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];

    public static LayerSpec[] SmallDense =>
        [
            new FlattenLayer(),
            new DenseLayer(16) { Activation = Activation.ReLU },
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];

    /// <summary>Three classes of noisy images: a bright bar at the top, in the middle, at the bottom.</summary>
    public static Dataset Bars(int train = 240, int test = 90, int size = 8, int seed = 1)
    {
        var shape = new Shape(size, size, 1);
        return new Dataset(
            "Bars",
            Part("Train", train, shape, seed),
            Part("Test", test, shape, seed + 1),
            ["top", "middle", "bottom"],
            "made by the tests"
        );
    }

    private static ImageSet Part(string name, int count, Shape shape, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * shape.Size];
        random.NextBytes(pixels);
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = random.Next(3);
            var row = labels[i] * (shape[0] - 1) / 2;
            for (var j = 0; j < shape.Size; j++)
            {
                var bright = j / shape[1] == row ? 120 : 0;
                pixels[i * shape.Size + j] = (byte)(pixels[i * shape.Size + j] / 2 + bright);
            }
        }
        return new ImageSet(name, pixels, labels, shape);
    }
}
