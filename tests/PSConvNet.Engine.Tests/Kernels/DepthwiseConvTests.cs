using PSConvNet.Runtime.Kernels;
using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The depthwise convolution against the definition in fp64, for each width of vectors.</summary>
public class DepthwiseConvTests
{
    private const double Limit = 1e-5;

    public static IEnumerable<object[]> Widths => WinogradConvTests.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Outputs_and_gradients_of_random_windows_are_those_of_the_definition(int width)
    {
        var random = new Random(width);
        for (var round = 0; round < 60; round++)
        {
            var test = ConvCase.RandomDepthwise(random, size: 14, channels: 40);
            var conv = ImageConv.Depthwise(test.Input, test.Output, test.Geometry, (VectorWidth)width);
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
            var test = ConvCase.RandomDepthwise(random, size: 8, channels: 40);
            foreach (var values in (float[][])[test.Images, test.Gradients])
                PlainBFloat16.Rounded(values).CopyTo(values, 0);
            var conv = ImageConv.Depthwise(test.Input, test.Output, test.Geometry, (VectorWidth)width);
            var found = test.Run(conv, PlainBFloat16.Bits, bits => (float)PlainBFloat16.Widen(bits));
            ConvAssert.Close(test.Expected(found.Outputs), found, test, Limit, stored: 1 / 256.0 + Limit);
        }
    }
}
