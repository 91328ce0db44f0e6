using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>Each pass over rows of channels against the plain one in fp64, for each width of vectors.</summary>
public class BatchNormLoopsTests
{
    public static TheoryData<int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int>();
            foreach (var width in Enum.GetValues<VectorWidth>().Where(VectorWidths.Has))
            foreach (var channels in (int[])[1, 3, 8, 15, 16, 17, 32, 50, 5000])
                cases.Add((int)width, channels);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Moments_are_those_of_all_rows_however_they_are_divided(int width, int channels)
    {
        var random = new Random(channels);
        var rows = 3 + random.Next(600);
        var x = RandomValues.Normal(random, rows * channels);
        // A mean that is a thousand deviations away from 0 must not cost digits of the variance.
        for (var i = 0; i < x.Length; i++)
            x[i] += i % channels % 2 * 1000;
        var loops = BatchNormLoops.Create(channels, (VectorWidth)width);
        var cut = channels * (rows / 3);
        var (first, second) = (new ChannelMoments(channels), new ChannelMoments(channels));

        loops.AddMoments<float>(x.AsSpan(0, cut), first);
        loops.AddMoments<float>(x.AsSpan(cut), second);
        var whole = ChannelMoments.Merged([first.Packed(), second.Packed()]);

        Assert.Equal(rows, whole.Count);
        for (var c = 0; c < channels; c++)
        {
            var values = Enumerable.Range(0, rows).Select(row => (double)x[row * channels + c]).ToArray();
            var mean = values.Average();
            Assert.Equal(mean, whole.Means[c], 1e-5);
            Assert.Equal(1, whole.Deviations[c] / values.Sum(value => (value - mean) * (value - mean)), 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_those_of_the_plain_passes(int width, int channels)
    {
        var random = new Random(channels);
        var rows = 1 + random.Next(300);
        var loops = BatchNormLoops.Create(channels, (VectorWidth)width);
        foreach (var relu in (bool[])[false, true])
        {
            var (x, gradient) = (
                RandomValues.Normal(random, rows * channels),
                RandomValues.Normal(random, rows * channels)
            );
            var (mean, scale) = (RandomValues.Normal(random, channels), RandomValues.Normal(random, channels));
            var (shift, constant) = (RandomValues.Normal(random, channels), RandomValues.Normal(random, channels));
            var slope = RandomValues.Normal(random, channels);
            var normalisation = new Normalisation(mean, scale, shift, relu);
            var (y, dx) = (new float[x.Length], new float[x.Length]);
            var (sums, along) = (new double[channels], new double[channels]);

            loops.Normalise<float>(x, normalisation, y);
            loops.AddGradients<float>(gradient, x, normalisation, sums, along);
            loops.Backward<float>(gradient, x, normalisation, constant, slope, dx);

            var centred = PlainNorm.Centred(x, mean);
            var alive = relu ? PlainNorm.ReluBackward(gradient, y) : gradient;
            double[] wide = [.. alive.Select(value => (double)value)];
            double[] ones = [.. alive.Select(_ => 1.0)];
            AssertSums(wide, ones, sums, channels);
            AssertSums(wide, centred, along, channels);
            for (var i = 0; i < x.Length; i++)
            {
                var c = i % channels;
                var value = centred[i] * scale[c] + shift[c];
                Assert.Equal(relu ? Math.Max(value, 0) : value, y[i], 1e-5);
                Assert.Equal(wide[i] * scale[c] - constant[c] - centred[i] * slope[c], dx[i], 1e-5);
            }
        }
    }

    private static void AssertSums(double[] a, double[] b, double[] found, int channels)
    {
        var expected = PlainNorm.SumProducts(a, b, channels);
        var size = PlainNorm.SumProducts([.. a.Select(Math.Abs)], [.. b.Select(Math.Abs)], channels);
        for (var c = 0; c < channels; c++)
            Assert.Equal(expected[c], found[c], 1e-5 * (1 + size[c]));
    }
}
