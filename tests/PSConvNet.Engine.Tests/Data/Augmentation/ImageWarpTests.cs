using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Data.Augmentations;

public class ImageWarpTests
{
    /// <summary>Height, width and channels: below a vector, a vector, beyond it; more than one block of rows; a single pixel.</summary>
    public static TheoryData<int, int, int> Sizes =>
        new()
        {
            { 28, 28, 1 },
            { 1, 1, 1 },
            { 5, 3, 3 },
            { 16, 64, 1 },
            { 33, 17, 2 },
            { 90, 65, 3 },
            { 3, 1500, 1 },
        };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Nothing_done_gives_the_same_bytes(int height, int width, int channels)
    {
        var image = RandomValues.Bytes(height * width * channels, 1);

        Assert.Equal(image, Warp(image, height, width, channels, new Motion(0, 0, 0)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Whole_pixels_of_shift_move_the_array(int height, int width, int channels)
    {
        var image = RandomValues.Bytes(height * width * channels, 2);
        foreach (var (right, down) in ((int, int)[])[(1, 0), (0, 1), (-2, 1), (3, -2), (width, 0), (-5000, 7)])
        {
            var expected = new byte[image.Length];
            for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (fromX, fromY) = (x - right, y - down);
                if (fromX < 0 || fromY < 0 || fromX >= width || fromY >= height)
                    continue;
                for (var c = 0; c < channels; c++)
                    expected[(y * width + x) * channels + c] = image[(fromY * width + fromX) * channels + c];
            }

            Assert.Equal(expected, Warp(image, height, width, channels, new Motion(right, down, 0)));
        }
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(7, 3)]
    public void A_quarter_turn_clockwise_is_the_array_transposed_with_its_rows_reversed(int size, int channels)
    {
        var image = RandomValues.Bytes(size * size * channels, 3);
        var expected = new byte[image.Length];
        for (var y = 0; y < size; y++)
        for (var x = 0; x < size; x++)
        for (var c = 0; c < channels; c++)
            expected[(y * size + x) * channels + c] = image[((size - 1 - x) * size + y) * channels + c];

        Assert.Equal(expected, Warp(image, size, size, channels, new Motion(0, 0, 90)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_mirror_reverses_each_row_and_twice_leaves_the_image(int height, int width, int channels)
    {
        var image = RandomValues.Bytes(height * width * channels, 4);
        var expected = Enumerable
            .Range(0, height)
            .SelectMany(row => image.Skip(row * width * channels).Take(width * channels).Chunk(channels).Reverse())
            .SelectMany(pixel => pixel);

        var once = Warp(image, height, width, channels, new Motion(0, 0, 0, Mirror: true));

        Assert.Equal(expected, once);
        Assert.Equal(image, Warp(once, height, width, channels, new Motion(0, 0, 0, Mirror: true)));
    }

    [Fact]
    public void A_lean_of_45_degrees_moves_each_row_a_pixel_further_than_the_one_above()
    {
        const int size = 7;
        var image = new byte[size * size];
        for (var y = 0; y < size; y++)
            image[y * size + 3] = 200;
        var expected = new byte[size * size];
        for (var y = 0; y < size; y++)
            expected[y * size + y] = 200;

        Assert.Equal(expected, Warp(image, size, size, 1, new Motion(0, 0, 0, Shear: 45)));
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(0.7)]
    [InlineData(2)]
    public void A_scale_multiplies_what_a_blot_weighs_by_its_square_and_a_shift_moves_its_centre(double scale)
    {
        // A soft blot, for bilinear reading weighs a sharp one by where its edge falls.
        const int size = 64;
        var image = new byte[size * size];
        for (var y = 0; y < size; y++)
        for (var x = 0; x < size; x++)
            image[y * size + x] = (byte)(250 * Math.Exp(-(Square(x - 31.5) + Square(y - 31.5)) / 40));

        var moved = Warp(image, size, size, 1, new Motion(3.25, -4.5, 30, scale));

        Assert.Equal(1, moved.Sum(p => p) / (scale * scale * image.Sum(p => p)), 0.01);
        Assert.Equal(31.5 + 3.25, Centre(moved, i => i % size), 0.05);
        Assert.Equal(31.5 - 4.5, Centre(moved, i => i / size), 0.05);

        static double Square(double value) => value * value;

        static double Centre(byte[] image, Func<int, int> place) =>
            image.Select((p, i) => (double)p * place(i)).Sum() / image.Sum(p => p);
    }

    [Fact]
    public void Any_affine_movement_agrees_with_a_reference_in_fp64_to_a_grey_level()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var (height, width, channels) = (random.Next(1, 50), random.Next(1, 80), random.Next(1, 4));
            var image = RandomValues.Bytes(height * width * channels, round);
            var edges = round % 2 == 1;
            var motion = new Motion(
                Right: 20 * (random.NextDouble() - 0.5),
                Down: 20 * (random.NextDouble() - 0.5),
                Turn: 360 * random.NextDouble(),
                Scale: Math.Pow(3, 2 * random.NextDouble() - 1),
                Shear: 80 * (random.NextDouble() - 0.5),
                Mirror: random.Next(2) == 1
            );
            var map = AffineMap.Inverse(height, width, motion);
            var expected = PlainWarp.Apply(image, height, width, channels, map, edges);
            var result = new byte[image.Length];

            new ImageWarp(height, width, channels, edges).Apply(image, map, null, result);

            for (var i = 0; i < result.Length; i++)
                Assert.True(Math.Abs(expected[i] - result[i]) < 0.51, $"{motion}: {expected[i]} became {result[i]}");
        }
    }

    [Fact]
    public void Edges_drawn_out_leave_an_even_image_even_and_black_comes_in_without()
    {
        byte[] image = [.. Enumerable.Repeat((byte)90, 12 * 10 * 3)];
        var motion = new Motion(4.5, -3, 20, 0.5);

        Assert.All(Warp(image, 12, 10, 3, motion, edges: true), value => Assert.Equal(90, value));
        Assert.Contains((byte)0, Warp(image, 12, 10, 3, motion));
    }

    [Fact]
    public void One_image_leaves_nothing_behind_for_the_next()
    {
        var warp = new ImageWarp(20, 20, 1, edges: false);
        var field = new ElasticField(20, 20, 200, 3);
        var random = new RandomStream(1);
        field.Draw(ref random);
        var (image, result) = (RandomValues.Bytes(400, 6), new byte[400]);
        warp.Apply(RandomValues.Bytes(400, 7), AffineMap.Identity, field, result);

        warp.Apply(image, AffineMap.Identity, null, result);

        Assert.Equal(image, result);
    }

    private static byte[] Warp(byte[] image, int height, int width, int channels, Motion motion, bool edges = false)
    {
        var result = new byte[image.Length];
        new ImageWarp(height, width, channels, edges).Apply(
            image,
            AffineMap.Inverse(height, width, motion),
            null,
            result
        );
        return result;
    }
}
