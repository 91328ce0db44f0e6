using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Data.Augmentations;

public class ElasticFieldTests
{
    private const int Size = 48;

    [Theory]
    [InlineData(34, 4)]
    [InlineData(8, 1)]
    [InlineData(60, 8)]
    public void Displacements_are_as_strong_and_as_smooth_as_noise_blurred_by_the_papers_gaussian(
        double alpha,
        double sigma
    )
    {
        const int fields = 4000;
        var random = new RandomStream(11);
        var field = new ElasticField(Size, Size, alpha, sigma);
        // How alike two places so far apart move, in a share of how far each moves: the blur of noise has exp(-d² / (4 sigma²)).
        int[] distances = [0, (int)Math.Ceiling(sigma / 2), (int)sigma, (int)(2 * sigma), (int)(4 * sigma)];
        var products = new double[distances.Length];
        var (mean, across, counted) = (0.0, 0.0, 0L);
        for (var i = 0; i < fields; i++)
        {
            field.Draw(ref random);
            for (var y = 0; y < Size; y++)
            {
                var (right, down) = (new float[Size], new float[Size]);
                field.Row(y, right, down);
                for (var x = 0; x + distances[^1] < Size; x++, counted++)
                {
                    mean += right[x] + down[x];
                    across += right[x] * down[x];
                    for (var d = 0; d < distances.Length; d++)
                        products[d] += (right[x] * right[x + distances[d]] + down[x] * down[x + distances[d]]) / 2;
                }
            }
        }

        var strength = Math.Sqrt(products[0] / counted);
        Assert.Equal(1, strength / (alpha / Math.Sqrt(3) / (2 * Math.Sqrt(Math.PI) * sigma)), 0.03);
        Assert.Equal(0, mean / counted / strength, 0.1);
        Assert.Equal(0, across / products[0], 0.1);
        for (var d = 1; d < distances.Length; d++)
        {
            var expected = Math.Exp(-Math.Pow(distances[d] / sigma, 2) / 4);
            Assert.True(
                Math.Abs(products[d] / products[0] - expected) < 0.06,
                $"{distances[d]} pixels apart: {products[d] / products[0]:F3}, not {expected:F3}"
            );
        }
    }

    [Fact]
    public void The_blurred_noise_itself_has_the_strength_that_is_promised()
    {
        // By brute force, once: uniform noise, the Gaussian's own sum, alpha.
        const int size = 96;
        const double alpha = 34;
        const double sigma = 4;
        var random = new Random(3);
        double[] blur = [.. Enumerable.Range(-20, 41).Select(d => Math.Exp(-d * d / (2 * sigma * sigma)))];
        var total = blur.Sum();
        var noise = new double[size, size];
        for (var y = 0; y < size; y++)
        for (var x = 0; x < size; x++)
            noise[y, x] = 2 * random.NextDouble() - 1;
        var rows = Blurred(Blurred(noise, (y, x) => (y, x)), (y, x) => (x, y));
        var squares = 0.0;
        foreach (var value in rows)
            squares += Math.Pow(alpha * value, 2);

        Assert.Equal(1, Math.Sqrt(squares / rows.Length) / ElasticField.RootMeanSquare(alpha, sigma), 0.1);

        // Round and round, so that no edge weakens it.
        double[,] Blurred(double[,] source, Func<int, int, (int, int)> turn)
        {
            var result = new double[size, size];
            for (var a = 0; a < size; a++)
            for (var b = 0; b < size; b++)
            {
                var sum = 0.0;
                for (var d = -20; d <= 20; d++)
                {
                    var (y, x) = turn(a, (b + d + size) % size);
                    sum += blur[d + 20] * source[y, x];
                }
                var (toY, toX) = turn(a, b);
                result[toY, toX] = sum / total;
            }
            return result;
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(28, 28, 4)]
    [InlineData(200, 3, 1.3)]
    [InlineData(5, 90, 500)]
    public void Any_size_has_a_field_everywhere(int height, int width, double sigma)
    {
        var field = new ElasticField(height, width, 100, sigma);
        var random = new RandomStream(2);
        for (var i = 0; i < 50; i++)
        {
            field.Draw(ref random);
            for (var y = 0; y < height; y++)
            {
                var (right, down) = (Row(float.NaN), Row(float.NaN));
                field.Row(y, right, down);
                Assert.All(right.Take(width), value => Assert.True(float.IsFinite(value) && value != 0));
                Assert.All(down.Take(width), value => Assert.True(float.IsFinite(value) && value != 0));
            }
        }

        float[] Row(float value) => [.. Enumerable.Repeat(value, ElasticField.Padded(width))];
    }

    [Fact]
    public void Moved_by_a_field_each_pixel_is_read_where_the_field_says()
    {
        const int height = 30;
        const int width = 40;
        var image = RandomValues.Bytes(height * width, 8);
        var field = new ElasticField(height, width, 40, 4);
        var random = new RandomStream(4);
        field.Draw(ref random);
        var map = AffineMap.Inverse(height, width, new Motion(1.5, -2, 12, 1.1));
        var result = new byte[image.Length];

        new ImageWarp(height, width, 1, edges: false).Apply(image, map, field, result);

        var (right, down) = Displacements(field, height, width);
        var expected = PlainWarp.Apply(image, height, width, 1, map, edges: false, (right, down));
        for (var i = 0; i < result.Length; i++)
            Assert.Equal(expected[i], result[i], 0.51);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(28, 28, 4)]
    [InlineData(9, 70, 1.3)]
    [InlineData(33, 17, 40)]
    public void Displacements_are_those_of_a_sum_over_the_whole_grid_in_fp64(int height, int width, double sigma)
    {
        var field = new ElasticField(height, width, 30, sigma);
        for (var seed = 0; seed < 5; seed++)
        {
            var (ours, theirs) = (new RandomStream(seed), new RandomStream(seed));
            field.Draw(ref ours);
            var (right, down) = Displacements(field, height, width);

            var expected = PlainElasticField.Draw(height, width, 30, sigma, theirs);

            var strength = ElasticField.RootMeanSquare(30, sigma);
            for (var i = 0; i < right.Length; i++)
            {
                Assert.Equal(expected.Right[i], right[i], 1e-4 * strength);
                Assert.Equal(expected.Down[i], down[i], 1e-4 * strength);
            }
        }
    }

    private static (float[] Right, float[] Down) Displacements(ElasticField field, int height, int width)
    {
        var (right, down) = (new float[height * width], new float[height * width]);
        var (toRight, toDown) = (new float[ElasticField.Padded(width)], new float[ElasticField.Padded(width)]);
        for (var y = 0; y < height; y++)
        {
            field.Row(y, toRight, toDown);
            toRight.AsSpan(0, width).CopyTo(right.AsSpan(y * width));
            toDown.AsSpan(0, width).CopyTo(down.AsSpan(y * width));
        }
        return (right, down);
    }
}
