using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Data.Augmentations;

public class PixelNoiseTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(25)]
    public void Noise_has_no_mean_the_asked_for_sigma_and_a_normal_distributions_tails(double sigma)
    {
        var differences = Differences(sigma, 1 << 18, key: 77);

        var mean = differences.Average();
        // Rounding to whole levels adds a twelfth.
        var deviation = Math.Sqrt(differences.Average(d => d * d) - 1 / 12.0);
        Assert.Equal(0, mean, 4 * sigma / Math.Sqrt(differences.Length));
        Assert.Equal(1, deviation / sigma, 0.01);
        if (sigma > 4)
        {
            // Of whole levels those below sigma end half a level before it: the density there, 0.242, times one level in all.
            Assert.Equal(0.6827 - 0.242 / sigma, Within(sigma), 0.01);
            Assert.Equal(0.9545 - 0.054 / sigma, Within(2 * sigma), 0.01);
            Assert.Equal(0.9973 - 0.0044 / sigma, Within(3 * sigma), 0.003);
        }
        Assert.InRange(differences.Max(Math.Abs), 3.9 * sigma, 4.9 * sigma + 0.5);

        double Within(double level) => differences.Count(d => Math.Abs(d) < level) / (double)differences.Length;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(28)]
    public void Neighbours_are_independent_in_every_image(int distance)
    {
        const int images = 300;
        const int size = 4096;
        // In units of what chance gives: the mean over images, and how far single images are from it.
        double[] correlations =
        [
            .. Enumerable
                .Range(0, images)
                .Select(i => Differences(20, size, RandomStream.Key(1, i)))
                .Select(d => d.Zip(d.Skip(distance), (a, b) => a * b / 400).Sum() / Math.Sqrt(size)),
        ];

        Assert.InRange(correlations.Average() * Math.Sqrt(images), -4, 4);
        Assert.Equal(1, Math.Sqrt(correlations.Average(c => c * c)), 0.2);
    }

    [Fact]
    public void Images_are_independent_of_each_other_and_none_is_brighter_than_chance_makes_it()
    {
        const int images = 1000;
        const int size = 784;
        double[][] all = [.. Enumerable.Range(0, images).Select(i => Differences(20, size, RandomStream.Key(2, i)))];
        double[] products =
        [
            .. all.Zip(all.Skip(1), (a, b) => a.Zip(b, (x, y) => x * y / 400).Sum() / Math.Sqrt(size)),
        ];
        double[] means = [.. all.Select(d => d.Sum() / 20 / Math.Sqrt(size))];

        Assert.InRange(products.Average() * Math.Sqrt(images), -4, 4);
        Assert.Equal(1, Math.Sqrt(products.Average(p => p * p)), 0.1);
        Assert.InRange(means.Average() * Math.Sqrt(images), -4, 4);
        Assert.Equal(1, Math.Sqrt(means.Average(m => m * m)), 0.1);
    }

    [Fact]
    public void What_is_added_depends_on_key_and_place_alone()
    {
        byte[] Noisy(int length)
        {
            byte[] pixels = [.. Enumerable.Repeat((byte)128, length)];
            PixelNoise.Add(pixels, 5, 30);
            return pixels;
        }

        foreach (var length in (int[])[0, 1, 63, 64, 65, 200])
            Assert.Equal(Noisy(784).Take(length), Noisy(length));
    }

    [Fact]
    public void Each_pixel_gets_the_noise_that_its_hashes_alone_give_it()
    {
        var random = new Random(6);
        for (var round = 0; round < 100; round++)
        {
            var pixels = RandomValues.Bytes(random.Next(300), round);
            var (key, sigma) = ((ulong)random.NextInt64() * 3, 60 * random.NextDouble());
            var expected = PlainPixels.AddNoise(pixels, key, sigma);

            PixelNoise.Add(pixels, key, sigma);

            for (var i = 0; i < pixels.Length; i++)
                Assert.Equal(Math.Clamp(expected[i], 0, 255), pixels[i], 0.501);
        }
    }

    [Fact]
    public void Black_and_white_are_cut_off_and_no_noise_changes_nothing()
    {
        byte[] pixels = [.. Enumerable.Repeat((byte)0, 500), .. Enumerable.Repeat((byte)255, 500)];
        byte[] same = [.. pixels];

        PixelNoise.Add(pixels, 9, 40);
        PixelNoise.Add(same, 9, 0);

        // Half of a half normal distribution's mean: sigma / √(2 π).
        Assert.Equal(16, pixels.Take(500).Average(p => p), 3.0);
        Assert.Equal(255 - 16, pixels.Skip(500).Average(p => p), 3.0);
        Assert.Equal([.. Enumerable.Repeat((byte)0, 500), .. Enumerable.Repeat((byte)255, 500)], same);
    }

    private static double[] Differences(double sigma, int count, ulong key)
    {
        byte[] pixels = [.. Enumerable.Repeat((byte)128, count)];
        PixelNoise.Add(pixels, key, sigma);
        return [.. pixels.Select(p => p - 128.0)];
    }
}
