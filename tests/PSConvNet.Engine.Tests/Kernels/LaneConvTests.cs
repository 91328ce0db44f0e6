using PSConvNet.Runtime.Kernels;
using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The convolution that sums in lanes against the definition in fp64, for each width of vectors.</summary>
public class LaneConvTests
{
    private const double Limit = 1e-5;

    public static IEnumerable<object[]> Widths => WinogradConvTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Outputs_and_gradients_of_random_depthwise_windows_are_those_of_the_definition(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 60; round++)
            Check(ConvCase.RandomDepthwise(random, size: 14, channels: 40), width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Groups_of_some_channels_and_filters_give_what_the_definition_does(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 40; round++)
            Check(ConvCase.RandomGroups(random, size: 8, groups: 12), width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Wide_windows_and_strides_wider_than_the_image_are_computed(int width)
    {
        var random = new Random(width);
        var wide = new ConvGeometry(new(7, 7), new(1, 1), new(1, 1), new(3, 3, 3, 3), Groups: 18);
        Check(ConvCase.Of(random, new Shape(7, 7, 18), 18, wide), width);
        var far = new ConvGeometry(new(3, 3), new(5, 4), new(1, 1), new(2, 2, 2, 2), Groups: 6);
        Check(ConvCase.Of(random, new Shape(3, 2, 6), 12, far), width);
        var apart = new ConvGeometry(new(2, 7), new(1, 2), new(3, 2), new(4, 1, 9, 8), Groups: 20);
        Check(ConvCase.Of(random, new Shape(5, 4, 20), 20, apart), width);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Images_in_bf16_give_the_results_of_their_rounded_numbers_rounded(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 40; round++)
        {
            var test =
                round % 2 == 0
                    ? ConvCase.RandomDepthwise(random, size: 8, channels: 40)
                    : ConvCase.RandomGroups(random, size: 6, groups: 12);
            foreach (var values in (float[][])[test.Images, test.Gradients])
                PlainBFloat16.Rounded(values).CopyTo(values, 0);
            var conv = ImageConv.ByLanes(test.Input, test.Output, test.Geometry, (VectorWidth)width);
            var found = test.Run(conv, PlainBFloat16.Bits, bits => (float)PlainBFloat16.Widen(bits));
            ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: 1 / 256.0 + Limit);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Whichever_loops_are_chosen_for_a_number_of_groups_they_give_what_the_definition_does(int width)
    {
        var random = new Random(width);
        foreach (
            var (groups, channels, filters) in ((int, int, int)[])
                [(3, 8, 8), (8, 4, 4), (2, 16, 16), (5, 3, 9), (9, 1, 4), (1, 5, 7)]
        )
        {
            var window = new ConvGeometry(new(3, 3), new(2, 1), new(1, 1), new(1, 1, 1, 1), groups);
            var test = ConvCase.Of(random, new Shape(9, 10, groups * channels), groups * filters, window);
            Check(test, ImageConv.Create(test.Input, test.Output, test.Geometry, (VectorWidth)width));
        }
    }

    private static void Check(ConvCase test, int width) =>
        Check(test, ImageConv.ByLanes(test.Input, test.Output, test.Geometry, (VectorWidth)width));

    private static void Check(ConvCase test, ImageConv conv)
    {
        var found = test.Run(conv, values => values, value => value);
        ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: Limit);
    }
}
