namespace PSConvNet.Models;

/// <summary>Networks ready to be built.</summary>
public enum ModelPreset
{
    /// <summary>The tutorial's convolutional network: 32 and 64 filters, pooling, dropout, 128 units.</summary>
    TutorialConv,

    /// <summary>The tutorial's dense network: 512 and 512 units with dropout.</summary>
    TutorialDense,

    /// <summary>A small network for the quickest road to 99 % of the digits: pooling right after each of two convolutions.</summary>
    FastConv,

    /// <summary>Six convolutions with batch normalisation, two of them in a residual block.</summary>
    DeepConv,
}

/// <summary>The layers of the presets.</summary>
public static class ModelPresets
{
    /// <summary>The units of a preset's last layer unless another number is given.</summary>
    public const int DefaultClasses = 10;

    private static readonly Window s_half = new(2, 2);

    /// <summary>A preset's layers, for images of at least 28 x 28 pixels of any number of channels.</summary>
    /// <param name="preset">Which.</param>
    /// <param name="classes">Units of the last layer; at least 1.</param>
    public static IReadOnlyList<LayerSpec> Layers(ModelPreset preset, int classes = DefaultClasses)
    {
        var last = new DenseLayer(classes) { Activation = Activation.Softmax };
        return preset switch
        {
            ModelPreset.TutorialConv =>
            [
                new ConvLayer(32) { Activation = Activation.ReLU },
                new ConvLayer(64) { Activation = Activation.ReLU },
                new MaxPoolLayer(s_half),
                new DropoutLayer(0.25),
                new FlattenLayer(),
                new DenseLayer(128) { Activation = Activation.ReLU },
                new DropoutLayer(0.5),
                last,
            ],
            ModelPreset.TutorialDense =>
            [
                new FlattenLayer(),
                new DenseLayer(512) { Activation = Activation.ReLU },
                new DropoutLayer(0.2),
                new DenseLayer(512) { Activation = Activation.ReLU },
                new DropoutLayer(0.2),
                last,
            ],
            ModelPreset.FastConv =>
            [
                new ConvLayer(32)
                {
                    KernelSize = new(5, 5),
                    Activation = Activation.ReLU,
                    Initializer = Initializer.HeUniform,
                },
                new MaxPoolLayer(s_half),
                new ConvLayer(32) { Activation = Activation.ReLU, Initializer = Initializer.HeUniform },
                new MaxPoolLayer(s_half),
                new FlattenLayer(),
                new DenseLayer(128) { Activation = Activation.ReLU },
                last,
            ],
            ModelPreset.DeepConv =>
            [
                .. NormalisedConv(32),
                .. NormalisedConv(32),
                new MaxPoolLayer(s_half),
                .. NormalisedConv(64),
                new ResidualBlock([.. NormalisedConv(64), .. NormalisedConv(64)[..^1]])
                {
                    Activation = Activation.ReLU,
                },
                new MaxPoolLayer(s_half),
                .. NormalisedConv(128),
                new GlobalPoolLayer(PoolKind.Average),
                last,
            ],
            _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "There is no such preset."),
        };
    }

    /// <summary>The normalisation subtracts a mean, so a bias before it would do nothing.</summary>
    private static LayerSpec[] NormalisedConv(int filters) =>
        [
            new ConvLayer(filters)
            {
                Padding = Padding.Same,
                UseBias = false,
                Initializer = Initializer.HeUniform,
            },
            new BatchNormLayer { Momentum = 0.9 },
            new ActivationLayer(Activation.ReLU),
        ];
}
