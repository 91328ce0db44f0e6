using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>GELU or SiLU with the pooling behind it against both one after the other in fp64.</summary>
public class ValleyPoolLoopsTests
{
    public static TheoryData<Activation, int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<Activation, int, bool>();
            foreach (var function in (Activation[])[Activation.GELU, Activation.SiLU])
            foreach (var width in Enum.GetValues<VectorWidth>().Where(VectorWidths.Has))
            foreach (var reduced in (bool[])[false, true])
                cases.Add(function, (int)width, reduced);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_and_winners_of_random_shapes_are_those_of_the_layers_one_by_one(
        Activation function,
        int width,
        bool reduced
    )
    {
        var random = new Random(width);
        for (var round = 0; round < 30; round++)
        {
            var window = new Window(1 + random.Next(4), 1 + random.Next(4));
            var shape = new Shape(
                window.Height + random.Next(9),
                window.Width + random.Next(9),
                PoolLoops.Lanes * (1 + random.Next(3))
            );
            // Some windows lie wholly below the lowest point, some wholly above, most on both sides; bf16 numbers are often equal.
            var image = RandomValues.Normal(random, shape.Size, scale: 1.5);
            for (var i = 0; i < image.Length; i++)
                image[i] -= i % 5;
            Check(function, (VectorWidth)width, reduced, shape, window, PlainBFloat16.Rounded(image));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Infinities_and_NaN_come_through(Activation function, int width, bool reduced)
    {
        var geometry = new PoolGeometry(1, 2, 16, new Window(1, 2));
        float[] first = [float.NaN, 1, float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, -5];
        float[] second = [-1, float.NaN, float.NegativeInfinity, -1, 0, -0.75f];
        float[] image = [.. Filled(first), .. Filled(second)];
        var (output, winners, which) = Run(function, (VectorWidth)width, reduced, geometry, image);

        // -∞ has the limit's value, 0, which is larger than that of any number below 0.
        Assert.Equal([float.NaN, float.NaN, 0, 0, float.PositiveInfinity], output.Take(5));
        Assert.Equal([float.NaN, float.NaN, float.NegativeInfinity, float.NegativeInfinity], winners.Take(4));
        Assert.Equal([(byte)0, (byte)1, (byte)0, (byte)0, (byte)0, (byte)0], which.Take(6));

        static float[] Filled(float[] values) => [.. values, .. new float[16 - values.Length]];
    }

    [Fact]
    public void Memory_of_the_wrong_size_and_other_functions_are_refused()
    {
        var geometry = new PoolGeometry(4, 4, 16, new Window(2, 2));
        var loops = ValleyPoolLoops.Create(Activation.GELU, geometry);

        Assert.Throws<ArgumentOutOfRangeException>(() =>
            loops.Forward<float>(new float[255], new float[64], new float[64], new byte[64])
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            loops.Forward<float>(new float[256], new float[64], new float[64], new byte[63])
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => loops.Forward<float>(new float[256], new float[63], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ValleyPoolLoops.Create(Activation.Tanh, geometry));
    }

    private static void Check(
        Activation function,
        VectorWidth width,
        bool reduced,
        Shape shape,
        Window window,
        float[] image
    )
    {
        var geometry = new PoolGeometry(shape[0], shape[1], shape[2], window);
        var (output, winners, which) = Run(function, width, reduced, geometry, image);

        float[] values = [.. image.Select(x => (float)PlainActivation.Value(function, x, 0))];
        bool[] kept = [.. output.Select(_ => true)];
        var expected = PlainPool.Forward(values, shape, window, relu: false, kept, scale: 1).Output;
        var origins = geometry.Offsets();
        for (var i = 0; i < output.Length; i++)
        {
            AssertClose(expected[i], output[i], reduced, $"output {i}");
            // Any number whose value is the largest may win, as far as rounding tells them apart.
            var position = i / shape[2];
            var corner = geometry.Corner(position / geometry.OutputWidth, position % geometry.OutputWidth);
            Assert.Equal(image[corner + origins[which[i]] + i % shape[2]], winners[i]);
            Assert.Equal(expected[i], PlainActivation.Value(function, winners[i], 0), 1e-6);
        }
    }

    private static void AssertClose(double expected, float found, bool reduced, string what) =>
        Assert.True(
            Math.Abs(found - expected) <= (reduced ? 1.0 / 256 : 1e-6) * Math.Abs(expected) + 1e-7,
            $"{what}: {found} is not {expected}"
        );

    /// <summary>In fp32 or bf16; both ways, with and without what a backward pass needs.</summary>
    private static (float[] Output, float[] Winners, byte[] Which) Run(
        Activation function,
        VectorWidth width,
        bool reduced,
        PoolGeometry geometry,
        float[] image
    )
    {
        var loops = ValleyPoolLoops.Create(function, geometry, width);
        var which = new byte[geometry.OutputSize];
        if (!reduced)
        {
            var (output, winners) = (new float[which.Length], new float[which.Length]);
            var alone = new float[which.Length];
            loops.Forward<float>(image, output, winners, which);
            loops.Forward<float>(image, alone, [], []);
            Assert.Equal(output, alone);
            return (output, winners, which);
        }
        var (reducedOutput, reducedWinners) = (new ushort[which.Length], new ushort[which.Length]);
        loops.Forward<ushort>(PlainBFloat16.Bits(image), reducedOutput, reducedWinners, which);
        return (Widened(reducedOutput), Widened(reducedWinners), which);

        static float[] Widened(ushort[] values) => [.. values.Select(value => (float)PlainBFloat16.Widen(value))];
    }
}
