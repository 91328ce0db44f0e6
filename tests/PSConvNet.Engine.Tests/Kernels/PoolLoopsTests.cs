using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>Pooling, ReLU and dropout in one pass against the plain ones after each other.</summary>
public class PoolLoopsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Outputs_origins_and_gradients_of_random_shapes_are_those_of_the_layers_one_by_one(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var window = new Window(1 + random.Next(4), 1 + random.Next(4));
            var input = new Shape(
                window.Height + random.Next(9),
                window.Width + random.Next(9),
                PoolLoops.Lanes * (1 + random.Next(5))
            );
            var drops = random.Next(2) == 0;
            var output = PlainPool.OutputOf(input, window);
            var test = new Case(
                input,
                window,
                Relu: random.Next(2) == 0,
                Kept: [.. Enumerable.Range(0, output.Size).Select(_ => !drops || random.Next(3) > 0)],
                Scale: drops ? 1.5f : 1,
                // bf16 has few numbers, so that several pixels of a window are often equal.
                Image: PlainBFloat16.Rounded(RandomValues.Normal(random, input.Size)),
                Gradient: PlainBFloat16.Rounded(RandomValues.Normal(random, output.Size))
            );
            CheckFloat32(test);
            CheckBFloat16(test);
        }
    }

    private static void CheckFloat32(Case test)
    {
        var (output, origins, result) = test.Buffers<float>();

        PoolLoops.Forward(
            test.Image,
            output,
            origins,
            test.Geometry,
            test.Geometry.Offsets(),
            test.Relu,
            test.Keep,
            test.Scale
        );
        PoolLoops.Backward(test.Gradient, origins, result, test.Geometry, test.Geometry.Offsets(), test.Scale);

        test.Check(Widened(output), origins, Widened(result), limit: 1e-7);
        static double[] Widened(float[] values) => [.. values.Select(value => (double)value)];
    }

    private static void CheckBFloat16(Case test)
    {
        var (output, origins, result) = test.Buffers<ushort>();
        var (image, gradient) = (PlainBFloat16.Bits(test.Image), PlainBFloat16.Bits(test.Gradient));
        var (geometry, offsets) = (test.Geometry, test.Geometry.Offsets());

        BFloat16PoolLoops.Forward(image, output, origins, geometry, offsets, test.Relu, test.Keep, test.Scale);
        BFloat16PoolLoops.Backward(gradient, origins, result, geometry, offsets, test.Scale);

        test.Check(Widened(output), origins, Widened(result), limit: 1 / 256.0);
        static double[] Widened(ushort[] bits) => [.. bits.Select(PlainBFloat16.Widen)];
    }

    private sealed record Case(
        Shape Input,
        Window Window,
        bool Relu,
        bool[] Kept,
        float Scale,
        float[] Image,
        float[] Gradient
    )
    {
        public PoolGeometry Geometry => new(Input[0], Input[1], Input[2], Window);

        public ushort[] Keep =>
            Array.TrueForAll(Kept, kept => kept) ? [] : [.. Kept.Select(kept => kept ? ushort.MaxValue : (ushort)0)];

        // Nothing may be left of what the memory held before.
        public (T[] Output, byte[] Origins, T[] Result) Buffers<T>()
            where T : struct
        {
            var (output, origins, result) = (new T[Kept.Length], new byte[Kept.Length], new T[Image.Length]);
            foreach (var memory in (T[][])[output, result])
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(memory.AsSpan()).Fill(0x55);
            return (output, origins, result);
        }

        public void Check(double[] output, byte[] origins, double[] gradient, double limit)
        {
            var expected = PlainPool.Forward(Image, Input, Window, Relu, Kept, Scale);
            AssertClose(expected.Output, output, limit);
            Assert.Equal(expected.Origins, origins);
            AssertClose(PlainPool.Backward(Gradient, origins, Input, Window, Scale), gradient, limit);
        }

        private void AssertClose(double[] expected, double[] found, double limit)
        {
            for (var i = 0; i < expected.Length; i++)
                Assert.True(
                    Math.Abs(expected[i] - found[i]) <= limit * Math.Abs(expected[i]),
                    $"{Window} of {Input}, {i}: {expected[i]} was {found[i]}"
                );
        }
    }
}
