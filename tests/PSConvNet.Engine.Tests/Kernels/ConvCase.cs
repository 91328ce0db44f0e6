using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>A 3 x 3 convolution of some images with random numbers, and what the definition says of it.</summary>
internal sealed record ConvCase(
    Shape Input,
    Shape Output,
    Edges Padding,
    bool Relu,
    float[] Images,
    float[] Kernel,
    float[] Bias,
    float[] Gradients
)
{
    private static readonly Window s_window = new(3, 3);

    private int Count => Images.Length / Input.Size;

    /// <summary>A case of a random shape.</summary>
    public static ConvCase Random(Random random, int size, int channels)
    {
        var padding = new Edges(random.Next(3), random.Next(3), random.Next(3), random.Next(3));
        var input = new Shape(3 + random.Next(size - 2), 3 + random.Next(size - 2), 1 + random.Next(channels));
        return Of(random, input, 1 + random.Next(channels), padding);
    }

    /// <summary>A case of a given shape: one to five images, with or without ReLU.</summary>
    public static ConvCase Of(Random random, Shape input, int filters, Edges padding)
    {
        var output = new Shape(
            input[0] + padding.Top + padding.Bottom - 2,
            input[1] + padding.Left + padding.Right - 2,
            filters
        );
        var count = 1 + random.Next(5);
        return new(
            input,
            output,
            padding,
            Relu: random.Next(2) == 0,
            RandomValues.Normal(random, count * input.Size),
            RandomValues.Normal(random, filters * 9 * input[2]),
            RandomValues.Normal(random, filters),
            RandomValues.Normal(random, count * output.Size)
        );
    }

    /// <summary>The results as defined, summed over the images.</summary>
    /// <param name="outputs">The outputs whose signs tell what ReLU cut off.</param>
    public ConvResults<double> Expected(float[] outputs)
    {
        var gradients = Relu
            ? [.. Gradients.Zip(outputs, (gradient, output) => output <= 0 ? 0 : gradient)]
            : Gradients;
        var padded = new Shape(
            Input[0] + Padding.Top + Padding.Bottom,
            Input[1] + Padding.Left + Padding.Right,
            Input[2]
        );
        var result = new ConvResults<double>(
            new double[Gradients.Length],
            new double[Kernel.Length],
            new double[Bias.Length],
            new double[Images.Length]
        );
        for (var i = 0; i < Count; i++)
        {
            var image = Pad(Images.AsSpan(i * Input.Size, Input.Size), padded);
            var gradient = gradients[(i * Output.Size)..((i + 1) * Output.Size)];
            PlainConv
                .Forward(image, padded, Kernel, Bias, s_window, new(1, 1), Output, Relu)
                .CopyTo(result.Outputs, i * Output.Size);
            var (kernel, bias) = PlainConv.Backward(image, padded, gradient, s_window, new(1, 1), Output);
            Add(result.Kernel, kernel);
            Add(result.Bias, bias);
            var images = PlainConv.BackwardImage(Kernel, padded, gradient, s_window, new(1, 1), Output);
            Crop(images, padded).CopyTo(result.ImageGradients, i * Input.Size);
        }
        return result;
    }

    public override string ToString() => $"{Count} of {Input} to {Output}, padding {Padding}, ReLU {Relu}";

    private static void Add(double[] sum, double[] addend)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += addend[i];
    }

    private float[] Pad(ReadOnlySpan<float> image, Shape padded)
    {
        var result = new float[padded.Size];
        var row = Input[1] * Input[2];
        for (var y = 0; y < Input[0]; y++)
            image
                .Slice(y * row, row)
                .CopyTo(result.AsSpan(((y + Padding.Top) * padded[1] + Padding.Left) * Input[2], row));
        return result;
    }

    private double[] Crop(double[] padded, Shape shape)
    {
        var result = new double[Input.Size];
        var row = Input[1] * Input[2];
        for (var y = 0; y < Input[0]; y++)
            padded
                .AsSpan(((y + Padding.Top) * shape[1] + Padding.Left) * Input[2], row)
                .CopyTo(result.AsSpan(y * row, row));
        return result;
    }
}

/// <summary>What a convolution computes forward and backward.</summary>
internal sealed record ConvResults<T>(T[] Outputs, T[] Kernel, T[] Bias, T[] ImageGradients);
