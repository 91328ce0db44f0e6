using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>A convolution that pools before it writes against the same one that writes everything, pooled afterwards.</summary>
public class WinogradPoolTests
{
    private static readonly Window s_window = new(2, 2);

    // Windows of 2 x 2 have to be within a tile.
    public static IEnumerable<object[]> Cases => WinogradConvTests.Cases.Where(c => (int)c[2] % 2 == 0);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pooled_outputs_origins_and_gradients_in_fp32_are_those_of_the_layers_one_by_one(
        int width,
        int window,
        int tile
    )
    {
        var random = new Random(width + window + tile);
        for (var round = 0; round < 30; round++)
            Check(PoolCase.Random(random, window), (VectorWidth)width, tile, values => values, value => value);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pooled_outputs_origins_and_gradients_in_bf16_are_those_of_the_layers_one_by_one(
        int width,
        int window,
        int tile
    )
    {
        var random = new Random(width * tile + window);
        for (var round = 0; round < 30; round++)
            Check(
                PoolCase.Random(random, window),
                (VectorWidth)width,
                tile,
                PlainBFloat16.Bits,
                bits => (float)PlainBFloat16.Widen(bits)
            );
    }

    /// <summary>A last odd row or column is in no window of the pool, so that a convolution may leave it out.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_that_no_pool_reads_needn_t_be_computed(int width, int window, int tile)
    {
        var random = new Random(width + window * tile);
        for (var round = 0; round < 30; round++)
        {
            var conv = PoolCase.Random(random, window).Conv;
            var even = new Shape(conv.Output[0] / 2 * 2, conv.Output[1] / 2 * 2, conv.Output[2]);
            var whole = Pooled(conv, conv.Output, (VectorWidth)width, tile);
            var part = Pooled(conv, even, (VectorWidth)width, tile);
            Assert.Equal(whole.Outputs, part.Outputs);
            Assert.Equal(whole.Bias, part.Bias);
            // Sums over other blocks of tiles, some of whose terms are 0.
            ConvAssert.Close(whole.Kernel, part.Kernel, 1e-5, $"weights, {conv}");
            ConvAssert.Close(whole.ImageGradients, part.ImageGradients, 1e-5, $"images, {conv}");
        }
    }

    [Fact]
    public void Tiles_are_even_where_outputs_are_pooled()
    {
        for (var side = 3; side < 60; side++)
        {
            var (input, output) = (new Shape(side, side, 16), new Shape(side, side, 16));
            var size = WinogradGeometry.Best(input, output, new Edges(1, 1, 1, 1), window: 3, pools: true).TileSize;
            Assert.Contains(size, (int[])[2, 4]);
        }
    }

    [Theory]
    [InlineData(7, 16, 7)]
    [InlineData(14, 16, 7)]
    [InlineData(28, 16, 7)]
    [InlineData(8, 16, 4)]
    [InlineData(24, 16, 4)]
    [InlineData(2, 16, 2)]
    // With few channels products are few: the tiles that round less.
    [InlineData(7, 15, 4)]
    public void Tiles_are_those_that_save_products(int side, int channels, int tile)
    {
        var shape = new Shape(side, side, channels);
        Assert.Equal(tile, WinogradGeometry.Best(shape, shape, new Edges(1, 1, 1, 1), window: 3).TileSize);
    }

    private static ConvResults<float> Pooled(ConvCase test, Shape output, VectorWidth width, int tile)
    {
        var loops = WinogradConv.Create(test.Input, output, test.Geometry, width, tile);
        using var scratch = loops.NewScratch();
        using var weights = loops.NewWeights(backward: true);
        loops.TransformWeights(test.Kernel, weights, WorkPart.Whole);
        var pooled = new float[test.Images.Length / test.Input.Size * PlainPool.OutputOf(test.Output, s_window).Size];
        var (which, gradients) = (new byte[pooled.Length], test.Gradients[..pooled.Length]);
        loops.ForwardPooled<float>(
            test.Images,
            weights,
            test.Bias,
            new ConvPooling(Relu: true),
            [],
            pooled,
            which,
            scratch,
            WorkPart.Whole
        );
        var (kernel, bias, images) = (
            new float[test.Kernel.Length],
            new float[test.Bias.Length],
            new float[test.Images.Length]
        );
        loops.BackwardPooled<float>(test.Images, gradients, which, 1, weights, kernel, bias, images, scratch);
        return new(pooled, kernel, bias, images);
    }

    private static void Check<T>(PoolCase test, VectorWidth width, int tile, Func<float[], T[]> to, Func<T, float> from)
        where T : unmanaged
    {
        var (conv, images) = (test.Conv, to(test.Conv.Images));
        var loops = WinogradConv.Create(conv.Input, conv.Output, conv.Geometry, width, tile);
        using var scratch = loops.NewScratch();
        using var weights = loops.NewWeights(backward: true);
        loops.TransformWeights(conv.Kernel, weights, WorkPart.Whole);
        var gradients = to(test.Gradients);
        var (pooled, which) = (new T[gradients.Length], new byte[gradients.Length]);
        var found = new Gradients<T>(conv.Kernel.Length, conv.Bias.Length, images.Length);
        for (var part = 0; part < 3; part++)
            loops.ForwardPooled<T>(
                images,
                weights,
                conv.Bias,
                new ConvPooling(conv.Relu, test.Scale),
                test.Keep,
                pooled,
                which,
                scratch,
                new WorkPart(part, 3)
            );
        loops.BackwardPooled<T>(
            images,
            gradients,
            which,
            test.Scale,
            weights,
            found.Kernel,
            found.Bias,
            found.Images,
            scratch
        );

        var outputs = new T[conv.Gradients.Length];
        loops.Forward<T>(images, weights, conv.Bias, relu: false, outputs, scratch, WorkPart.Whole);
        var (values, origins, spread) = test.Pool([.. outputs.Select(from)], [.. gradients.Select(from)]);
        var expected = new Gradients<T>(conv.Kernel.Length, conv.Bias.Length, images.Length);
        loops.Backward<T>(images, to(spread), [], weights, expected.Kernel, expected.Bias, expected.Images, scratch);

        Assert.Equal(to(values), pooled);
        Assert.Equal(origins, which);
        Assert.Equal(expected.Kernel, found.Kernel);
        Assert.Equal(expected.Bias, found.Bias);
        Assert.Equal(expected.Images, found.Images);
    }

    private sealed record Gradients<T>(int Weights, int Filters, int Pixels)
    {
        public float[] Kernel { get; } = new float[Weights];

        public float[] Bias { get; } = new float[Filters];

        public T[] Images { get; } = new T[Pixels];
    }

    /// <summary>A convolution and what follows it.</summary>
    private sealed record PoolCase(ConvCase Conv, bool[] Kept, float Scale, float[] Gradients)
    {
        public ushort[] Keep =>
            Kept.Length == 0 || Scale == 1 ? [] : [.. Kept.Select(k => k ? ushort.MaxValue : (ushort)0)];

        public static PoolCase Random(Random random, int window)
        {
            ConvCase conv;
            do conv = ConvCase.Random(random, size: 16, channels: 40, window);
            while (conv.Output[0] < 2 || conv.Output[1] < 2);
            // Whole numbers: several outputs of a window are often equal, and outputs of small numbers are exactly so.
            foreach (var values in (float[][])[conv.Images, conv.Kernel, conv.Bias])
                for (var i = 0; i < values.Length; i++)
                    values[i] = MathF.Round(values[i]);
            // Where a bias is 0, only the convolution that has a ReLU removes residues of rounding: WinogradConvTests.
            foreach (ref var value in conv.Bias.AsSpan())
                value = value == 0 ? 1 : value;
            var drops = random.Next(2) == 0;
            var length = conv.Gradients.Length / conv.Output.Size * PlainPool.OutputOf(conv.Output, s_window).Size;
            return new(
                conv,
                [.. Enumerable.Range(0, length).Select(_ => !drops || random.Next(3) > 0)],
                drops ? 1.5f : 1,
                RandomValues.Normal(random, length)
            );
        }

        /// <summary>Pooled values, their origins, and the gradients of the outputs.</summary>
        public (float[] Values, byte[] Origins, float[] Spread) Pool(float[] outputs, float[] gradients)
        {
            var (size, pooled) = (Conv.Output.Size, PlainPool.OutputOf(Conv.Output, s_window).Size);
            var (values, origins, spread) = (new List<double>(), new List<byte>(), new List<double>());
            for (var i = 0; i < outputs.Length / size; i++)
            {
                var (some, from) = PlainPool.Forward(
                    outputs[(i * size)..((i + 1) * size)],
                    Conv.Output,
                    s_window,
                    Conv.Relu,
                    Kept[(i * pooled)..((i + 1) * pooled)],
                    Scale
                );
                values.AddRange(some);
                origins.AddRange(from);
                var part = gradients[(i * pooled)..((i + 1) * pooled)];
                spread.AddRange(PlainPool.Backward(part, from, Conv.Output, s_window, Scale));
            }
            return ([.. values.Select(v => (float)v)], [.. origins], [.. spread.Select(v => (float)v)]);
        }
    }
}
