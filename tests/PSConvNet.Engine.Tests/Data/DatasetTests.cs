using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Data;

public class DatasetTests
{
    [Fact]
    public void Expanding_adds_a_dimension_of_one_and_shares_the_pixels()
    {
        var data = Set(Labels(20));

        var expanded = data.ExpandDimension();

        Assert.Equal(new Shape(3, 2, 1), expanded.Shape);
        Assert.Equal(new Shape(1, 3, 2), data.ExpandDimension(0).Shape);
        Assert.True(data.Train.Pixels.Span == expanded.Train.Pixels.Span);
        Assert.Equal("ShapeInvalid", Assert.Throws<ConvNetException>(() => data.ExpandDimension(3)).ErrorId);
    }

    [Fact]
    public void Taking_keeps_the_first_images_of_each_part()
    {
        var data = Set(Labels(20), Labels(6));

        var taken = data.Take(8);

        Assert.Equal((8, 6), (taken.Train.Count, taken.Test.Count));
        Assert.Equal(data.Train.Pixels[..(8 * 6)].ToArray(), taken.Train.Pixels.ToArray());
        Assert.Equal(data.Train.Labels[..8].ToArray(), taken.Train.Labels.ToArray());
        Assert.Equal("FirstOutOfRange", Assert.Throws<ConvNetException>(() => data.Take(0)).ErrorId);
    }

    [Fact]
    public void A_split_loses_and_doubles_nothing_and_keeps_the_mix_of_classes()
    {
        var cases =
            from labels in Gen.Choose(0, 4).ListOf().Where(l => l.Count is > 1 and < 400)
            from percent in Gen.Choose(1, 99)
            from seed in Gen.Choose(int.MinValue, int.MaxValue)
            select (labels.ToArray(), percent / 100.0, seed);

        Prop.ForAll(
                cases.ToArbitrary(),
                sample =>
                {
                    var (labels, fraction, seed) = sample;
                    var (kept, picked) = StratifiedSplit.Divide(labels, 5, fraction, seed);
                    var isWhole = kept.Concat(picked).Order().SequenceEqual(Enumerable.Range(0, labels.Length));
                    var inOrder = kept.Order().SequenceEqual(kept) && picked.Order().SequenceEqual(picked);
                    var isRightSize = picked.Length == (int)Math.Round(labels.Length * fraction);
                    var isFair = Enumerable
                        .Range(0, 5)
                        .All(c =>
                            Math.Abs(picked.Count(i => labels[i] == c) - labels.Count(l => l == c) * fraction) < 1
                        );
                    return isWhole && inOrder && isRightSize && isFair;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_split_depends_on_its_seed_alone()
    {
        var data = Set(Labels(200));

        var first = data.Split(0.3, 1).HeldOut.Train.Pixels.ToArray();

        Assert.Equal(first, data.Split(0.3, 1).HeldOut.Train.Pixels.ToArray());
        Assert.NotEqual(first, data.Split(0.3, 2).HeldOut.Train.Pixels.ToArray());
    }

    [Fact]
    public void Images_held_out_are_apart_from_those_kept_and_from_the_test_part()
    {
        var data = Set(Labels(50), Labels(9));

        var (kept, heldOut) = data.Split(0.2, 3);

        Assert.Equal((40, 9), (kept.Train.Count, kept.Test.Count));
        Assert.Same(data.Test, kept.Test);
        Assert.Same(heldOut.Train, heldOut.Test);
        var seen = Images(kept.Train).Concat(Images(heldOut.Train)).Order(StringComparer.Ordinal);
        Assert.Equal(Images(data.Train).Order(StringComparer.Ordinal), seen);
    }

    [Theory]
    [InlineData(0, "FractionOutOfRange")]
    [InlineData(1, "FractionOutOfRange")]
    [InlineData(-0.1, "FractionOutOfRange")]
    [InlineData(double.NaN, "FractionOutOfRange")]
    [InlineData(0.001, "DatasetTooSmall")]
    [InlineData(0.999, "DatasetTooSmall")]
    public void Splits_that_make_no_sense_are_refused(double fraction, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<ConvNetException>(() => Set(Labels(20)).Split(fraction, 1)).ErrorId);

    [Fact]
    public void Measures_agree_with_the_textbook_formulas()
    {
        var data = Set([0, 1, 1, 4, 1], Labels(3));
        var pixels = data.Train.Pixels.ToArray().Select(p => p / 255.0).ToArray();
        var mean = pixels.Average();

        var measure = DatasetMeasure.Of(data)[0];

        Assert.Equal(("Set", "Train", 5), (measure.Dataset, measure.Part, measure.Count));
        Assert.Equal(mean, measure.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(pixels.Average(p => (p - mean) * (p - mean))), measure.StandardDeviation, 1e-12);
        Assert.Equal((pixels.Min(), pixels.Max()), (measure.Minimum, measure.Maximum));
        Assert.Equal([1, 3, 0, 0, 1], measure.Classes.Select(c => c.Count));
        Assert.Equal([0.2, 0.6, 0, 0, 0.2], measure.Classes.Select(c => c.Share));
        Assert.Equal("d", measure.Classes[3].Name);
    }

    private static int[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => i * 7 % 5)];

    private static Dataset Set(int[] train, int[]? test = null) =>
        new("Set", Part("Train", train), Part("Test", test ?? [0]), ["a", "b", "c", "d", "e"], "test");

    private static ImageSet Part(string name, int[] labels)
    {
        var pixels = new byte[labels.Length * 6];
        new Random(labels.Length).NextBytes(pixels);
        return new ImageSet(name, pixels, labels, new Shape(3, 2));
    }

    private static IEnumerable<string> Images(ImageSet part) =>
        Enumerable
            .Range(0, part.Count)
            .Select(i => $"{part.Labels.Span[i]} {Convert.ToHexString(part.GetImage(i).Span)}");
}
