using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The Winograd convolution against the definition in fp64, for each width of vectors and each size of tiles.</summary>
public class WinogradConvTests
{
    /// <summary>Of F(4 x 4, 3 x 3), in parts of the largest value.</summary>
    private const double Limit = 1e-4;

    /// <summary>Half of the distance between neighbouring bf16 numbers, and the products' own error.</summary>
    private const double BFloat16Limit = 1 / 256.0 + Limit;

    public static IEnumerable<object[]> Widths => Cases.Where(c => (int)c[1] == 4).Select(c => new[] { c[0] });

    public static IEnumerable<object[]> Cases =>
        from width in (VectorWidth[])[VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512]
        where VectorWidths.Has(width)
        from tile in (int[])[2, 4]
        select new object[] { (int)width, tile };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_and_gradients_of_random_shapes_are_those_of_the_definition(int width, int tile)
    {
        var random = new Random(width + tile);
        for (var round = 0; round < 40; round++)
            Check(ConvCase.Random(random, size: 24, channels: 20), (VectorWidth)width, tile);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Many_channels_and_pixels_are_computed_in_several_blocks(int width, int tile)
    {
        var random = new Random(width * tile);
        foreach (var (size, channels, filters) in ((int, int, int)[])[(40, 70, 33), (3, 64, 70), (31, 17, 64)])
            Check(
                ConvCase.Of(random, new Shape(size, size + 1, channels), filters, new(1, 0, 1, 2)),
                (VectorWidth)width,
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
            var test = ConvCase.Random(random, size: 20, channels: 40);
            foreach (var values in (float[][])[test.Images, test.Gradients])
                PlainBFloat16.Rounded(values).CopyTo(values, 0);
            var found = Run<ushort>(
                test,
                (VectorWidth)width,
                null,
                PlainBFloat16.Bits,
                b => (float)PlainBFloat16.Widen(b)
            );
            // ReLU cuts what the kernel's own rounded outputs say, which may differ from the definition's near 0.
            var expected = test.Expected(found.Outputs);
            AssertClose(expected.Outputs, found.Outputs, BFloat16Limit, $"outputs, {test}");
            AssertClose(expected.Kernel, found.Kernel, Limit, $"weights, {test}");
            AssertClose(expected.Bias, found.Bias, Limit, $"bias, {test}");
            AssertClose(expected.ImageGradients, found.ImageGradients, BFloat16Limit, $"images, {test}");
        }
    }

    private static void Check(ConvCase test, VectorWidth width, int tile)
    {
        var found = Run<float>(test, width, tile, values => values, value => value);
        var expected = test.Expected(found.Outputs);
        AssertClose(expected.Outputs, found.Outputs, Limit, $"outputs, {test}");
        AssertClose(expected.Kernel, found.Kernel, Limit, $"weights, {test}");
        AssertClose(expected.Bias, found.Bias, Limit, $"bias, {test}");
        AssertClose(expected.ImageGradients, found.ImageGradients, Limit, $"images, {test}");
    }

    private static ConvResults<float> Run<T>(
        ConvCase test,
        VectorWidth width,
        int? tile,
        Func<float[], T[]> to,
        Func<T, float> from
    )
        where T : unmanaged
    {
        var conv = WinogradConv.Create(test.Input, test.Output, test.Padding, width, tile);
        using var scratch = conv.NewScratch();
        using var weights = conv.NewWeights(backward: true);
        for (var part = 0; part < 3; part++)
            conv.TransformWeights(test.Kernel, weights, part, 3);
        var (images, gradients) = (to(test.Images), to(test.Gradients));
        var (outputs, imageGradients) = (new T[gradients.Length], new T[images.Length]);
        var (kernel, bias) = (new float[test.Kernel.Length], new float[test.Bias.Length]);
        conv.Forward<T>(images, weights, test.Bias, test.Relu, outputs, scratch);
        conv.Backward<T>(images, gradients, test.Relu ? outputs : [], weights, kernel, bias, imageGradients, scratch);
        return new([.. outputs.Select(from)], kernel, bias, [.. imageGradients.Select(from)]);
    }

    private static void AssertClose(double[] expected, float[] found, double limit, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < found.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= limit * largest,
                $"{what}, at {i}: {expected[i]} was {found[i]}, the largest is {largest}"
            );
    }
}
