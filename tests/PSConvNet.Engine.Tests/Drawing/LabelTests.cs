namespace PSConvNet.Tests.Drawing;

/// <summary>No label lies over another, however many there are and however long.</summary>
public class LabelTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(26)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(62)]
    [InlineData(100)]
    public void Of_a_confusion_matrix(int classes)
    {
        foreach (
            Func<int, string> name in new Func<int, string>[]
            {
                i => $"{i}",
                i => $"class number {i} of many that has a name nobody would call short",
                i => i % 2 == 0 ? "W" : $"T-shirt/top {i}",
            }
        )
        {
            var page = new DrawnPage(new ConfusionPicture(DrawnSamples.Metrics(classes, name)));
            page.AssertApart();
            // Every class has its label twice, and nothing is left out.
            var labels = page.Texts.Count(text =>
                text.Text.StartsWith(name(classes - 1)[..1], StringComparison.Ordinal)
            );
            Assert.InRange(labels, 2, int.MaxValue);
        }
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1_000_000)]
    public void Of_counts_that_are_long(int scale)
    {
        var metrics = DrawnSamples.Metrics(12);
        var matrix = metrics.ConfusionMatrix;
        for (var i = 0; i < 12; i++)
        for (var j = 0; j < 12; j++)
            matrix[i, j] *= scale;

        new DrawnPage(new ConfusionPicture(metrics)).AssertApart();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(7, true)]
    [InlineData(23, true)]
    public void Of_training_curves(int runs, bool validated)
    {
        foreach (
            var name in new[]
            {
                "a",
                "a name that goes on and on until there is no room left for anything else, and then some more of it",
            }
        )
        foreach (var epochs in new[] { 1, 2, 12, 137 })
        foreach (var logarithmic in new[] { false, true })
        {
            var drawn = Enumerable
                .Range(0, runs)
                .Select(i => DrawnSamples.Run($"{name} {i}", epochs, validated))
                .ToArray();
            new DrawnPage(new TrainingCurve(drawn, logarithmic)).AssertApart();
        }
    }

    [Theory]
    [InlineData(1e-7)]
    [InlineData(0.001)]
    [InlineData(1)]
    [InlineData(54321)]
    public void Of_losses_small_and_large(double start)
    {
        foreach (var logarithmic in new[] { false, true })
        {
            new DrawnPage(new TrainingCurve([DrawnSamples.Run("a", 9, true, start)], logarithmic)).AssertApart();
        }
    }

    [Theory]
    [InlineData(1e-6, 10, 1)]
    [InlineData(1e-30, 1e30, 2)]
    [InlineData(1e-4, 2e-2, 9)]
    [InlineData(0.001, 0.0012, 1)]
    [InlineData(3e-4, 7e-3, 1)]
    public void Of_learning_rates(double from, double to, int curves)
    {
        foreach (
            var name in new[]
            {
                "a",
                "a name that goes on and on until there is no room left for anything else, and more",
            }
        )
        foreach (var logarithmic in new[] { false, true })
        {
            var drawn = Enumerable
                .Range(0, curves)
                .Select(i => DrawnSamples.Rates($"{name} {i}", 2.3, from, to))
                .ToArray();
            var page = new DrawnPage(new RangeTestCurve(drawn, logarithmic));
            page.AssertApart();
            // The title, the panel's, the axis', its two ends at least, two of the losses', and a legend.
            Assert.InRange(page.Texts.Count, 8, int.MaxValue);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(28)]
    [InlineData(300)]
    public void Of_images_of_any_size(int side)
    {
        var images = DrawnSamples.Levels(side, 1, 2, 3, 4, 5, 6, 7);
        string[] names =
        [
            "a",
            "b",
            "a class with a long name, far wider than its image",
            "ü",
            "W",
            "Trouser",
            "Ankle boot",
        ];

        foreach (var columns in new[] { 1, 3, 10 })
            new DrawnPage(ImageGrid.Of(images, names, new ImageGridOptions(columns))).AssertApart();
    }
}
