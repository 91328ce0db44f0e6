namespace PSConvNet.Tests.Drawing;

/// <summary>Models to draw: the presets, blocks within blocks, long names, hostile names, and any number of chance.</summary>
internal static class DrawnNetworks
{
    public const string Hostile = "a<b>&\"'`;#quot; ]])}\\n%%{init: {}}%% style:x\u001B[31m\n\u202E end \uD83D";

    public static Model Of(string name) =>
        name switch
        {
            "everything" => new Model(Networks.SmallOfEverything, new Shape(8, 8, 1), name),
            "nested" => new Model(Nested, new Shape(8, 8, 2), name),
            "named" => new Model(
                Named("the_network_s_own_layer", "a name of several words that goes on and on"),
                new Shape(12, 12, 1),
                new string('n', 90)
            ),
            "hostile" => new Model(Named(Hostile, "</text><script>alert(1)</script>"), new Shape(12, 12, 1), Hostile),
            "vectors" => new Model([new ResidualBlock([new DenseLayer(9)]), new DenseLayer(2)], new Shape(4), name),
            _ when int.TryParse(name, out var seed) => Random(seed),
            _ => new Model(ModelPresets.Layers(Enum.Parse<ModelPreset>(name)), new Shape(28, 28, 1), name),
        };

    public static TheoryData<string> Names =>
        [
            .. Enum.GetNames<ModelPreset>(),
            "everything",
            "nested",
            "named",
            "hostile",
            "vectors",
            .. Enumerable.Range(1, 12).Select(i => $"{i}"),
        ];

    /// <summary>The names of all layers, those within blocks too, and of the projections; as a diagram is to show them.</summary>
    public static List<string> LayerNames(Model model) =>
        [.. model.Summary.Layers.SelectMany(row => Within(row.Name, row.Layer, model)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Within(string name, LayerSpec layer, Model model)
    {
        yield return name;
        if (layer is not ResidualBlock block)
            yield break;
        var counts = new Dictionary<string, int>();
        foreach (var inner in block.Layers)
        {
            var prefix = inner.NamePrefix;
            var number = inner.Name is null ? counts[prefix] = counts.GetValueOrDefault(prefix) + 1 : 0;
            foreach (var deeper in Within(inner.Name ?? $"{prefix}_{number}", inner, model))
                yield return deeper;
        }
    }

    /// <summary>How many blocks there are, and how many of them project their input: those have a parameter that says so.</summary>
    public static (int Blocks, int Projections) Blocks(Model model) =>
        (
            model.Layers.Sum(CountBlocks),
            model.ParameterNames.Count(name => name.EndsWith("/projection.kernel", StringComparison.Ordinal))
        );

    private static int CountBlocks(LayerSpec layer) =>
        layer is ResidualBlock block ? 1 + block.Layers.Sum(CountBlocks) : 0;

    private static LayerSpec[] Nested =>
        [
            new ResidualBlock([
                new ConvLayer(4) { Padding = Padding.Same },
                new ResidualBlock([new ActivationLayer(Activation.ReLU)]) { Activation = Activation.Tanh },
                new ResidualBlock([new ConvLayer(6) { Padding = Padding.Same, Stride = new(2, 2) }]),
            ])
            {
                Activation = Activation.LeakyReLU,
            },
            new FlattenLayer(),
            new DenseLayer(3),
        ];

    private static LayerSpec[] Named(string one, string other) =>
        [
            new ConvLayer(4)
            {
                Name = one,
                KernelSize = new(5, 3),
                Stride = new(2, 1),
                Dilation = new(1, 2),
                Padding = Padding.Same,
                UseBias = false,
                Activation = Activation.LeakyReLU,
            },
            new ResidualBlock([
                new ConvLayer(128)
                {
                    Name = other,
                    Padding = Padding.Same,
                    Groups = 4,
                },
            ])
            {
                Name = other,
            },
            new GlobalPoolLayer(PoolKind.Average) { Name = "pool" },
            new DenseLayer(1000) { Name = new string('w', 60) },
        ];

    /// <summary>Layers that fit each other whatever is drawn: convolutions that keep the size, and blocks of them, four deep at most.</summary>
    private static Model Random(int seed)
    {
        var random = new Random(seed);
        return new Model(Layers(depth: 0), new Shape(16, 16, 1 + random.Next(3)), $"random {seed}");

        LayerSpec[] Layers(int depth) => [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Layer(depth))];

        LayerSpec Layer(int depth) =>
            random.Next(depth < 4 ? 7 : 5) switch
            {
                0 => new ConvLayer(1 + random.Next(120)) { Padding = Padding.Same, Name = Name() },
                1 => new BatchNormLayer { Momentum = 0.9, Name = Name() },
                2 => new ActivationLayer(Activation.ELU) { Alpha = random.NextDouble() },
                3 => new DropoutLayer(0.25),
                4 => new ConvLayer(1 + random.Next(9)) { Padding = Padding.Same, Activation = Activation.GELU },
                _ => new ResidualBlock([.. Layers(depth + 1)])
                {
                    Activation = (Activation)random.Next(8),
                    Name = Name(),
                },
            };

        string? Name() =>
            random.Next(3) > 0
                ? null
                : $"{new string((char)('a' + random.Next(26)), random.Next(1, 50))}{random.Next()}";
    }
}
