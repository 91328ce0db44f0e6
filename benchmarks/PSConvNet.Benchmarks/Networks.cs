namespace PSConvNet.Benchmarks;

/// <summary>The networks that are measured.</summary>
internal static class Networks
{
    /// <summary>The tutorial's convolutional network. PlainNetworks.TutorialConv is its twin.</summary>
    public static Model TutorialConv() => Preset(ModelPreset.TutorialConv);

    /// <summary>Six convolutions, each with batch norm, two of them in a residual block. PlainNetworks.Deep is its twin.</summary>
    public static Model DeepConv() => Preset(ModelPreset.DeepConv);

    /// <summary>The small network that learns MNIST in seconds.</summary>
    public static Model FastConv() => Preset(ModelPreset.FastConv);

    /// <summary>
    /// LeNet-5 (LeCun et al. 1998) with ReLU and max pooling, as SimpleChains.jl and Flux's model zoo train it: 44,426 parameters.
    /// </summary>
    public static Model LeNet() =>
        new(
            [
                new ConvLayer(6) { KernelSize = new(5, 5), Activation = Activation.ReLU },
                new MaxPoolLayer(new(2, 2)),
                new ConvLayer(16) { KernelSize = new(5, 5), Activation = Activation.ReLU },
                new MaxPoolLayer(new(2, 2)),
                new FlattenLayer(),
                new DenseLayer(120) { Activation = Activation.ReLU },
                new DenseLayer(84) { Activation = Activation.ReLU },
                new DenseLayer(10) { Activation = Activation.Softmax },
            ],
            new Shape(28, 28, 1),
            "LeNet-5"
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

    private static Model Preset(ModelPreset preset) =>
        new(ModelPresets.Layers(preset), new Shape(28, 28, 1), preset.ToString());
}
