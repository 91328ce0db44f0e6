namespace PSConvNet.Tests.Evaluation;

public sealed class PixelDoubtsTests
{
    private static readonly PixelStatistics s_usual = new(1000, 0.2, 0.3, 1, 0.1, 0.4);

    [Fact]
    public void Statistics_are_those_of_the_plain_formulas()
    {
        var random = new Random(3);
        var pixels = new byte[400 * 12];
        random.NextBytes(pixels);
        var images = new ImageSet("some", pixels, new int[400], new Shape(3, 4));

        var found = PixelStatistics.Of(images);

        var values = pixels.Select(pixel => pixel / 255.0).ToArray();
        var mean = values.Average();
        var means = values.Chunk(12).Select(image => image.Average()).Order().ToArray();
        Assert.Equal(mean, found.Mean, 12);
        Assert.Equal(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), found.StandardDeviation, 12);
        Assert.Equal(values.Max(), found.Maximum);
        // One in two hundred of 400: two images are darker, and two brighter.
        Assert.Equal((means[2], means[^3]), (found.DarkImage, found.BrightImage));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(64)]
    [InlineData(784)]
    [InlineData(100_003)]
    public void Sums_are_those_of_a_plain_loop(int count)
    {
        var pixels = new byte[count];
        new Random(count).NextBytes(pixels);
        foreach (var some in (byte[][])[pixels, [.. Enumerable.Repeat((byte)255, count)], new byte[count]])
        {
            Assert.Equal(
                new PixelSums(some.Sum(p => (long)p), some.Sum(p => (long)p * p), some.Min(), some.Max()),
                PixelSums.Of(some)
            );
        }
    }

    [Fact]
    public void Of_no_images_they_are_zero() =>
        Assert.Equal(
            new PixelStatistics(0, 0, 0, 0, 0, 0),
            PixelStatistics.Of(new ImageSet("none", [], [], new Shape(2, 2)))
        );

    [Theory]
    [InlineData(new byte[] { 0, 0, 1, 1 }, "no pixel above 1")]
    [InlineData(new byte[] { 0, 0, 0, 0 }, "the same value in all pixels")]
    [InlineData(new byte[] { 255, 255, 255, 255 }, "the same value in all pixels")]
    [InlineData(new byte[] { 0, 0, 0, 50 }, "a mean far darker")]
    [InlineData(new byte[] { 255, 255, 255, 100 }, "a mean far brighter")]
    [InlineData(new byte[] { 0, 0, 0, 255 }, null)]
    [InlineData(new byte[] { 0, 0, 0, 52 }, null)]
    public void A_picture_is_doubted_for_one_reason_at_most(byte[] pixels, string? doubt)
    {
        var found = PixelDoubts.OfPictures(Set(pixels), s_usual, "net");

        if (doubt is null)
            Assert.Empty(found);
        else
            Assert.StartsWith($"The image has {doubt}", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_far_from_what_is_not_known() =>
        Assert.Empty(PixelDoubts.OfPictures(Set([0, 0, 0, 2], [255, 255, 255, 254])));

    [Fact]
    public void A_few_of_many_are_no_reason_to_doubt_a_data_set()
    {
        byte[][] images =
        [
            [0, 0, 0, 0],
            .. Enumerable.Repeat<byte[]>([0, 0, 0, 200], 99),
        ];

        Assert.Empty(PixelDoubts.OfData(Set(images), s_usual, "net"));
        Assert.StartsWith(
            "1 of 100 images has the same value",
            Assert.Single(PixelDoubts.OfPictures(Set(images), s_usual, "net")),
            StringComparison.Ordinal
        );
        images[1] = [7, 7, 7, 7];
        Assert.StartsWith(
            "2 of 100 images have the same value",
            Assert.Single(PixelDoubts.OfData(Set(images), s_usual, "net")),
            StringComparison.Ordinal
        );
    }

    private static ImageSet Set(params byte[][] images) =>
        new("given", [.. images.SelectMany(image => image)], new int[images.Length], new Shape(2, 2));
}
