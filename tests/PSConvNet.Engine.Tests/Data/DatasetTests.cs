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
    public void A_split_loses_and_doubles_nothing_keeps_the_mix_of_classes_and_one_of_each_to_learn_from()
    {
        var cases =
            from labels in Gen.OneOf(
                    Gen.Choose(0, 4).ListOf().Select(all => all.ToArray()),
                    // One class with many images, and others with few.
                    from few in Gen.Choose(1, 4).ListOf()
                    from many in Gen.Choose(0, 60)
                    select few.Take(8).Concat(Enumerable.Repeat(0, many)).ToArray()
                )
                .Where(l => l.Length is > 1 and < 400)
            from percent in Gen.Choose(1, 99)
            from seed in Gen.Choose(int.MinValue, int.MaxValue)
            select (labels, percent / 100.0, seed);

        Prop.ForAll(
                cases.ToArbitrary(),
                sample =>
                {
                    var (labels, fraction, seed) = sample;
                    var division = StratifiedSplit.Divide(labels, 5, fraction, seed);
                    var (kept, picked) = (division.Kept, division.Picked);
                    var isWhole = kept.Concat(picked).Order().SequenceEqual(Enumerable.Range(0, labels.Length));
                    var inOrder = kept.Order().SequenceEqual(kept) && picked.Order().SequenceEqual(picked);
                    var classes = labels
                        .Distinct()
                        .Select(c => (Class: c, All: Count(labels, c), Out: Out(c)))
                        .ToArray();
                    var keepsOne = classes.All(c => c.Out < c.All);
                    var holdsOutOne = classes.All(c => c.Out > 0 || c.All == 1 || c.All * fraction < 1);
                    // A class that keeps its last image gives less than its share, all others what is nearest to it.
                    var isFair = classes.All(c => c.Out == c.All - 1 || Math.Abs(c.Out - c.All * fraction) < 1);
                    var isRightSize =
                        classes.Any(c => c.Out == c.All - 1)
                        || picked.Length == (int)Math.Round(labels.Length * fraction);
                    var isTold = classes
                        .Where(c => c.Out == 0)
                        .Select(c => c.Class)
                        .Order()
                        .SequenceEqual(division.Single.Concat(division.Small).Order());
                    var again = StratifiedSplit.Divide(labels, 5, fraction, seed);
                    return isWhole
                        && inOrder
                        && keepsOne
                        && holdsOutOne
                        && isFair
                        && isRightSize
                        && isTold
                        && again.Picked.SequenceEqual(picked);

                    int Out(int c) => picked.Count(i => labels[i] == c);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

        static int Count(int[] labels, int c) => labels.Count(label => label == c);
    }

    [Fact]
    public void A_class_of_one_image_keeps_it_and_small_ones_come_first_where_one_is_left_to_give()
    {
        // A fifth of 27 is 5: four of the 20, and one of the class whose share of 0.6 is nearest to one.
        int[] labels = [.. Enumerable.Repeat(0, 20), 1, 2, 2, 2, 3, 3, 4];
        var data = Set(labels);
        var warnings = new List<string>();

        var (kept, heldOut) = data.Split(0.2, 1, warnings.Add);

        Assert.Equal([4, 0, 1, 0, 0], Counts(heldOut.Test));
        Assert.Equal([16, 1, 2, 2, 1], Counts(kept.Train));
        var warning = Assert.Single(warnings);
        Assert.Contains("'b', 'e' (a class of one image keeps it", warning, StringComparison.Ordinal);
        Assert.Contains("'d' (the share is less than one image)", warning, StringComparison.Ordinal);
        data.Take(20).Split(0.2, 1, _ => Assert.Fail("All is held out of."));

        static int[] Counts(ImageSet part) =>
            [.. Enumerable.Range(0, 5).Select(c => part.Labels.ToArray().Count(l => l == c))];
    }

    [Fact]
    public void A_part_of_another_data_set_is_brought_in_by_the_names_of_its_classes()
    {
        var other = new Dataset("Other", Part("Train", [0, 1, 2, 2]), Part("Test", [1]), ["c", "unused", "a"], "test");

        Assert.Equal(
            "Other (Train)",
            Assert.Throws<ConvNetException>(() => other.RenameClasses("c", "a").Train).Target
        );
        var error = Assert.Throws<ConvNetException>(() => Set(other.Train, other.Train));
        Assert.Equal(("ClassUnknown", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.Contains("does not know: 'unused'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'c', 'unused', 'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'a', 'b', 'c', 'd', 'e'", error.Message, StringComparison.Ordinal);

        var some = other.Train.Select("Train", [0, 2, 3]);
        var set = Set(some, some);
        Assert.Equal([2, 0, 0], set.Train.Labels.ToArray());
        Assert.Equal(some.Pixels.ToArray(), set.Train.Pixels.ToArray());
        // None of its names is known: it is given others.
        var renamed = new Dataset("New", other.Train, other.Test, ["x", "y", "z"], "test");
        Assert.Equal([0, 1, 2, 2], renamed.Train.Labels.ToArray());
        Assert.Equal(["x", "y", "z"], renamed.Test.ClassNames);
        var mixed = Assert.Throws<ConvNetException>(() =>
            new Dataset("New", other.Train, renamed.Test, ["x", "y", "z"], "")
        );
        Assert.Equal("ClassUnknown", mixed.ErrorId);

        Assert.Equal(["x", "y", "z"], other.RenameClasses("x", "y", "z").Train.ClassNames);
        Assert.Equal([0, 1, 2, 2], other.RenameClasses("x", "y", "z").Train.Labels.ToArray());
    }

    [Theory]
    [InlineData("Cat", "cat")]
    [InlineData("cat ", "cat")]
    public void Names_that_only_look_alike_are_other_names_and_the_error_says_so(string given, string known)
    {
        var part = new ImageSet("Test", new byte[6], [0], new Shape(3, 2), [given]);
        var message = Assert
            .Throws<ConvNetException>(() => new Dataset("Pets", part, part, [known, "dog"], ""))
            .Message;
        Assert.Contains($"'{given}' is not '{known}': case and spaces matter.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_list_of_names_is_shortened_in_an_error()
    {
        var part = new ImageSet("Test", new byte[6], [0], new Shape(3, 2), ["new"]);
        string[] thousand = [.. Enumerable.Range(0, 1000).Select(i => $"class {i}")];
        var message = Assert.Throws<ConvNetException>(() => new ClassList(thousand, "Many", "").Label(part)).Message;
        Assert.Contains("'class 9' and 990 more", message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_name_in_two_spellings_of_Unicode_is_one_class()
    {
        const string composed = "caf\u00e9";
        const string decomposed = "cafe\u0301";
        var part = new ImageSet("Test", new byte[12], [1, 0], new Shape(3, 2), ["tea", decomposed]);

        var set = new Dataset("Drinks", part, part, [composed, "tea"], "");

        Assert.Equal([0, 1], set.Train.Labels.ToArray());
        Assert.Equal([composed, "tea"], set.Train.ClassNames);
        Assert.Equal(
            [composed],
            new Dataset("Drinks", Part("Train", [0]), Part("Test", [0]), [decomposed], "").ClassNames
        );
        var twice = Assert.Throws<ConvNetException>(() => Set([0]).RenameClasses(composed, decomposed));
        Assert.Equal("ClassNameDuplicate", twice.ErrorId);
        // Two labels may go by one name, as long as nothing has to be found by it.
        var doubled = new Dataset("Drinks", Part("Train", [0, 1]), Part("Test", [1]), [composed, decomposed], "");
        Assert.Equal([0, 1], doubled.Train.Labels.ToArray());
        Assert.Equal(
            "ClassNameDuplicate",
            Assert
                .Throws<ConvNetException>(() => new Dataset("", part, part, [composed, "tea", decomposed], ""))
                .ErrorId
        );
        // Half a surrogate pair has no normal form, and is a name on some file systems, but in none of our files.
        Assert.Equal("\ufffd", ClassName.Normal("\ud800"));
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

    private static Dataset Set(ImageSet train, ImageSet test) =>
        new("Set", train, test, ["a", "b", "c", "d", "e"], "test");

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
