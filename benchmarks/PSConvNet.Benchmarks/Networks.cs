namespace PSConvNet.Benchmarks;

/// <summary>The networks that are measured.</summary>
internal static class Networks
{
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

    /// <summary>Six convolutions, each with batch norm, two of them in a residual block. PlainNetworks.Deep is its twin.</summary>
    public static Model DeepConv() =>
        new(
            [
                .. ConvNormReLU(32),
                .. ConvNormReLU(32),
                new MaxPoolLayer(new(2, 2)),
                .. ConvNormReLU(64),
                new ResidualBlock([.. ConvNormReLU(64), Conv(64), new BatchNormLayer()])
                {
                    Activation = Activation.ReLU,
                },
                new MaxPoolLayer(new(2, 2)),
                .. ConvNormReLU(128),
                new GlobalPoolLayer(PoolKind.Average),
                new DenseLayer(10) { Activation = Activation.Softmax },
            ],
            new Shape(28, 28, 1),
            "deep"
        );

    /// <summary>Every kind of kernel the tutorial's network has, in little: ten thousand batches in seconds.</summary>
    public static Model Small() =>
        new(
            [
                new ConvLayer(16) { Activation = Activation.ReLU, Stride = new(2, 2) },
                new ConvLayer(16) { Activation = Activation.ReLU },
                new MaxPoolLayer(new(2, 2)),
                new DropoutLayer(0.25),
                new FlattenLayer(),
                new DenseLayer(10) { Activation = Activation.Softmax },
            ],
            new Shape(28, 28, 1),
            "small"
        );

    private static LayerSpec[] ConvNormReLU(int filters) =>
        [Conv(filters), new BatchNormLayer(), new ActivationLayer(Activation.ReLU)];

    // No bias: the batch norm after it takes any away.
    private static ConvLayer Conv(int filters) => new(filters) { Padding = Padding.Same, UseBias = false };
}
