using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The Winograd convolution against the definition in fp64, for each width of vectors, window and size of tiles.</summary>
public class WinogradConvTests
{
    /// <summary>Of tiles with six and nine points, in parts of the largest value.</summary>
    private const double Limit = 1e-4;

    public static IEnumerable<object[]> Widths => Cases.Where(c => (int)c[2] == 4).Select(c => new[] { c[0] });

    public static IEnumerable<object[]> Cases =>
        from width in Enum.GetValues<VectorWidth>()
        where VectorWidths.Has(width)
        from tile in ((int Window, int Size)[])[(3, 2), (3, 4), (3, 7), (5, 2)]
        select new object[] { (int)width, tile.Window, tile.Size };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_and_gradients_of_random_shapes_are_those_of_the_definition(int width, int window, int tile)
    {
        var random = new Random(width + window + tile);
        for (var round = 0; round < 40; round++)
            Check(ConvCase.Random(random, size: 24, channels: 20, window), width, tile);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Many_channels_and_pixels_are_computed_in_several_blocks(int width, int window, int tile)
    {
        var random = new Random(width * tile + window);
        foreach (var (size, channels, filters) in ((int, int, int)[])[(40, 70, 33), (window, 64, 70), (31, 17, 64)])
            Check(
                ConvCase.Of(random, new Shape(size, size + 1, channels), filters, new Edges(1, 0, 1, 2), window),
                width,
                tile
            );
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Images_in_bf16_give_the_results_of_their_rounded_numbers_rounded(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 20; round++)
        {
            var test = ConvCase.Random(random, size: 20, channels: 40, window: round % 2 == 0 ? 3 : 5);
            foreach (var values in (float[][])[test.Images, test.Gradients])
                PlainBFloat16.Rounded(values).CopyTo(values, 0);
            var conv = WinogradConv.Create(test.Input, test.Output, test.Geometry, (VectorWidth)width);
            var found = test.Run(conv, PlainBFloat16.Bits, bits => (float)PlainBFloat16.Widen(bits));
            // ReLU cuts what the rounded outputs say, which may differ from the definition's near 0. bf16 rounds by up to 1/256.
            ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: 1 / 256.0 + Limit);
        }
    }

    private static void Check(ConvCase test, int width, int tile)
    {
        var conv = WinogradConv.Create(test.Input, test.Output, test.Geometry, (VectorWidth)width, tile);
        var found = test.Run(conv, values => values, value => value);
        ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: Limit);
    }

    /// <summary>On black paper most windows have zeros only: their outputs are the bias, and ReLU passes no gradient where that is 0.</summary>
    [Theory]
    [InlineData(3, 2)]
    [InlineData(3, 4)]
    [InlineData(3, 7)]
    [InlineData(5, 2)]
    public void Blank_windows_give_exactly_0_before_a_ReLU_and_no_gradient(int window, int tileSize)
    {
        const int side = 24;
        const int channels = 9;
        const int filters = 20;
        var random = new RandomStream(3, 1);
        var kernel = new float[filters * window * window * channels];
        foreach (ref var weight in kernel.AsSpan())
            weight = (float)random.NextGaussian();
        var image = new float[side * side * channels];
        foreach (
            var (row, column) in from row in Enumerable.Range(9, 4)
            from column in Enumerable.Range(10, 4)
            select (row, column)
        )
            for (var c = 0; c < channels; c++)
                image[(row * side + column) * channels + c] = (float)random.NextGaussian();
        var results = side - window + 1;
        var (input, output) = (new Shape(side, side, channels), new Shape(results, results, filters));
        var geometry = new ConvGeometry(new(window, window), new(1, 1), new(1, 1), default, Groups: 1);
        foreach (var width in Enum.GetValues<VectorWidth>().Where(VectorWidths.Has))
        {
            var conv = WinogradConv.Create(input, output, geometry, width, tileSize);
            using var weights = conv.NewWeights(backward: false);
            using var scratch = conv.NewScratch();
            conv.TransformWeights(kernel, weights, WorkPart.Whole);
            var outputs = new float[output.Size];
            conv.Forward<float>(image, weights, [], relu: true, outputs, scratch, WorkPart.Whole);
            var bias = new float[filters];
            conv.Backward<float>(
                image,
                Enumerable.Repeat(1f, output.Size).ToArray(),
                outputs,
                weights,
                new float[kernel.Length],
                bias,
                [],
                scratch
            );

            var alive = new int[filters];
            for (var y = 0; y < results; y++)
            for (var x = 0; x < results; x++)
            for (var k = 0; k < filters; k++)
            {
                var value = outputs[(y * results + x) * filters + k];
                if (y < 10 - window || y > 12 || x < 11 - window || x > 13)
                    Assert.Equal(0, value);
                else if (value > 0)
                    alive[k]++;
            }
            Assert.Equal(alive, bias.Select(count => (int)count));
        }
    }
}
