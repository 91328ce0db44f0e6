using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The direct convolution against the plain one in fp64.</summary>
public class ConvLoopsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Outputs_and_gradients_of_random_shapes_are_those_of_the_definition(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 30; round++)
        {
            var window = new Window(1 + random.Next(5), 1 + random.Next(5));
            var stride = new Window(1 + random.Next(3), 1 + random.Next(2));
            var output = new Shape(1 + random.Next(6), ConvLoops.Pixels + random.Next(12), 16 * (1 + random.Next(3)));
            // Now and then a few rows and columns that no window reaches.
            var input = new Shape(
                (output[0] - 1) * stride.Height + window.Height + random.Next(2),
                (output[1] - 1) * stride.Width + window.Width + random.Next(2),
                1 + random.Next(4)
            );
            Check(input, output, window, stride, relu: random.Next(2) == 0, random);
        }
    }

    private static void Check(Shape input, Shape output, Window window, Window stride, bool relu, Random random)
    {
        var what = $"{window} by {stride} of {input} to {output}";
        var loops = new ConvLoops(input, output, window, stride);
        var image = RandomValues.Normal(random, input.Size);
        var kernel = RandomValues.Normal(random, output[2] * window.Height * window.Width * input[2]);
        var bias = RandomValues.Normal(random, output[2]);
        var gradient = RandomValues.Normal(random, output.Size);
        var weights = loops.Transpose(kernel);
        var (found, sums, biasSums) = (new float[output.Size], new float[loops.WeightCount], new float[output[2]]);

        for (var y = 0; y < output[0]; y++)
        {
            var (start, size) = (y * loops.RowSize, loops.RowSize);
            loops.Forward(image, y, weights, bias, relu, found.AsSpan(start, size));
            loops.Backward(image, y, gradient.AsSpan(start, size), sums);
            loops.BackwardBias(gradient.AsSpan(start, size), biasSums);
        }
        var kernelGradient = new float[kernel.Length];
        loops.TransposeBack(sums, kernelGradient);

        var geometry = new ConvGeometry(window, stride, new(1, 1), default, Groups: 1);
        AssertClose(PlainConv.Forward(image, input, kernel, bias, geometry, output, relu), found, what);
        var expected = PlainConv.Backward(image, input, kernel, gradient, geometry, output);
        AssertClose(expected.Weights, kernelGradient, $"gradient of weights, {what}");
        AssertClose(expected.Bias, biasSums, $"gradient of bias, {what}");
    }

    private static void AssertClose(double[] expected, float[] found, string what)
    {
        var norm = Math.Sqrt(expected.Average(value => value * value));
        for (var i = 0; i < found.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-5 * norm, $"{what}: {expected[i]} was {found[i]}");
    }
}
