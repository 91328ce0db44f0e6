using PSConvNet.Tests.Kernels.Plain;
using TorchSharp;

namespace PSConvNet.Tests.Data.Augmentations;

public class AugmentedImageTests
{
    private static readonly Shape s_shape = new(24, 20, 1);

    [Fact]
    public void With_all_off_images_stay_as_they_are()
    {
        var images = Noise(20, s_shape);

        Assert.Equal(images.Pixels.ToArray(), new Augmentation().Apply(images).Pixels.ToArray());
    }

    [Theory]
    [InlineData(30, 22)]
    [InlineData(30, 22, 1)]
    [InlineData(9, 50, 3)]
    [InlineData(1, 1, 1)]
    public void Images_of_any_size_keep_their_shape_name_and_labels(params int[] dimensions)
    {
        var images = Noise(12, new Shape(dimensions));
        var before = images.Pixels.ToArray();
        var augmentation = AugmentationSettingTests.Everything with { Shift = 0.5 };

        var changed = augmentation.Apply(images, 3, 2);

        Assert.Equal(images.Shape, changed.Shape);
        Assert.Equal(images.Name, changed.Name);
        Assert.Equal(images.Labels.ToArray(), changed.Labels.ToArray());
        Assert.Equal(before, images.Pixels.ToArray());
        Assert.NotEqual(before, changed.Pixels.ToArray());
    }

    [Fact]
    public void Equal_seeds_and_epochs_give_equal_bytes_and_others_do_not()
    {
        var images = Noise(5, s_shape);
        byte[] Of(long seed, int epoch) =>
            AugmentationSettingTests.Everything.Apply(images, seed, epoch).Pixels.ToArray();

        Assert.Equal(Of(1, 1), Of(1, 1));
        byte[][] all = [Of(1, 1), Of(1, 2), Of(2, 1), Of(-1, 1), Of(1, 3)];
        for (var image = 0; image < 5; image++)
        {
            var forms = all.Select(bytes => Convert.ToHexString(bytes, image * s_shape.Size, s_shape.Size));
            Assert.Equal(all.Length, forms.Distinct().Count());
        }
    }

    [Fact]
    public void Equal_images_at_other_places_are_changed_otherwise()
    {
        var one = Noise(1, s_shape);
        var same = one.Select("Same", [0, 0, 0]);

        var changed = Augmentation.Digits.Apply(same);

        Assert.Equal(
            3,
            Enumerable.Range(0, 3).Select(i => Convert.ToHexString(changed.GetImage(i).Span)).Distinct().Count()
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    public void A_batch_is_the_same_however_it_is_divided_and_whoever_gathers_it(int slice)
    {
        var images = Noise(40, s_shape);
        int[] order = [.. Enumerable.Range(0, 40)];
        new Random(slice).Shuffle(order);
        var expected = AugmentationSettingTests.Everything.Apply(images, 9, 4);
        var (batch, plain) = (new byte[40 * s_shape.Size * 4], new byte[40 * s_shape.Size * 4]);

        // Two workers by turns, each with memory of its own that remembers what it did before.
        ImageAugmenter[] workers =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(_ => new ImageAugmenter(AugmentationSettingTests.Everything, s_shape, 9) { Epoch = 4 }),
        ];
        for (var first = 0; first < order.Length; first += slice)
        {
            PixelConversion.Gather(
                images.Pixels.Span,
                order.AsSpan(first, Math.Min(slice, order.Length - first)),
                s_shape.Size,
                batch.AsSpan(first * s_shape.Size * 4),
                torch.ScalarType.Float32,
                workers[first / slice % 2]
            );
        }

        PixelConversion.Gather(expected.Pixels.Span, order, s_shape.Size, plain, torch.ScalarType.Float32);
        Assert.Equal(plain, batch);
    }

    [Fact]
    public void Switching_a_part_on_leaves_what_the_others_do()
    {
        // A bright square that no movement takes out of sight, so that its shift is its centre's.
        var images = Square(50);
        var plain = Centres(new() { Shift = 4 });
        var erased = Centres(new() { Shift = 4, Noise = 0.001 });

        Assert.Equal(plain, erased);
        Assert.NotEqual(plain[0], plain[1]);

        double[] Centres(Augmentation augmentation) =>
            [.. Enumerable.Range(0, images.Count).Select(i => Centre(augmentation.Apply(images).GetImage(i).Span))];
    }

    [Fact]
    public void Shifts_are_uniform_up_to_the_furthest()
    {
        var images = Square(2000);

        var moved = new Augmentation { Shift = 4 }.Apply(images);

        double[] shifts =
        [
            .. Enumerable.Range(0, 2000).Select(i => Centre(moved.GetImage(i).Span) - Centre(images.GetImage(0).Span)),
        ];
        Assert.InRange(shifts.Min(), -4.05, -3.9);
        Assert.InRange(shifts.Max(), 3.9, 4.05);
        Assert.Equal(0, shifts.Average(), 0.2);
        Assert.Equal(4 / Math.Sqrt(3), Math.Sqrt(shifts.Average(s => s * s)), 0.1);
    }

    [Fact]
    public void Half_of_the_images_are_mirrored_and_only_where_asked()
    {
        var images = Noise(400, s_shape);
        var mirror = new Augmentation { FlipHorizontal = true };

        var changed = mirror.Apply(images);

        var mirrored = 0;
        for (var i = 0; i < 400; i++)
        {
            var (before, after) = (images.GetImage(i).ToArray(), changed.GetImage(i).ToArray());
            if (before.AsSpan().SequenceEqual(after))
                continue;
            mirrored++;
            Assert.Equal(before.Chunk(20).SelectMany(row => row.Reverse()), after);
        }
        Assert.InRange(mirrored, 160, 240);
    }

    [Theory]
    [InlineData(0.02, 0.33, 0.5)]
    [InlineData(0.1, 0.1, 1)]
    [InlineData(0.001, 0.004, 1)]
    [InlineData(0.9, 1, 1)]
    public void A_rectangle_of_an_area_within_the_range_is_erased_in_the_asked_for_share_of_images(
        double low,
        double high,
        double share
    )
    {
        const int count = 1000;
        var shape = new Shape(28, 36, 3);
        byte[] white = [.. Enumerable.Repeat((byte)255, count * shape.Size)];
        var images = new ImageSet("White", white, new int[count], shape);

        var erased = new Augmentation { Erase = share, EraseArea = new(low, high) }.Apply(images);

        var (hit, everywhere) = (0, new int[28 * 36]);
        for (var i = 0; i < count; i++)
        {
            var pixels = erased.GetImage(i).ToArray();
            int[] black = [.. Enumerable.Range(0, 28 * 36).Where(p => pixels[p * 3] == 0)];
            Assert.All(pixels, value => Assert.True(value is 0 or 255));
            if (black.Length == 0)
                continue;
            hit++;
            foreach (var pixel in black)
                everywhere[pixel]++;
            var (height, width) = (Extent(black.Select(p => p / 36)), Extent(black.Select(p => p % 36)));
            Assert.Equal(height * width, black.Length);
            Assert.Equal(3 * black.Length, pixels.Count(value => value == 0));
            // But for half a column.
            Assert.InRange(
                black.Length,
                Math.Max(1, low * 28 * 36 - height / 2.0),
                high * 28 * 36 + Math.Max(1, height / 2.0)
            );
        }
        Assert.InRange(hit / (double)count, share - 0.05, share + 0.05);
        Assert.All(everywhere.Where((_, p) => p / 36 is > 10 and < 18 && low > 0.01), times => Assert.True(times > 0));

        static int Extent(IEnumerable<int> places) => places.Max() - places.Min() + 1;
    }

    [Fact]
    public void Noise_comes_after_movement_and_erasing_last()
    {
        var black = new ImageSet("Black", new byte[20 * s_shape.Size], new int[20], s_shape);
        var augmentation = new Augmentation
        {
            Shift = 3,
            Noise = 40,
            Erase = 1,
            EraseArea = new(0.3, 0.3),
        };

        var changed = augmentation.Apply(black);

        for (var i = 0; i < 20; i++)
        {
            // Half of all values are cut off at 0; those of the rectangle are all 0, and noise has come in with the shift.
            var dark = changed.GetImage(i).ToArray().Count(p => p == 0) / (double)s_shape.Size;
            Assert.InRange(dark, 0.55, 0.75);
        }
    }

    [Theory]
    [InlineData(28)]
    [InlineData(28, 28, 1, 1)]
    public void Samples_that_are_no_images_are_refused(params int[] dimensions)
    {
        var samples = Noise(2, new Shape(dimensions));

        var error = Assert.Throws<ConvNetException>(() => new Augmentation { Noise = 1 }.Apply(samples));

        Assert.Equal("AugmentationDoesNotFit", error.ErrorId);
        Assert.Same(samples, error.Target);
    }

    [Fact]
    public void A_shift_as_far_as_the_image_is_wide_is_refused_and_a_little_less_is_not()
    {
        var images = Noise(2, s_shape);

        var error = Assert.Throws<ConvNetException>(() => new Augmentation { Shift = 20 }.Apply(images));

        Assert.Equal("AugmentationDoesNotFit", error.ErrorId);
        Assert.Contains("below 20", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            2,
            new Augmentation { Shift = 19.9 }
                .Apply(images)
                .Count
        );
        Assert.Equal(
            "AugmentationSettingInvalid",
            Assert.Throws<ConvNetException>(() => Augmentation.Digits.Apply(images, 1, 0)).ErrorId
        );
    }

    [Fact]
    public void The_wildest_settings_give_images_and_no_errors()
    {
        var augmentation = new Augmentation
        {
            Shift = 19.9,
            Rotate = 180,
            Scale = new(0.1, 10),
            Shear = 60,
            Elastic = 10_000,
            ElasticSigma = 1,
            Noise = 255,
            Erase = 1,
            EraseArea = new(1e-9, 1),
            FlipHorizontal = true,
        };

        foreach (var fill in Enum.GetValues<EdgeFill>())
            Assert.Equal(300, (augmentation with { Fill = fill }).Apply(Noise(300, s_shape)).Count);
    }

    private static double Centre(ReadOnlySpan<byte> image)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var i = 0; i < image.Length; i++)
            (sum, weight) = (sum + image[i] * (i % s_shape[1]), weight + image[i]);
        return sum / weight;
    }

    private static ImageSet Square(int count)
    {
        var pixels = new byte[count * s_shape.Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x) = (i % s_shape.Size / s_shape[1], i % s_shape[1]);
            pixels[i] = y is >= 9 and < 15 && x is >= 7 and < 13 ? (byte)240 : (byte)0;
        }
        return new ImageSet("Square", pixels, new int[count], s_shape);
    }

    private static ImageSet Noise(int count, Shape shape) =>
        new("Noise", RandomValues.Bytes(count * shape.Size, 13), [.. Enumerable.Range(0, count)], shape);
}
