namespace PSConvNet.Tests;

/// <summary>Every kind of layer and setting alone, for those who compute a network in another way.</summary>
internal static class LayerCases
{
    private static readonly ConvLayer s_conv = new(4);

    // Makes negative values of pixels, so that there is something for an activation, or for padding, to get wrong.
    private static readonly BatchNormLayer s_norm = new();

    /// <summary>By name: the input and the layers.</summary>
    public static Dictionary<string, (string Input, LayerSpec[] Layers)> All { get; } =
        new()
        {
            ["convolution"] = ("7,6,3", [s_conv]),
            ["convolution of one channel"] = ("7,6,1", [s_conv]),
            ["convolution, stride"] = ("9,8,3", [s_conv with { Stride = new(2, 3) }]),
            ["convolution, dilation"] = ("9,8,3", [s_conv with { Dilation = new(3, 2) }]),
            ["convolution, groups"] = ("7,6,6", [s_conv with { Groups = 2 }]),
            ["convolution, a group a channel"] = ("7,6,2", [s_conv with { Groups = 2, KernelSize = new(2, 3) }]),
            ["convolution, same"] = ("7,6,3", [s_conv with { Padding = Padding.Same }]),
            ["convolution, same, more after than before"] = (
                "7,6,3",
                [s_conv with { Padding = Padding.Same, KernelSize = new(4, 2) }]
            ),
            ["convolution, same, stride"] = ("8,7,3", [s_conv with { Padding = Padding.Same, Stride = new(2, 2) }]),
            ["convolution, padding"] = ("5,6,3", [s_conv with { Padding = Padding.Of(2) }]),
            ["convolution, padding wider than the window"] = (
                "5,6,3",
                [s_conv with { Padding = Padding.Of(3), KernelSize = new(2, 1) }]
            ),
            ["convolution, no bias"] = ("7,6,3", [s_conv with { UseBias = false }]),
            ["convolution, one pixel"] = ("4,5,3", [s_conv with { KernelSize = new(1, 1) }]),
            ["convolution, flat"] = ("4,9,2", [s_conv with { KernelSize = new(1, 5) }]),
            ["convolution, all at once"] = (
                "11,13,4",
                [
                    new ConvLayer(6)
                    {
                        KernelSize = new(3, 2),
                        Stride = new(2, 1),
                        Dilation = new(1, 3),
                        Groups = 2,
                        Padding = Padding.Same,
                        UseBias = false,
                        Activation = Activation.LeakyReLU,
                    },
                ]
            ),
            ["separable convolution"] = ("7,6,3", [new SeparableConvLayer(4)]),
            ["separable convolution, all at once"] = (
                "11,13,4",
                [
                    s_norm,
                    new SeparableConvLayer(6)
                    {
                        KernelSize = new(3, 2),
                        Stride = new(2, 1),
                        Dilation = new(1, 2),
                        DepthMultiplier = 2,
                        Padding = Padding.Same,
                        UseBias = false,
                        Activation = Activation.ELU,
                    },
                ]
            ),
            ["layer norm of pixels"] = ("7,6,3", [s_conv, new LayerNormLayer()]),
            ["layer norm of the input"] = ("7,6,3", [new LayerNormLayer()]),
            ["layer norm between convolutions"] = ("7,6,3", [s_conv, new LayerNormLayer { Epsilon = 0.1 }, s_conv]),
            ["layer norm of a vector"] = ("7", [new LayerNormLayer()]),
            ["layer norm of a matrix"] = ("4,3", [new LayerNormLayer()]),
            ["layer norm of a flattened convolution"] = (
                "5,6,3",
                [s_conv, new FlattenLayer(), new LayerNormLayer(), new DenseLayer(3)]
            ),
            ["normalisations of a flattened convolution, at the end"] = (
                "5,6,3",
                [s_conv, new FlattenLayer(), s_norm, new LayerNormLayer()]
            ),
            ["residual block of a flattened convolution"] = (
                "5,6,3",
                [
                    s_conv,
                    new FlattenLayer(),
                    new ResidualBlock([new DenseLayer(48)]),
                    new ResidualBlock([new LayerNormLayer(), new DropoutLayer(0.5)]),
                ]
            ),
            ["max pool"] = ("7,6,3", [s_norm, new MaxPoolLayer(new(2, 3))]),
            ["max pool, overlapping"] = ("7,6,3", [s_norm, new MaxPoolLayer(new(3, 2)) { Stride = new(1, 1) }]),
            ["max pool, same"] = (
                "7,8,3",
                [s_norm, new MaxPoolLayer(new(3, 3)) { Stride = new(2, 2), Padding = Padding.Same }]
            ),
            ["max pool, padding"] = ("7,8,3", [s_norm, new MaxPoolLayer(new(3, 2)) { Padding = Padding.Of(1) }]),
            ["average pool"] = ("7,6,3", [s_norm, new AveragePoolLayer(new(2, 3))]),
            ["average pool, same"] = (
                "7,8,3",
                [s_norm, new AveragePoolLayer(new(3, 3)) { Stride = new(2, 2), Padding = Padding.Same }]
            ),
            ["average pool, padding"] = (
                "7,8,3",
                [s_norm, new AveragePoolLayer(new(3, 2)) { Padding = Padding.Of(1) }]
            ),
            ["global average"] = ("5,6,7", [s_norm, new GlobalPoolLayer(PoolKind.Average)]),
            ["global maximum"] = ("5,6,7", [s_norm, new GlobalPoolLayer(PoolKind.Maximum)]),
            ["flatten"] = ("4,3,2", [new FlattenLayer()]),
            ["flatten of a matrix"] = ("4,3", [new FlattenLayer()]),
            ["flatten of a vector"] = ("7", [new FlattenLayer()]),
            ["flatten of four dimensions"] = ("2,3,2,3", [new FlattenLayer()]),
            ["flatten of a convolution"] = ("5,6,3", [s_conv, new FlattenLayer()]),
            ["flatten of a convolution for a normalisation"] = (
                "5,6,3",
                [s_conv, new FlattenLayer(), new DropoutLayer(0.5), s_norm, new DenseLayer(3)]
            ),
            ["dense"] = ("7", [new DenseLayer(5)]),
            ["dense, no bias"] = ("7", [new DenseLayer(5) { UseBias = false }]),
            ["dense on an image"] = ("4,5,2", [new FlattenLayer(), new DenseLayer(5)]),
            ["dense on a convolution"] = (
                "5,6,3",
                [s_conv, new FlattenLayer(), new DropoutLayer(0.5), new DenseLayer(5), new DenseLayer(4)]
            ),
            ["dense on four dimensions"] = ("2,3,2,3", [s_norm, new FlattenLayer(), new DenseLayer(5)]),
            ["dropout"] = ("4,3,2", [new DropoutLayer(0.5)]),
            ["batch norm"] = ("4,3,5", [new BatchNormLayer { Epsilon = 0.1 }]),
            ["batch norm of a vector"] = ("7", [s_norm]),
            ["batch norm of four dimensions"] = ("2,3,2,3", [s_norm]),
            ["residual"] = ("5,6,4", [new ResidualBlock([s_conv with { Padding = Padding.Same }])]),
            ["residual of nothing that works"] = ("5,6,4", [new ResidualBlock([new DropoutLayer(0.5)])]),
            ["residual of what minds no order"] = (
                "5,6,3",
                [s_conv, new ResidualBlock([new ActivationLayer(Activation.Sigmoid)])]
            ),
            ["residual, activation"] = (
                "5,6,4",
                [
                    new ResidualBlock([
                        s_conv with
                        {
                            Padding = Padding.Same,
                        },
                        s_norm,
                        s_conv with
                        {
                            Padding = Padding.Same,
                        },
                    ])
                    {
                        Activation = Activation.GELU,
                    },
                ]
            ),
            ["residual, projection"] = (
                "7,8,3",
                [new ResidualBlock([s_conv with { Padding = Padding.Same, Stride = new(2, 2) }])]
            ),
            ["residual of vectors"] = ("7", [new ResidualBlock([new DenseLayer(7) { Activation = Activation.ELU }])]),
            ["residual of vectors, projection"] = ("7", [new ResidualBlock([new DenseLayer(5)])]),
            ["residual within residual"] = (
                "8,6,3",
                [
                    new ResidualBlock([
                        new ResidualBlock([s_conv with { Padding = Padding.Same }, s_norm])
                        {
                            Activation = Activation.ReLU,
                        },
                        new MaxPoolLayer(new(2, 2)),
                        new ResidualBlock([
                            new ResidualBlock([new ConvLayer(6) { Padding = Padding.Same }]),
                            new AveragePoolLayer(new(3, 3)) { Stride = new(1, 1), Padding = Padding.Same },
                        ]),
                    ]),
                ]
            ),
            ["residual on a flattened image"] = (
                "4,5,3",
                [s_conv, new FlattenLayer(), new ResidualBlock([new DenseLayer(6)])]
            ),
        };

    /// <summary>A shape as it is written there.</summary>
    public static Shape Parse(string input) => new([.. input.Split(',').Select(int.Parse)]);
}
