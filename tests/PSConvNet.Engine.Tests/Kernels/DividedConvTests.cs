using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>Convolutions that are several plain ones, against the definition in fp64, for each width of vectors.</summary>
public class DividedConvTests
{
    /// <summary>Of Winograd's tiles with six points, in parts of the largest value.</summary>
    private const double Limit = 1e-4;

    public static IEnumerable<object[]> Widths => WinogradConvTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Groups_and_dilations_give_what_the_definition_does(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 40; round++)
        {
            var test = RandomCase(random);
            var conv = new DividedConv(test.Input, test.Output, test.Geometry, (VectorWidth)width);
            var found = test.Run(conv, values => values, value => value);
            ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: Limit);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Images_in_bf16_give_the_results_of_their_rounded_numbers_rounded(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 20; round++)
        {
            var test = RandomCase(random);
            foreach (var values in (float[][])[test.Images, test.Gradients])
                PlainBFloat16.Rounded(values).CopyTo(values, 0);
            var conv = new DividedConv(test.Input, test.Output, test.Geometry, (VectorWidth)width);
            var found = test.Run(conv, PlainBFloat16.Bits, bits => (float)PlainBFloat16.Widen(bits));
            ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: 1 / 256.0 + Limit);
        }
    }

    /// <summary>More plain images than are convolved together: their parts of the weights' gradient are added up.</summary>
    [Theory]
    [MemberData(nameof(Widths))]
    public void Many_large_images_are_convolved_in_several_turns(int width)
    {
        var random = new Random(width);
        var geometry = new ConvGeometry(new(3, 3), new(1, 1), new(2, 2), new(2, 2, 2, 2), Groups: 2);
        var test = ConvCase.Of(random, new Shape(96, 96, 64), 6, geometry);
        var conv = new DividedConv(test.Input, test.Output, test.Geometry, (VectorWidth)width);
        var found = test.Run(conv, values => values, value => value);
        ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: Limit);
    }

    [Fact]
    public void Only_what_divides_into_plain_convolutions_is_divided()
    {
        Assert.True(CanCompute(new(8, 8, 4), new(3, 3), dilation: 1, pad: 1, groups: 2));
        Assert.True(CanCompute(new(8, 8, 6), new(5, 5), dilation: 2, pad: 4, groups: 1));
        Assert.False(CanCompute(new(8, 8, 4), new(3, 3), dilation: 1, pad: 1, groups: 1));
        Assert.False(CanCompute(new(9, 8, 4), new(3, 3), dilation: 2, pad: 2, groups: 1));
        Assert.False(CanCompute(new(8, 8, 4), new(3, 3), dilation: 2, pad: 1, groups: 1));
        Assert.False(CanCompute(new(8, 8, 4), new(1, 3), dilation: 2, pad: 2, groups: 1));

        static bool CanCompute(Shape input, Window window, int dilation, int pad, int groups) =>
            DividedConv.CanCompute(
                input,
                new(window, new(1, 1), new(dilation, dilation), new(pad, pad, pad, pad), groups)
            );
    }

    private static ConvCase RandomCase(Random random)
    {
        var groups = 1 + random.Next(3);
        var dilation = new Window(1 + random.Next(3), 1 + random.Next(3));
        if (groups == 1 && dilation == new Window(1, 1))
            groups = 2;
        var size = random.Next(3) == 0 ? 5 : 3;
        var geometry = new ConvGeometry(
            new(size, size),
            new(1, 1),
            dilation,
            new(
                random.Next(3) * dilation.Height,
                random.Next(3) * dilation.Height,
                random.Next(3) * dilation.Width,
                random.Next(3) * dilation.Width
            ),
            groups
        );
        var input = new Shape(
            dilation.Height * (size + random.Next(5)),
            dilation.Width * (size + random.Next(5)),
            groups * (1 + random.Next(20))
        );
        return ConvCase.Of(random, input, groups * (1 + random.Next(20)), geometry);
    }
}
