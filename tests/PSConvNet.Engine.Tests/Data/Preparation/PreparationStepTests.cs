namespace PSConvNet.Tests.Data.Preparation;

/// <summary>The steps against their plain definitions.</summary>
public sealed class PreparationStepTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 2)]
    [InlineData(40, 31, 6)]
    [InlineData(9, 60, 20)]
    [InlineData(77, 20, 30)]
    public void Closing_is_the_least_of_the_largest(int width, int height, int radius)
    {
        var plane = Random(width, height, seed: width);

        var closed = PaperFilter.Close(plane, radius);

        var largest = Window(plane, radius, (a, b) => Math.Max(a, b));
        Assert.Equal(Window(largest, radius, (a, b) => Math.Min(a, b)).Levels, closed.Levels);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(20, 4)]
    [InlineData(130, 9)]
    [InlineData(2, 8)]
    public void A_median_is_the_fifth_of_nine(int width, int height)
    {
        var plane = Random(width, height, seed: height);

        var median = PaperFilter.Median(plane);

        for (var y = 1; y < height - 1; y++)
        for (var x = 1; x < width - 1; x++)
        {
            var nine = Enumerable.Range(0, 9).Select(i => plane[x - 1 + i % 3, y - 1 + i / 3]).Order().ToArray();
            Assert.Equal(nine[4], median[x, y]);
        }
        Assert.Equal(plane.Levels[..width], median.Levels[..width]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(25)]
    public void The_noise_is_its_standard_deviation(double deviation)
    {
        using var picture = new PSConvNet.Benchmarks.Pictures.DrawnPicture(200, 200, new(128, 128, 128), 1);
        var noisy = DigitPictures.Read(picture.Noise(deviation).Png());
        var levels = Enumerable.Range(0, 40_000).Select(i => noisy.Pixels.Span[4 * i]).ToArray();

        Assert.InRange(PaperFilter.Noise(new Plane(200, 200, levels)), 0.93 * deviation, 1.07 * deviation);
    }

    [Theory]
    [InlineData(4, 60)]
    [InlineData(9, 100)]
    public void A_strokes_width_is_measured_and_changed(int width, int length)
    {
        var plane = new Plane(length + 40, width + 40);
        for (var y = 20; y < 20 + width; y++)
            plane.Levels.AsSpan(y * plane.Width + 20, length).Fill(255);

        // Its two ends are outline, too.
        Assert.Equal(width * length * 2.0 / (2 * (width + length)), StrokeWidth.Of(plane, 0), 0.3);
        Assert.InRange(StrokeWidth.Grown(plane, 3).Box(128)!.Height, width + 5, width + 7);
        Assert.Equal(width - 2, StrokeWidth.Grown(plane, -1).Box(128)!.Height);
    }

    [Theory]
    [InlineData(3, 20)]
    [InlineData(8, 16)]
    [InlineData(21, 35)]
    public void Rows_become_columns(int width, int height)
    {
        var plane = Random(width, height, seed: width);

        var turned = plane.Transposed();

        Assert.Equal((height, width), (turned.Width, turned.Height));
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            Assert.Equal(plane[x, y], turned[y, x]);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(150)]
    [InlineData(200)]
    public void Two_pixels_are_of_one_part_where_a_way_through_ink_leads_from_one_to_the_other(int level)
    {
        var plane = Random(40, 30, seed: level);

        var parts = InkParts.Find(plane, level);

        // Labels that spread from pixel to pixel until none changes any more.
        var spread = Enumerable.Range(1, 1200).Select(i => plane.Levels[i - 1] > level ? i : 0).ToArray();
        for (var changes = true; changes; )
        {
            changes = false;
            for (var i = 0; i < spread.Length; i++)
            {
                if (spread[i] == 0)
                    continue;
                var least = Neighbours(i).Select(at => spread[at]).Where(label => label > 0).Min();
                changes |= least < spread[i];
                spread[i] = least;
            }
        }
        var labels = spread.Where(label => label > 0).Distinct().Order().ToList();
        Assert.Equal(spread.Select(label => labels.IndexOf(label) + 1), parts.Labels);
        foreach (var part in parts.Parts)
        {
            var pixels = Enumerable.Range(0, 1200).Where(i => parts.Labels[i] == part.Label).ToArray();
            Assert.Equal(pixels.Length, part.Area);
            Assert.Equal(pixels.Sum(i => plane.Levels[i]), part.Ink);
            Assert.Equal((pixels.Min(i => i % 40), pixels.Min() / 40), (part.Box.Left, part.Box.Top));
            Assert.Equal((pixels.Max(i => i % 40) + 1, pixels.Max() / 40 + 1), (part.Box.Right, part.Box.Bottom));
        }

        static IEnumerable<int> Neighbours(int i) =>
            from y in Enumerable.Range(i / 40 - 1, 3)
            from x in Enumerable.Range(i % 40 - 1, 3)
            where x is >= 0 and < 40 && y is >= 0 and < 30
            select 40 * y + x;
    }

    [Fact]
    public void Parts_hang_together_at_corners_and_not_across_gaps()
    {
        byte[] levels = [9, 0, 0, 0, 9, 0, 9, 0, 0, 9, 0, 0, 0, 0, 0, 5, 0, 0, 0, 5];

        var parts = InkParts.Find(new Plane(5, 4, levels), 5).Parts;

        Assert.Equal(
            [(2, 18L, new PixelBox(0, 0, 2, 2)), (2, 18L, new PixelBox(4, 0, 1, 2))],
            parts.Select(part => (part.Area, part.Ink, part.Box))
        );
    }

    [Fact]
    public void Alpha_is_ink_where_what_it_covers_has_one_colour_and_paper_where_it_has_two()
    {
        // A cross of one red on nothing; then a sheet of white with a black spot, on nothing.
        var cross = new byte[4 * 64];
        var sheet = new byte[4 * 64];
        for (var i = 0; i < 64; i++)
        {
            var (x, y) = (i % 8, i / 8);
            if (x == 3 || y == 3)
                (cross[4 * i], cross[4 * i + 3]) = (200, 255);
            if (x is > 0 and < 7 && y is > 0 and < 7)
                sheet.AsSpan(4 * i, 4).Fill(255);
            if (x is 3 or 4 && y is 3 or 4)
                sheet.AsSpan(4 * i, 3).Clear();
        }

        var ink = PictureAlpha.Flatten(new PixelPicture(8, 8, cross), out var isInk);
        var paper = PictureAlpha.Flatten(new PixelPicture(8, 8, sheet), out var isInkToo);

        Assert.True(isInk);
        Assert.Equal((byte)0, ink.Pixels.Span[4 * 3]);
        Assert.Equal((byte)255, ink.Pixels.Span[0]);
        Assert.False(isInkToo);
        Assert.Equal((byte)255, paper.Pixels.Span[0]);
        Assert.Equal((byte)0, paper.Pixels.Span[4 * (3 * 8 + 3)]);
    }

    [Fact]
    public void A_large_picture_is_reduced_and_remembers_its_size()
    {
        using var folder = new TemporaryFolder();
        var left = ImageFolderPictures.Encode(
            2000,
            1000,
            (x, _) => x < 1000 ? new(200, 40, 90) : new(10, 220, 60),
            SkiaSharp.SKEncodedImageFormat.Jpeg
        );

        var picture = ImageFile.ReadPicture(folder.Write("a.jpg", left));

        Assert.Equal(
            (640, 320, 2000, 1000),
            (picture.Width, picture.Height, picture.OriginalWidth, picture.OriginalHeight)
        );
        var at = 4 * (160 * 640 + 100);
        Assert.InRange(picture.Pixels.Span[at], 195, 205);
        Assert.InRange(picture.Pixels.Span[at + 1], 35, 45);
        Assert.InRange(picture.Pixels.Span[at + 4 * 440 + 1], 215, 225);
        Assert.Equal((byte)255, picture.Pixels.Span[at + 3]);
    }

    private static Plane Random(int width, int height, int seed)
    {
        var levels = new byte[width * height];
        new Random(seed).NextBytes(levels);
        return new Plane(width, height, levels);
    }

    private static Plane Window(Plane plane, int radius, Func<byte, byte, byte> choose)
    {
        var result = new Plane(plane.Width, plane.Height);
        for (var y = 0; y < plane.Height; y++)
        for (var x = 0; x < plane.Width; x++)
        {
            var chosen = plane[x, y];
            for (var ny = Math.Max(0, y - radius); ny <= Math.Min(plane.Height - 1, y + radius); ny++)
            for (var nx = Math.Max(0, x - radius); nx <= Math.Min(plane.Width - 1, x + radius); nx++)
                chosen = choose(chosen, plane[nx, ny]);
            result.Levels[y * plane.Width + x] = chosen;
        }
        return result;
    }
}
