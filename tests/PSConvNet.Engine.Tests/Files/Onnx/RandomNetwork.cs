namespace PSConvNet.Tests.Files.Onnx;

/// <summary>Networks that nobody would think of.</summary>
internal sealed class RandomNetwork
{
    private static readonly Padding[] s_paddings = [Padding.Valid, Padding.Same, Padding.Of(1)];
    private readonly Random _random;

    public RandomNetwork(int seed)
    {
        _random = new Random(seed);
        Input = _random.Next(6) switch
        {
            0 => new Shape(_random.Next(1, 9)),
            1 => new Shape(_random.Next(1, 9), _random.Next(1, 9)),
            _ => new Shape(_random.Next(1, 13), _random.Next(1, 13), _random.Next(1, 5)),
        };
        var (layers, shape) = Sequence(Input, _random.Next(1, 8), depth: 0);
        if (_random.Next(2) == 0)
        {
            if (shape.Rank > 1)
                layers.Add(new FlattenLayer());
            layers.Add(new DenseLayer(3) { Activation = Choose(Activation.Softmax, Activation.None) });
        }
        else
        {
            layers.Add(new ActivationLayer(Activation.Tanh));
        }
        Layers = layers;
    }

    public Shape Input { get; }

    public IReadOnlyList<LayerSpec> Layers { get; }

    /// <summary>Layers that fit, out of as many attempts.</summary>
    private (List<LayerSpec> Layers, Shape Output) Sequence(Shape shape, int attempts, int depth)
    {
        var layers = new List<LayerSpec>();
        for (; attempts > 0; attempts--)
        {
            try
            {
                var layer = Layer(shape, depth);
                layer.Validate();
                shape = layer.InferShape(shape);
                layers.Add(layer);
            }
            catch (ConvNetException)
            {
                // It does not fit here; another may.
            }
        }
        return (layers, shape);
    }

    private LayerSpec Layer(Shape shape, int depth) =>
        _random.Next(depth < 2 ? 12 : 11) switch
        {
            0 or 1 => new ConvLayer(_random.Next(1, 4) * 2)
            {
                KernelSize = Window(3),
                Stride = Window(2),
                Dilation = Window(2),
                Padding = Choose(s_paddings),
                Groups = Choose(1, 1, 2),
                UseBias = Choose(true, false),
                Activation = Choose(Enum.GetValues<Activation>()),
            },
            2 => new MaxPoolLayer(Window(3)) { Stride = Window(3), Padding = Choose(s_paddings) },
            3 => new AveragePoolLayer(Window(3)) { Stride = Window(3), Padding = Choose(s_paddings) },
            4 => new GlobalPoolLayer(Choose(PoolKind.Average, PoolKind.Maximum)),
            5 => new DenseLayer(_random.Next(1, 9))
            {
                UseBias = Choose(true, false),
                Activation = Choose(Enum.GetValues<Activation>()),
            },
            6 => Choose<LayerSpec>(new DropoutLayer(0.5), new FlattenLayer()),
            7 => new BatchNormLayer(),
            8 => new LayerNormLayer(),
            9 => new SeparableConvLayer(_random.Next(1, 7))
            {
                KernelSize = Window(3),
                Stride = Window(2),
                Padding = Choose(s_paddings),
                DepthMultiplier = _random.Next(1, 3),
                Activation = Choose(Activation.None, Activation.ReLU),
            },
            10 => new ActivationLayer(Choose(Enum.GetValues<Activation>())),
            _ => new ResidualBlock([.. Sequence(shape, _random.Next(1, 4), depth + 1).Layers])
            {
                Activation = Choose(Activation.None, Activation.ReLU, Activation.GELU),
            },
        };

    private Window Window(int most) => new(_random.Next(1, most + 1), _random.Next(1, most + 1));

    private T Choose<T>(params T[] values) => values[_random.Next(values.Length)];
}
