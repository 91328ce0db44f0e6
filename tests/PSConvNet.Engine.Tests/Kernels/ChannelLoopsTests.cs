using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>Each pass over rows of channels against the plain one in fp64.</summary>
public class ChannelLoopsTests
{
    public static TheoryData<int> Channels => [1, 3, 15, 16, 17, 32, 50];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Sums_over_the_rows_are_added_to_what_is_there(int channels)
    {
        var random = new Random(channels);
        var rows = 1 + random.Next(40);
        var x = RandomValues.Normal(random, rows * channels);
        var gradient = RandomValues.Normal(random, x.Length);
        var mean = RandomValues.Normal(random, channels);
        var start = RandomValues.Normal(random, channels);
        var centred = PlainNorm.Centred(x, mean);
        var (sum, squares, along) = ((float[])start.Clone(), (float[])start.Clone(), (float[])start.Clone());

        ChannelLoops.Sum(x, sum);
        ChannelLoops.SumSquares(x, mean, squares);
        ChannelLoops.SumAlong(gradient, x, mean, along);

        AssertAdded([.. x.Select(_ => 1.0)], Wide(x), sum);
        AssertAdded(centred, centred, squares);
        AssertAdded(Wide(gradient), centred, along);

        void AssertAdded(double[] a, double[] b, float[] found)
        {
            var expected = PlainNorm.SumProducts(a, b, channels);
            var size = PlainNorm.SumProducts([.. a.Select(Math.Abs)], [.. b.Select(Math.Abs)], channels);
            for (var c = 0; c < channels; c++)
                Assert.Equal(start[c] + expected[c], found[c], 1e-5 * (1 + size[c]));
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Each_value_is_changed_by_the_coefficients_of_its_channel(int channels)
    {
        var random = new Random(channels);
        var rows = 1 + random.Next(10);
        var x = RandomValues.Normal(random, rows * channels);
        var gradient = RandomValues.Normal(random, x.Length);
        var (mean, scale) = (RandomValues.Normal(random, channels), RandomValues.Normal(random, channels));
        var (shift, slope) = (RandomValues.Normal(random, channels), RandomValues.Normal(random, channels));
        var centred = PlainNorm.Centred(x, mean);
        var (plain, rectified, changed) = (new float[x.Length], new float[x.Length], (float[])gradient.Clone());

        ChannelLoops.Normalise(x, mean, scale, shift, relu: false, plain);
        ChannelLoops.Normalise(x, mean, scale, shift, relu: true, rectified);
        ChannelLoops.Backward(changed, x, mean, scale, constant: shift, slope);

        for (var i = 0; i < x.Length; i++)
        {
            var c = i % channels;
            var expected = centred[i] * scale[c] + shift[c];
            Assert.Equal(expected, plain[i], 1e-5);
            Assert.Equal(Math.Max(expected, 0), rectified[i], 1e-5);
            Assert.Equal((double)gradient[i] * scale[c] - shift[c] - centred[i] * slope[c], changed[i], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Outputs_at_or_below_zero_get_no_gradient_and_NaN_does(int length)
    {
        var random = new Random(length);
        var output = RandomValues.Normal(random, length);
        float[] special = [0f, -0f, float.NaN, float.Epsilon, float.NegativeInfinity];
        for (var i = 0; i < length; i += 3)
            output[i] = special[i % special.Length];
        var gradient = RandomValues.Normal(random, length);
        var expected = PlainNorm.ReluBackward(gradient, output);

        ChannelLoops.ReluBackward(gradient, output);

        Assert.Equal(expected, gradient);
    }

    private static double[] Wide(float[] values) => [.. values.Select(value => (double)value)];
}
