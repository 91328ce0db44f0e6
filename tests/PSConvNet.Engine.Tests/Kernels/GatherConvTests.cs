using PSConvNet.Runtime.Kernels;
using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The convolution by products of windows against the definition in fp64, for each width of vectors.</summary>
public class GatherConvTests
{
    private const double Limit = 1e-5;

    public static IEnumerable<object[]> Widths => WinogradConvTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Outputs_and_gradients_of_random_windows_are_those_of_the_definition(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 60; round++)
            Check(ConvCase.RandomWindow(random, size: 12, channels: 20), width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Deep_windows_and_many_filters_are_computed_in_several_blocks(int width)
    {
        var random = new Random(width);
        var window = new ConvGeometry(new(5, 3), new(2, 1), new(1, 1), new(2, 1, 0, 1), Groups: 1);
        foreach (var (channels, filters) in ((int, int)[])[(70, 33), (33, 90)])
            Check(ConvCase.Of(random, new Shape(14, 15, channels), filters, window), width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Windows_of_one_pixel_give_what_the_definition_does(int width)
    {
        var random = new Random(width);
        var window = new ConvGeometry(new(1, 1), new(1, 1), new(1, 1), default, Groups: 1);
        foreach (
            var (size, channels, filters) in ((int, int, int)[])[(1, 1, 1), (5, 3, 18), (15, 33, 20), (15, 64, 70)]
        )
            Check(ConvCase.Of(random, new Shape(size, size, channels), filters, window), width);
    }

    /// <summary>Gradients of images of few channels, and outputs of few filters, are summed along windows instead of across filters.</summary>
    [Theory]
    [MemberData(nameof(Widths))]
    public void Few_channels_or_filters_give_what_the_definition_does(int width)
    {
        var random = new Random(width);
        foreach (var (channels, filters) in ((int, int)[])[(1, 32), (3, 20), (40, 1), (33, 3), (2, 2), (48, 2)])
        foreach (var (size, stride, dilation) in ((int, int, int)[])[(3, 1, 1), (7, 2, 1), (5, 1, 2), (1, 1, 1)])
        {
            var pad = size / 2;
            var window = new ConvGeometry(
                new(size, size),
                new(stride, stride),
                new(dilation, dilation),
                new(pad, pad, pad, pad),
                Groups: 1
            );
            Check(ConvCase.Of(random, new Shape(13, 14, channels), filters, window), width);
        }
        for (var round = 0; round < 20; round++)
            Check(ConvCase.RandomGroups(random, size: 6, groups: 5), width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_wider_than_a_block_and_images_smaller_than_one_give_the_same(int width)
    {
        var random = new Random(width);
        var window = new ConvGeometry(new(3, 3), new(1, 2), new(1, 1), new(1, 1, 1, 1), Groups: 2);
        foreach (var (height, across) in ((int, int)[])[(3, 700), (2, 3), (1, 1), (40, 30)])
            Check(ConvCase.Of(random, new Shape(height, across, 6), 6, window), width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Images_in_bf16_give_the_results_of_their_rounded_numbers_rounded(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 20; round++)
        {
            var test = ConvCase.RandomWindow(random, size: 8, channels: 30);
            foreach (var values in (float[][])[test.Images, test.Gradients])
                PlainBFloat16.Rounded(values).CopyTo(values, 0);
            var conv = ImageConv.Gathering(test.Input, test.Output, test.Geometry, (VectorWidth)width);
            var found = test.Run(conv, PlainBFloat16.Bits, bits => (float)PlainBFloat16.Widen(bits));
            ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: 1 / 256.0 + Limit);
        }
    }

    private static void Check(ConvCase test, int width)
    {
        var conv = ImageConv.Gathering(test.Input, test.Output, test.Geometry, (VectorWidth)width);
        var found = test.Run(conv, values => values, value => value);
        ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: Limit);
    }
}
