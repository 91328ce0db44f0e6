using System.Globalization;

namespace PSConvNet.Tests.Data;

public class SyntheticDigitsTests
{
    [Fact]
    public void The_same_seed_draws_the_same_images_whatever_the_number_of_threads()
    {
        var one = SyntheticDigits.Generate(500, 100, seed: 5, threads: 1);
        var many = SyntheticDigits.Generate(500, 100, seed: 5, threads: 7);

        Assert.True(one.Train.Pixels.Span.SequenceEqual(many.Train.Pixels.Span));
        Assert.True(one.Test.Pixels.Span.SequenceEqual(many.Test.Pixels.Span));
        Assert.True(one.Train.Labels.Span.SequenceEqual(many.Train.Labels.Span));
    }

    [Fact]
    public void Another_seed_and_the_other_part_draw_other_images()
    {
        var first = SyntheticDigits.Generate(200, 200, seed: 1);
        var second = SyntheticDigits.Generate(200, 200, seed: 2);

        Assert.False(first.Train.Pixels.Span.SequenceEqual(second.Train.Pixels.Span));
        Assert.False(first.Train.Pixels.Span.SequenceEqual(first.Test.Pixels.Span));
    }

    [Fact]
    public void A_shorter_set_is_the_start_of_a_longer_one()
    {
        var shorter = SyntheticDigits.Generate(70, 1);
        var longer = SyntheticDigits.Generate(300, 1);

        Assert.True(longer.Train.Take(70).Pixels.Span.SequenceEqual(shorter.Train.Pixels.Span));
    }

    [Fact]
    public void Every_digit_occurs_about_as_often()
    {
        var labels = SyntheticDigits.Generate(10_000, 1).Train.Labels.ToArray();

        // Six standard deviations of a binomial count around 1,000.
        Assert.All(Enumerable.Range(0, 10), digit => Assert.InRange(labels.Count(l => l == digit), 820, 1180));
    }

    [Fact]
    public void Images_are_bright_strokes_on_black_that_stay_on_the_sheet()
    {
        var train = SyntheticDigits.Generate(2000, 1).Train;
        for (var i = 0; i < train.Count; i++)
        {
            var image = train.GetImage(i).ToArray();
            // Of MNIST's 784 pixels 150 are inked on average; the thinnest 1 has 20 or so.
            Assert.InRange(image.Count(p => p > 127), 12, 400);
            Assert.InRange(image.Max(), (byte)150, (byte)255);
            var ink = image.Sum(p => p);
            var border = Enumerable
                .Range(0, 28)
                .Sum(k => image[k] + image[27 * 28 + k] + image[k * 28] + image[k * 28 + 27]);
            Assert.InRange(border, 0, ink / 4);
        }
    }

    [Fact]
    public void Digits_of_a_kind_resemble_each_other_more_than_others()
    {
        // The nearest neighbour in pixels, the humblest classifier there is, must do far better than chance.
        var train = SyntheticDigits.Generate(3000, 300);
        var right = Enumerable
            .Range(0, train.Test.Count)
            .Count(i =>
                train.Train.Labels.Span[Nearest(train.Train, train.Test.GetImage(i).Span)] == train.Test.Labels.Span[i]
            );

        Assert.InRange(right, train.Test.Count * 6 / 10, train.Test.Count);
    }

    [SkippableFact]
    public void Two_cores_draw_twenty_thousand_images_a_second()
    {
        Skip.IfNot(File.Exists("/proc/thread-self/schedstat"), "this system does not tell a thread's processor time");
        SyntheticDigits.Generate(2000, 1, threads: 1);
        var best = Enumerable
            .Range(0, 3)
            .Min(_ =>
            {
                var before = ProcessorSeconds();
                SyntheticDigits.Generate(4000, 1, threads: 1);
                return ProcessorSeconds() - before;
            });

        Assert.InRange(4000 / best, 10_000, double.MaxValue);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, -1)]
    [InlineData(1_000_001, 10)]
    public void Counts_out_of_range_are_refused(int train, int test) =>
        Assert.Equal(
            "FirstOutOfRange",
            Assert.Throws<ConvNetException>(() => SyntheticDigits.Generate(train, test)).ErrorId
        );

    [Fact]
    public void Drawing_can_be_cancelled() =>
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SyntheticDigits.Generate(cancellation: new CancellationToken(true))
        );

    // Of this thread alone: on the clock, the tests that run beside this one would count too.
    private static double ProcessorSeconds() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) * 1e-9;

    private static int Nearest(ImageSet images, ReadOnlySpan<byte> image)
    {
        var (best, at) = (long.MaxValue, 0);
        for (var i = 0; i < images.Count; i++)
        {
            var other = images.GetImage(i).Span;
            long distance = 0;
            for (var k = 0; k < image.Length; k++)
                distance += (image[k] - other[k]) * (image[k] - other[k]);
            if (distance < best)
                (best, at) = (distance, i);
        }
        return at;
    }
}
