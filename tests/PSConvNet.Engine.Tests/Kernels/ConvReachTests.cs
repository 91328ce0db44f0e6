using PSConvNet.Tests.Kernels.Plain;
using TorchSharp;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Kernels;

/// <summary>
/// A NaN or an infinity in a pixel or a gradient reaches only the results that depend on it: no other window, channel or sample, and no later batch. Loops read
/// whole vectors, so they must ignore the memory beside a window instead of multiplying it by 0.
/// </summary>
/// <remarks>Winograd's filtering mixes the pixels of a tile, so that all outputs of a tile may be lost; but never those of other samples.</remarks>
public class ConvReachTests
{
    private static readonly float[] s_bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    private static readonly ConvGeometry s_divided = new(new(3, 3), new(1, 1), new(2, 1), new(2, 2, 1, 1), Groups: 3);

    public static IEnumerable<object[]> Widths => WinogradConvTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_and_sums_of_windows_read_nothing_beside_them(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 60; round++)
        {
            // Few filters and large windows, or few channels and many filters, are summed along windows.
            var test = (round % 3) switch
            {
                0 => ConvCase.RandomWindow(random, size: 10, channels: 20),
                1 => OfWindow(random, channels: 1 + random.Next(40), filters: 1 + random.Next(3)),
                _ => OfWindow(random, channels: 1 + random.Next(3), filters: 1 + random.Next(40)),
            };
            Check(test, ImageConv.Gathering(test.Input, test.Output, test.Geometry, (VectorWidth)width), random);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Lanes_of_a_vector_keep_to_themselves(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 60; round++)
        {
            var test =
                round % 2 == 0
                    ? ConvCase.RandomDepthwise(random, size: 10, channels: 40)
                    : ConvCase.RandomGroups(random, size: 6, groups: 12);
            Check(test, ImageConv.ByLanes(test.Input, test.Output, test.Geometry, (VectorWidth)width), random);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Tiles_keep_to_their_samples(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 40; round++)
        {
            var test =
                round % 3 == 2
                    ? ConvCase.Of(random, new Shape(10, 12, 24), filters: 18, s_divided)
                    : ConvCase.Random(random, size: 20, channels: 20, window: round % 3 == 0 ? 3 : 5);
            ImageConv conv =
                round % 3 == 2
                    ? new DividedConv(test.Input, test.Output, test.Geometry, (VectorWidth)width)
                    : WinogradConv.Create(test.Input, test.Output, test.Geometry, (VectorWidth)width);
            using var scratch = conv.NewScratch();
            var clean = Run(conv, scratch, test, values => values, value => value);
            var (sample, bad) = Spoil(test.Images, test.Input.Size, random);
            var found = Run(conv, scratch, test with { Images = bad }, values => values, value => value);
            AssertOthersAreSame(clean.Outputs, found.Outputs, sample, test.Output.Size, $"outputs, {test}");
            AssertOthersAreSame(clean.ImageGradients, found.ImageGradients, sample, test.Input.Size, $"images, {test}");
            (sample, bad) = Spoil(test.Gradients, test.Output.Size, random);
            found = Run(conv, scratch, test with { Gradients = bad }, values => values, value => value);
            AssertOthersAreSame(clean.ImageGradients, found.ImageGradients, sample, test.Input.Size, $"images, {test}");
            found = Run(conv, scratch, test, values => values, value => value);
            Assert.True(AreEqual(clean, found), $"after a batch of NaNs and infinities: {test}");
        }
    }

    /// <summary>The direct loops, with padding around the images and filters that don't fill vectors.</summary>
    [Theory]
    [InlineData(16, 3)]
    [InlineData(20, 2)]
    [InlineData(6, 5)]
    public void The_first_convolution_reads_nothing_beside_its_windows(int filters, int window)
    {
        var random = new Random(filters);
        var layer = new ConvLayer(filters) { KernelSize = new(window, 3), Padding = Padding.Same };
        var kernel = (ConvKernel)layer.Lower("first", new Shape(9, 13, 2)).Single();
        Assert.True(FirstConvKernel.CanReplace(kernel));
        using var harness = new KernelHarness(kernel, replacement: new FirstConvKernel(kernel, relu: null));
        using var scope = torch.NewDisposeScope();
        for (var round = 0; round < 20; round++)
        {
            var test = ConvCase.Of(random, kernel.Input, filters, kernel.Geometry) with
            {
                Relu = false,
                Kernel = [.. harness.Store.Span(harness.Store.Slots[0])],
                Bias = [.. harness.Store.Span(harness.Store.Slots[1])],
            };
            CheckWhole(test with { Images = Spoil(test.Images, test.Input.Size, random).Bad });
            CheckWhole(test with { Gradients = Spoil(test.Gradients, test.Output.Size, random).Bad });
            CheckWhole(test);
        }

        void CheckWhole(ConvCase test)
        {
            var outputs = harness.Forward(Tensor(test.Images, test.Input));
            harness.Backward(Tensor(test.Gradients, test.Output));
            float[] values = [.. outputs.permute(0, 2, 3, 1).contiguous().data<float>()];
            var found = new ConvResults<float>(
                values,
                harness.Gradient(harness.Store.Slots[0]),
                harness.Gradient(harness.Store.Slots[1]),
                []
            );
            AssertReach(test, found);
        }

        static torch.Tensor Tensor(float[] values, Shape shape) =>
            torch
                .tensor(values, [values.Length / shape.Size, .. shape.Dimensions.Select(d => (long)d)])
                .permute(0, 3, 1, 2);
    }

    private static ConvCase OfWindow(Random random, int channels, int filters)
    {
        var (size, stride) = (2 + random.Next(5), 1 + random.Next(2));
        var pad = random.Next(3);
        var geometry = new ConvGeometry(
            new(size, size),
            new(stride, stride),
            new(1, 1),
            new(pad, pad, pad, pad),
            Groups: 1
        );
        return ConvCase.Of(random, new Shape(7 + random.Next(6), 7 + random.Next(6), channels), filters, geometry);
    }

    /// <summary>Spoils a pixel, then a gradient, in both precisions; memory that the loops keep is the same throughout.</summary>
    private static void Check(ConvCase test, ImageConv conv, Random random)
    {
        using var scratch = conv.NewScratch();
        if (random.Next(2) == 0)
            Check(values => values, value => value);
        else
            Check(PlainBFloat16.Bits, bits => (float)PlainBFloat16.Widen(bits));

        void Check<T>(Func<float[], T[]> to, Func<T, float> from)
            where T : unmanaged
        {
            var clean = Run(conv, scratch, test, to, from);
            var badImages = test with { Images = Spoil(test.Images, test.Input.Size, random).Bad };
            var found = Run(conv, scratch, badImages, to, from);
            AssertReach(badImages, found);
            AssertSameWhereFinite(clean.Outputs, found.Outputs, $"outputs, {test}");
            var badGradients = test with { Gradients = Spoil(test.Gradients, test.Output.Size, random).Bad };
            found = Run(conv, scratch, badGradients, to, from);
            AssertReach(badGradients, found);
            AssertSameWhereFinite(clean.ImageGradients, found.ImageGradients, $"images, {test}");
            Assert.True(AreEqual(clean, Run(conv, scratch, test, to, from)), $"after bad batches: {test}");
        }
    }

    /// <summary>Makes one number of one sample none.</summary>
    private static (int Sample, float[] Bad) Spoil(float[] values, int size, Random random)
    {
        float[] bad = [.. values];
        var at = random.Next(bad.Length);
        bad[at] = s_bad[random.Next(s_bad.Length)];
        return (at / size, bad);
    }

    private static ConvResults<float> Run<T>(
        ImageConv conv,
        ConvScratch scratch,
        ConvCase test,
        Func<float[], T[]> to,
        Func<T, float> from
    )
        where T : unmanaged
    {
        using var weights = conv.NewWeights(backward: true);
        conv.TransformWeights(test.Kernel, weights, WorkPart.Whole);
        var (images, gradients) = (to(test.Images), to(test.Gradients));
        var (outputs, imageGradients) = (new T[gradients.Length], new T[images.Length]);
        var (kernel, bias) = (new float[test.Kernel.Length], new float[test.Bias.Length]);
        conv.Forward<T>(images, weights, test.Bias, test.Relu, outputs, scratch, WorkPart.Whole);
        conv.Backward<T>(images, gradients, test.Relu ? outputs : [], weights, kernel, bias, imageGradients, scratch);
        return new([.. outputs.Select(from)], kernel, bias, [.. imageGradients.Select(from)]);
    }

    /// <summary>Checks that results are finite exactly where the definition's are.</summary>
    private static void AssertReach(ConvCase test, ConvResults<float> found)
    {
        var expected = test.Expected(found.Outputs);
        AssertNumbers(expected.Outputs, expected.Outputs, found.Outputs, $"outputs, {test}");
        AssertNumbers(expected.Bias, expected.Bias, found.Bias, $"bias, {test}");
        if (found.ImageGradients.Length > 0)
            AssertNumbers(expected.ImageGradients, expected.ImageGradients, found.ImageGradients, $"images, {test}");
        // Padding is part of a window, so that a NaN or infinite gradient times a padding's 0 may be a NaN.
        var padded = Padded(test).Expected(found.Outputs);
        AssertNumbers(expected.Kernel, padded.Kernel, found.Kernel, $"weights, {test}");
    }

    private static void AssertNumbers(double[] must, double[] may, float[] found, string what)
    {
        Assert.Equal(must.Length, found.Length);
        for (var i = 0; i < found.Length; i++)
        {
            Assert.True(
                double.IsFinite(must[i]) || !float.IsFinite(found[i]),
                $"{what}: {found[i]} at {i} is a number"
            );
            Assert.True(float.IsFinite(found[i]) || !double.IsFinite(may[i]), $"{what}: {found[i]} at {i} is none");
        }
    }

    /// <summary>The same convolution of images with their padding.</summary>
    private static ConvCase Padded(ConvCase test)
    {
        var (input, edges) = (test.Input, test.Geometry.Edges);
        var padded = new Shape(input[0] + edges.Top + edges.Bottom, input[1] + edges.Left + edges.Right, input[2]);
        var images = new float[test.Images.Length / input.Size * padded.Size];
        for (var row = 0; row < test.Images.Length / input.Size * input[0]; row++)
        {
            var (image, y) = Math.DivRem(row, input[0]);
            var place = ((image * padded[0] + y + edges.Top) * padded[1] + edges.Left) * input[2];
            test.Images.AsSpan(row * input[1] * input[2], input[1] * input[2]).CopyTo(images.AsSpan(place));
        }
        return test with { Input = padded, Images = images, Geometry = test.Geometry with { Edges = default } };
    }

    private static void AssertOthersAreSame(float[] clean, float[] found, int sample, int size, string what)
    {
        for (var i = 0; i < clean.Length; i++)
            Assert.True(i / size == sample || clean[i] == found[i], $"{what}: {clean[i]} at {i} became {found[i]}");
    }

    private static void AssertSameWhereFinite(float[] clean, float[] found, string what)
    {
        for (var i = 0; i < clean.Length; i++)
            Assert.True(
                !float.IsFinite(found[i]) || clean[i] == found[i] || found[i] == 0,
                $"{what}: {found[i]} at {i}"
            );
    }

    private static bool AreEqual(ConvResults<float> a, ConvResults<float> b) =>
        a.Outputs.SequenceEqual(b.Outputs)
        && a.Kernel.SequenceEqual(b.Kernel)
        && a.Bias.SequenceEqual(b.Bias)
        && a.ImageGradients.SequenceEqual(b.ImageGradients);
}
