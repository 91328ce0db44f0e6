namespace PSConvNet.Tests.Layers;

/// <summary>Shapes against a table worked out by hand from Keras' rules.</summary>
public class ShapeInferenceTests
{
    // Valid: floor((n - reach) / stride) + 1 with reach = (window - 1) * dilation + 1. Same: ceil(n / stride).
    public static TheoryData<string, string, string> Table =>
        new()
        {
            { "conv 3", "28,28,1", "26 x 26 x 32" },
            { "conv 3 twice", "28,28,1", "24 x 24 x 32" },
            { "conv 5 stride 2", "28,28,3", "12 x 12 x 32" },
            { "conv 3 same", "28,28,1", "28 x 28 x 32" },
            { "conv 3 same stride 2", "7,8,1", "4 x 4 x 32" },
            { "conv 3 dilation 2", "10,10,1", "6 x 6 x 32" },
            { "conv 3 padding 2", "5,6,1", "7 x 8 x 32" },
            { "conv 1x5", "4,9,2", "4 x 5 x 32" },
            { "max 2", "24,24,64", "12 x 12 x 64" },
            { "max 2", "7,5,3", "3 x 2 x 3" },
            { "max 3 stride 2 same", "7,8,3", "4 x 4 x 3" },
            { "average 2 stride 1", "4,4,2", "3 x 3 x 2" },
            { "global", "5,6,7", "7" },
            { "flatten", "12,12,64", "9216" },
            { "flatten", "28,28", "784" },
            { "dense", "784", "10" },
            { "dropout", "3,4,5", "3 x 4 x 5" },
            { "residual same", "8,8,3", "8 x 8 x 3" },
            { "residual halved", "7,8,3", "4 x 4 x 6" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void Output_shapes_are_the_tables(string layer, string input, string expected)
    {
        var shape = new Shape([.. input.Split(',').Select(int.Parse)]);

        var output = Layer(layer).Aggregate(shape, (current, next) => next.InferShape(current));

        Assert.Equal(expected, output.ToString());
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Computed_outputs_have_the_inferred_shape(string layer, string input, string expected)
    {
        var shape = new Shape([.. input.Split(',').Select(int.Parse)]);
        var model = new Model(Layer(layer), shape);
        var images = new ImageSet("some", new byte[3 * shape.Size], new int[3], shape);

        var outputs = Predictor.Predict(model, images);

        Assert.Equal(expected, model.OutputShape.ToString());
        Assert.Equal(3 * model.OutputShape.Size, outputs.Length);
    }

    private static LayerSpec[] Layer(string name) =>
        name switch
        {
            "conv 3" => [new ConvLayer(32)],
            "conv 3 twice" => [new ConvLayer(32), new ConvLayer(32)],
            "conv 5 stride 2" => [new ConvLayer(32) { KernelSize = new(5, 5), Stride = new(2, 2) }],
            "conv 3 same" => [new ConvLayer(32) { Padding = Padding.Same }],
            "conv 3 same stride 2" => [new ConvLayer(32) { Padding = Padding.Same, Stride = new(2, 2) }],
            "conv 3 dilation 2" => [new ConvLayer(32) { Dilation = new(2, 2) }],
            "conv 3 padding 2" => [new ConvLayer(32) { Padding = Padding.Of(2) }],
            "conv 1x5" => [new ConvLayer(32) { KernelSize = new(1, 5) }],
            "max 2" => [new MaxPoolLayer(new(2, 2))],
            "max 3 stride 2 same" => [new MaxPoolLayer(new(3, 3)) { Stride = new(2, 2), Padding = Padding.Same }],
            "average 2 stride 1" => [new AveragePoolLayer(new(2, 2)) { Stride = new(1, 1) }],
            "global" => [new GlobalPoolLayer(PoolKind.Average)],
            "flatten" => [new FlattenLayer()],
            "dense" => [new DenseLayer(10)],
            "dropout" => [new DropoutLayer(0.5)],
            "residual same" => [new ResidualBlock([new ConvLayer(3) { Padding = Padding.Same }])],
            "residual halved" => [new ResidualBlock([new ConvLayer(6) { Padding = Padding.Same, Stride = new(2, 2) }])],
            _ => throw new ArgumentException(name),
        };
}
