using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>A convolution of some images with random numbers, and what the definition says of it.</summary>
internal sealed record ConvCase(
    Shape Input,
    Shape Output,
    ConvGeometry Geometry,
    bool Relu,
    float[] Images,
    float[] Kernel,
    float[] Bias,
    float[] Gradients
)
{
    private int Count => Images.Length / Input.Size;

    /// <summary>A convolution of a square window with stride 1 of a random shape.</summary>
    public static ConvCase Random(Random random, int size, int channels, int window = 3)
    {
        var sides = size - window + 1;
        var input = new Shape(window + random.Next(sides), window + random.Next(sides), 1 + random.Next(channels));
        return Of(random, input, 1 + random.Next(channels), RandomEdges(random), window);
    }

    /// <summary>A convolution of a random window, stride, dilation and number of groups.</summary>
    public static ConvCase RandomWindow(Random random, int size, int channels)
    {
        var groups = random.Next(3) == 0 ? 1 + random.Next(4) : 1;
        var geometry = new ConvGeometry(
            new(1 + random.Next(5), 1 + random.Next(5)),
            new(1 + random.Next(3), 1 + random.Next(3)),
            new(1 + random.Next(2), 1 + random.Next(2)),
            RandomEdges(random),
            groups
        );
        var input = new Shape(9 + random.Next(size), 9 + random.Next(size), groups * (1 + random.Next(channels)));
        return Of(random, input, groups * (1 + random.Next(channels)), geometry);
    }

    /// <summary>A convolution of a random window, stride and dilation, with a group per channel and up to three filters for each.</summary>
    public static ConvCase RandomDepthwise(Random random, int size, int channels)
    {
        var groups = 1 + random.Next(channels);
        var filters = random.Next(2) == 0 ? 1 : 1 + random.Next(3);
        return OfGroups(random, size, groups, 1, filters);
    }

    /// <summary>The same with many groups of some channels and filters.</summary>
    public static ConvCase RandomGroups(Random random, int size, int groups) =>
        OfGroups(random, size, 1 + random.Next(groups), 1 + random.Next(9), 1 + random.Next(9));

    private static ConvCase OfGroups(Random random, int size, int groups, int channels, int filters)
    {
        var input = new Shape(9 + random.Next(size), 9 + random.Next(size), groups * channels);
        var geometry = new ConvGeometry(
            new(1 + random.Next(5), 1 + random.Next(5)),
            new(1 + random.Next(3), 1 + random.Next(3)),
            new(1 + random.Next(2), 1 + random.Next(2)),
            RandomEdges(random),
            groups
        );
        return Of(random, input, groups * filters, geometry);
    }

    /// <summary>A convolution of a square window with stride 1 of a given shape.</summary>
    public static ConvCase Of(Random random, Shape input, int filters, Edges padding, int window = 3) =>
        Of(random, input, filters, new ConvGeometry(new(window, window), new(1, 1), new(1, 1), padding, Groups: 1));

    /// <summary>A convolution of a given shape: one to five images, with or without ReLU.</summary>
    public static ConvCase Of(Random random, Shape input, int filters, ConvGeometry geometry)
    {
        var (window, stride, dilation, edges, groups) = geometry;
        var output = new Shape(
            (input[0] + edges.Top + edges.Bottom - (window.Height - 1) * dilation.Height - 1) / stride.Height + 1,
            (input[1] + edges.Left + edges.Right - (window.Width - 1) * dilation.Width - 1) / stride.Width + 1,
            filters
        );
        var count = 1 + random.Next(5);
        return new(
            input,
            output,
            geometry,
            Relu: random.Next(2) == 0,
            RandomValues.Normal(random, count * input.Size),
            RandomValues.Normal(random, filters * window.Height * window.Width * input[2] / groups),
            RandomValues.Normal(random, filters),
            RandomValues.Normal(random, count * output.Size)
        );
    }

    /// <summary>The results as defined, summed over the images.</summary>
    /// <param name="outputs">The outputs whose signs tell what ReLU cut off.</param>
    public ConvResults<double> Expected(float[] outputs)
    {
        float[] gradients = Relu
            ? [.. Gradients.Zip(outputs, (gradient, output) => output <= 0 ? 0 : gradient)]
            : Gradients;
        var result = new ConvResults<double>(
            new double[Gradients.Length],
            new double[Kernel.Length],
            new double[Bias.Length],
            new double[Images.Length]
        );
        for (var i = 0; i < Count; i++)
        {
            var image = Images.AsSpan(i * Input.Size, Input.Size);
            var gradient = gradients.AsSpan(i * Output.Size, Output.Size);
            PlainConv
                .Forward(image, Input, Kernel, Bias, Geometry, Output, Relu)
                .CopyTo(result.Outputs, i * Output.Size);
            var (kernel, bias, pixels) = PlainConv.Backward(image, Input, Kernel, gradient, Geometry, Output);
            Add(result.Kernel, kernel);
            Add(result.Bias, bias);
            pixels.CopyTo(result.ImageGradients, i * Input.Size);
        }
        return result;
    }

    /// <summary>The results of loops, whose outputs are the same bit by bit when they are computed in parts.</summary>
    /// <param name="conv">The loops.</param>
    /// <param name="to">Numbers in the loops' precision.</param>
    /// <param name="from">A number of it.</param>
    public ConvResults<float> Run<T>(ImageConv conv, Func<float[], T[]> to, Func<T, float> from)
        where T : unmanaged
    {
        using var scratch = conv.NewScratch();
        using var weights = conv.NewWeights(backward: true);
        for (var part = 0; part < 3; part++)
            conv.TransformWeights(Kernel, weights, new WorkPart(part, 3));
        var (images, gradients) = (to(Images), to(Gradients));
        var (outputs, imageGradients) = (new T[gradients.Length], new T[images.Length]);
        var (kernel, bias) = (new float[Kernel.Length], new float[Bias.Length]);
        for (var part = 0; part < 3; part++)
            conv.Forward<T>(images, weights, Bias, Relu, outputs, scratch, new WorkPart(part, 3));
        var whole = new T[outputs.Length];
        conv.Forward<T>(images, weights, Bias, Relu, whole, scratch, WorkPart.Whole);
        Assert.Equal(whole, outputs);
        conv.Backward<T>(images, gradients, Relu ? outputs : [], weights, kernel, bias, imageGradients, scratch);
        return new([.. outputs.Select(from)], kernel, bias, [.. imageGradients.Select(from)]);
    }

    public override string ToString() => $"{Count} of {Input} to {Output}, {Geometry}, ReLU {Relu}";

    private static Edges RandomEdges(Random random) =>
        new(random.Next(3), random.Next(3), random.Next(3), random.Next(3));

    private static void Add(double[] sum, double[] addend)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += addend[i];
    }
}

/// <summary>What a convolution computes forward and backward.</summary>
internal sealed record ConvResults<T>(T[] Outputs, T[] Kernel, T[] Bias, T[] ImageGradients);

/// <summary>Comparisons of what loops compute with what the definition says.</summary>
internal static class ConvAssert
{
    /// <summary>All results are within the limits, in parts of the largest value of each.</summary>
    /// <param name="expected">By the definition.</param>
    /// <param name="found">By the loops.</param>
    /// <param name="test">What was computed.</param>
    /// <param name="limit">For sums in fp32.</param>
    /// <param name="stored">For outputs and gradients of images, which may be rounded to bf16.</param>
    public static void Close(
        ConvResults<double> expected,
        ConvResults<float> found,
        ConvCase test,
        double limit,
        double stored
    )
    {
        Close(expected.Outputs, found.Outputs, stored, $"outputs, {test}");
        Close(expected.Kernel, found.Kernel, limit, $"weights, {test}");
        Close(expected.Bias, found.Bias, limit, $"bias, {test}");
        Close(expected.ImageGradients, found.ImageGradients, stored, $"images, {test}");
    }

    /// <summary>Numbers are within a limit, in parts of the largest.</summary>
    public static void Close(float[] expected, float[] found, double limit, string what) =>
        Close(Array.ConvertAll(expected, value => (double)value), found, limit, what);

    private static void Close(double[] expected, float[] found, double limit, string what)
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
