namespace PSConvNet.Tests.Drawing;

/// <summary>The picture of a range test: where its points lie, read from its text.</summary>
public class RangeTestCurveTests
{
    [Fact]
    public void The_suggested_rate_is_marked_where_it_lies_between_the_powers_of_ten()
    {
        var curve = DrawnSamples.Rates("one");
        var lines = new RangeTestCurve([curve]).ToText(100).Split('\n');

        var axis = lines.Single(line => line.Contains('└'));
        var (begin, width) = (axis.IndexOf('└') + 1, axis.Count(c => c == '─'));
        // From 1e-6 to the last rate that was tried.
        var last = curve.Points[^1].LearningRate;
        var share = Math.Log(curve.Suggestion!.Value / 1e-6) / Math.Log(last / 1e-6);
        var marked = lines.Where(line => line.Contains('┤') && line.Contains('┊')).ToList();
        Assert.InRange(marked.Count, 5, 10);
        Assert.All(marked, line => Assert.Equal(begin + share * (width - 1), line.IndexOf('┊'), 0.51));
        Assert.Contains(
            lines,
            line => line.StartsWith("one: ● smoothed loss, · single batches, ┊ suggestion ", StringComparison.Ordinal)
        );
        Assert.Contains("learning rate 1e-6", lines[Array.IndexOf(lines, axis) + 1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_leap_at_the_end_does_not_press_the_fall_flat()
    {
        var panel = new RangeTestCurve([DrawnSamples.Rates("one")]).Panels.Single();

        Assert.Contains(panel.Curves.SelectMany(series => series.Points), point => point.Value > 1e6);
        Assert.InRange(panel.Shown.Max(point => point.Value), 2, 3);
        Assert.Equal(CurveAxis.Rates, panel.Across);
    }

    [Fact]
    public void Without_a_fall_nothing_is_suggested_and_the_picture_says_why()
    {
        var curve = DrawnSamples.Rates("flat") with
        {
            Points = [.. Enumerable.Range(1, 20).Select(i => new LearningRatePoint(i, i * 1e-6, 2.3, 2.3))],
            StopReason = LearningRateStopReason.StepsDone,
        };
        var picture = new RangeTestCurve([curve]);

        Assert.DoesNotContain('┊', picture.ToText());
        Assert.Contains("No suggestion", picture.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_without_a_batch_has_no_curve()
    {
        var empty = DrawnSamples.Rates("stopped") with { Points = [] };

        Assert.Equal("CurveEmpty", Assert.Throws<ConvNetException>(() => new RangeTestCurve([empty])).ErrorId);
        Assert.Equal("CurveEmpty", Assert.Throws<ConvNetException>(() => new RangeTestCurve([])).ErrorId);
    }
}
