namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>Small networks and data to make seeds of.</summary>
internal static class Samples
{
    /// <summary>The shape of the images.</summary>
    public static Shape Shape { get; } = new(8, 8, 1);

    /// <summary>A dense network.</summary>
    public static LayerSpec[] Dense =>
        [
            new FlattenLayer(),
            new DenseLayer(4) { Activation = Activation.ReLU },
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];

    /// <summary>A layer of each kind, with settings of each type.</summary>
    public static LayerSpec[] Everything =>
        [
            new ConvLayer(4)
            {
                Padding = Padding.Same,
                UseBias = false,
                Name = "first",
                Frozen = true,
            },
            new BatchNormLayer(),
            new ActivationLayer(Activation.ELU) { Alpha = 0.5 },
            new AveragePoolLayer(new(2, 2)),
            new ResidualBlock([new ConvLayer(4) { Padding = Padding.Of(1), Activation = Activation.SiLU }]),
            new MaxPoolLayer(new(2, 2)),
            new DropoutLayer(0.25),
            new GlobalPoolLayer(PoolKind.Average),
            new FlattenLayer(),
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];

    /// <summary>Three classes of noise.</summary>
    public static Dataset Noise { get; } =
        new("Noise", Part("Train", 32, 1), Part("Test", 8, 2), ["top", "middle", "bottom"], "made to be fuzzed");

    /// <summary>Options with settings of each type.</summary>
    public static TrainingOptions Options { get; } =
        new()
        {
            Epochs = 2,
            BatchSize = 16,
            Threads = 1,
            Precision = Precision.Float32,
            Optimizer = new SgdOptimizer { Momentum = 0.9 },
            Schedule = new ReduceOnPlateauSchedule(),
            AverageDecay = 0.9,
            LabelSmoothing = 0.1,
            ClassWeight = ClassWeights.Of([KeyValuePair.Create("top", 2.0)]),
            Augmentation = new() { Shift = 1 },
        };

    /// <summary>A network that was trained a little, so that its file has all that files have.</summary>
    public static Model Trained(LayerSpec[] layers)
    {
        var model = new Model(layers, Shape);
        new Trainer(model, Noise, Options with { ValidationSplit = 0.25, Patience = 3 }).Run();
        return model;
    }

    private static ImageSet Part(string name, int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * Shape.Size];
        random.NextBytes(pixels);
        return new ImageSet(name, pixels, [.. Enumerable.Range(0, count).Select(i => i % 3)], Shape);
    }
}
