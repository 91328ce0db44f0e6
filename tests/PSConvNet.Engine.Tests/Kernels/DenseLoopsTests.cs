using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

public class DenseLoopsTests
{
    /// <summary>Odd numbers of samples, fewer inputs than a panel, more than a part, and outputs that aren't a multiple of four.</summary>
    public static TheoryData<int, int, int> Shapes =>
        new()
        {
            { 1, 16, 4 },
            { 2, 48, 6 },
            { 3, 1152, 10 },
            { 7, 1168, 14 },
            { 64, 2320, 128 },
            { 33, 4096, 30 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Outputs_and_gradients_agree_with_double_precision_for_each_width(int count, int inputs, int outputs)
    {
        var x = Values(count * inputs, seed: 1);
        var weights = Values(outputs * inputs, seed: 2);
        var bias = Values(outputs, seed: 3);
        var g = Values(count * outputs, seed: 4);
        foreach (var width in Enum.GetValues<VectorWidth>().Where(VectorWidths.Has))
        {
            var loops = DenseLoops.Create(inputs, outputs, width);
            using var scratch = new DenseScratch();
            var (y, dw, dx, db) = (
                new float[count * outputs],
                new float[outputs * inputs],
                new float[count * inputs],
                new float[outputs]
            );

            // Twice, since memory is used again.
            for (var i = 0; i < 2; i++)
            {
                loops.Forward(x, weights, bias, y, scratch);
                loops.BackwardWeights(x, g, dw, scratch);
                loops.BackwardInputs(g, weights, dx, scratch);
                loops.BackwardBias(g, db);
            }

            for (var sample = 0; sample < count; sample++)
                AssertClose(
                    PlainDense.Multiply(weights, x.AsSpan(sample * inputs, inputs).ToArray(), bias),
                    y.AsSpan(sample * outputs, outputs),
                    2e-6
                );
            AssertClose(PlainDense.WeightGradient(x, g, inputs, outputs), dw, 2e-6);
            AssertClose(PlainDense.InputGradient(g, weights, inputs, outputs), dx, 2e-6);
            for (var output = 0; output < outputs; output++)
                Assert.Equal(Enumerable.Range(0, count).Sum(i => (double)g[i * outputs + output]), db[output], 1e-4);
        }
    }

    [Fact]
    public void Loops_refuse_memory_of_the_wrong_size_and_layers_they_cannot_compute()
    {
        var loops = DenseLoops.Create(16, 4);
        using var scratch = new DenseScratch();

        Assert.Throws<ArgumentOutOfRangeException>(() =>
            loops.Forward(new float[31], new float[64], [], new float[8], scratch)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            loops.Forward(new float[32], new float[63], [], new float[8], scratch)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            loops.BackwardInputs(new float[9], new float[64], new float[32], scratch)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => DenseLoops.Create(17, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => DenseLoops.Create(16, 5));
    }

    private static float[] Values(int count, long seed)
    {
        var random = new RandomStream(seed, 5);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (float)random.NextGaussian();
        return values;
    }

    /// <summary>Errors in shares of the largest value.</summary>
    private static void AssertClose(double[] expected, ReadOnlySpan<float> found, double limit)
    {
        Assert.Equal(expected.Length, found.Length);
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(found[i], expected[i] - limit * largest, expected[i] + limit * largest);
    }
}
