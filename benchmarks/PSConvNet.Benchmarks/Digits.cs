namespace PSConvNet.Benchmarks;

/// <summary>The images everything is measured on: the real digits where PSCONVNET_DATA or the cache has them, synthetic ones elsewhere.</summary>
internal static class Digits
{
    public static Dataset Load()
    {
        var source = new MnistSource(MnistName.Digits, MnistLocations.FromEnvironment());
        var data = source.Find() is { } folder ? source.Read(folder) : SyntheticDigits.Generate();
        return data.ExpandDimension();
    }

    /// <summary>The tutorial's convolutional network.</summary>
    public static Model TutorialConv() =>
        new(
            [
                new ConvLayer(32) { Activation = Activation.ReLU },
                new ConvLayer(64) { Activation = Activation.ReLU },
                new MaxPoolLayer(new(2, 2)),
                new DropoutLayer(0.25),
                new FlattenLayer(),
                new DenseLayer(128) { Activation = Activation.ReLU },
                new DropoutLayer(0.5),
                new DenseLayer(10) { Activation = Activation.Softmax },
            ],
            new Shape(28, 28, 1),
            "conv"
        );
}
