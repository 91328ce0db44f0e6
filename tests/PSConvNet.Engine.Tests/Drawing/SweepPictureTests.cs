using System.Globalization;
using PSConvNet.Tests.Sweeps;
using SkiaSharp;
using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Drawing;

/// <summary>Pictures of studies.</summary>
public class SweepPictureTests
{
    /// <summary>Spaces from one parameter to many, with names and values short and long.</summary>
    private static readonly Dictionary<string, SweepSpace> s_spaces = new()
    {
        ["mixed"] = Mixed,
        ["one"] = new([new UniformParameter("p", 0, 1)]),
        ["long"] = new([
            new ChoiceParameter(
                "A parameter whose name is longer than anybody would like it to be",
                ["a value that goes on and on and on", "another of the kind, and longer still", 3]
            ),
            new UniformParameter("WWWWWWWWWWWWWWWWWWWWWWWW", -123456.789, 98765.4321),
            new LogUniformParameter("Rate", 1.2345e-12, 9.87e9),
        ]),
        ["many"] = new([
            .. Enumerable.Range(0, 9).Select(i => new IntegerParameter($"Parameter{i}", 1, 10_000_000)),
            new ChoiceParameter("Zeta", [.. Enumerable.Range(0, 60).Select(i => (object)$"choice {i}")]),
        ]),
    };

    private static Picture Draw(string kind, string space, SweepTrial[] trials, SweepObjective objective) =>
        kind switch
        {
            "history" => new SweepHistory(s_spaces[space], trials, objective, "study"),
            "coordinates" => new ParallelCoordinates(s_spaces[space], trials, objective, "study"),
            "importance" => new ParameterImportance(s_spaces[space], trials, objective, "study"),
            _ => new SweepRungs(s_spaces[space], trials, objective, "study"),
        };

    private static readonly string[] s_kinds = ["history", "coordinates", "importance", "rungs"];

    public static TheoryData<string, string> KindsAndSpaces
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var kind in s_kinds)
            foreach (var space in s_spaces.Keys)
                all.Add(kind, space);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndSpaces))]
    public void No_label_lies_over_another(string kind, string space)
    {
        foreach (var count in new[] { 1, 2, 9, 40 })
        foreach (var objective in Enum.GetValues<SweepObjective>())
        foreach (var scale in objective == SweepObjective.Accuracy ? [1, 0.0001] : new[] { 1e-9, 1, 54321 })
        {
            if (kind == "importance" && count < 9)
                continue;
            new DrawnPage(Draw(kind, space, Studies.Halved(s_spaces[space], count, scale), objective)).AssertApart();
        }
    }

    [Theory]
    [InlineData("history")]
    [InlineData("coordinates")]
    [InlineData("rungs")]
    public void Of_more_trials_than_can_be_drawn_all_are_counted(string kind)
    {
        var picture = Draw(kind, "mixed", Studies.Halved(Mixed, 2400), SweepObjective.Accuracy);

        new DrawnPage(picture).AssertApart();
        Assert.InRange(picture.ToSvg().Length, 10_000, 3_000_000);
        var said = kind switch
        {
            "history" => "2,400 trials",
            "coordinates" => "the best 400 of 727 trials",
            _ => "2,182 trials",
        };
        Assert.Contains(said, picture.Title, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(KindsAndSpaces))]
    public void Text_keeps_to_the_columns(string kind, string space)
    {
        var picture = Draw(kind, space, Studies.Halved(s_spaces[space], 40), SweepObjective.Accuracy);

        foreach (var columns in new[] { 40, 60, 120 })
            Assert.All(picture.ToText(columns).Split('\n'), line => Assert.InRange(TextCells.Width(line), 0, columns));
    }

    [Fact]
    public void A_loss_that_explodes_gets_a_logarithmic_axis_and_hides_nothing()
    {
        var trials = Studies.Completed(Mixed, 20, p => p["Optimizer"] is "SGD" ? 1e6 : 0.1);
        var page = new DrawnPage(new SweepHistory(Mixed, trials, SweepObjective.Loss, "study"));

        page.AssertApart();
        Assert.Contains(page.Texts, text => text.Text.Contains("logarithmic", StringComparison.Ordinal));
        foreach (var power in new[] { "1", "100", "10000", "1e6" })
            Assert.Contains(page.Texts, text => text.Text == power);
        Assert.All(Circles(page), circle => Assert.InRange(circle.Y, 0, page.Page.Bottom));
    }

    [Fact]
    public void A_history_has_a_mark_for_every_trial_at_its_value()
    {
        double[] values = [0.5, 0.7, 0.6, 0.9, 0.8];
        var trials = values
            .Select((v, i) => Studies.Trial(i, Point(("p", 0.5)), i == 2 ? TrialState.Pruned : TrialState.Completed, v))
            .Append(Studies.Trial(5, Point(("p", 0.5)), TrialState.Failed, null))
            .ToArray();
        var picture = new SweepHistory(s_spaces["one"], trials, SweepObjective.Accuracy, "study");

        Assert.Equal([(0, 0.5), (1, 0.7), (3, 0.9), (4, 0.9)], picture.Best);
        Assert.Equal(
            [(0, 0.5), (1, 0.5), (3, 0.5), (4, 0.5)],
            new SweepHistory(s_spaces["one"], trials, SweepObjective.Loss, "study").Best
        );
        // Five circles of trials, two of the legend; in the picture they are as far apart as the values.
        var circles = Circles(new DrawnPage(picture))
            .Where(c => c.X > 60 && c.Y < picture.Height - 60)
            .OrderBy(c => c.X)
            .Take(5)
            .ToArray();
        var (top, low) = (circles[3].Y, circles[0].Y);
        for (var i = 0; i < 5; i++)
            Assert.Equal((values[i] - 0.5) / 0.4, (low - circles[i].Y) / (low - top), 0.02);
        Assert.Contains("The best is trial 3", picture.Description, StringComparison.Ordinal);
        Assert.Contains("4 completed, 1 pruned, 1 failed", picture.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Rungs_count_how_many_came_that_far()
    {
        var trials = Studies.Halved(Mixed, 40);
        var rungs = new SweepRungs(Mixed, trials, SweepObjective.Accuracy, "study").Rungs;

        Assert.Equal([1, 3, 9], rungs.Select(r => r.Epochs));
        foreach (var (epochs, count) in rungs)
            Assert.Equal(trials.Count(t => t.Epochs >= epochs), count);
    }

    [Fact]
    public void Lines_run_through_the_values_and_miss_what_a_trial_has_not()
    {
        var space = new SweepSpace(
            [new ChoiceParameter("A", ["x", "y"]), new UniformParameter("B", 0, 10)],
            [When("B", "", p => p["A"] is "y")]
        );
        SweepTrial[] trials =
        [
            Studies.Trial(0, Point(("A", "x")), TrialState.Completed, 0.2),
            Studies.Trial(1, Point(("A", "y"), ("B", 10)), TrialState.Completed, 0.4),
        ];
        var text = new ParallelCoordinates(space, trials, SweepObjective.Accuracy, "study").ToText();

        Assert.Equal(
            ["trial  accuracy  A   B", "    1   40.00 %  y  10", "    0   20.00 %  x   ·"],
            text.Split('\n')[2..]
        );
        var page = new DrawnPage(new ParallelCoordinates(space, trials, SweepObjective.Accuracy, "study"));
        Assert.Contains(page.Texts, t => t.Text == "none");
        page.AssertApart();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_from_the_worst_to_the_best_stand_out_from_the_page(bool dark)
    {
        var theme = dark ? Theme.Dark : Theme.Light;
        for (var rank = 0.0; rank <= 1; rank += 0.1)
            Assert.InRange(Contrast(ParallelCoordinates.Shade(theme, rank), theme.Page), 3, 21);
    }

    [Theory]
    [InlineData("history")]
    [InlineData("coordinates")]
    [InlineData("importance")]
    [InlineData("rungs")]
    public void A_study_without_trials_is_refused(string kind)
    {
        Assert.Equal("SweepEmpty", Id([]));
        // A repetition is no trial of its own.
        var one = Studies.Completed(Mixed, 1, _ => 1)[0];
        Assert.Equal("SweepEmpty", Id([one with { Id = new TrialId(0, 1) }]));
        if (kind == "importance")
            Assert.Equal("SweepTooFewTrials", Id([one]));
        if (kind == "rungs")
            Assert.Equal("SweepEmpty", Id([one with { History = [] }]));

        string Id(SweepTrial[] trials) =>
            Assert.Throws<ConvNetException>(() => Draw(kind, "mixed", trials, SweepObjective.Loss)).ErrorId;
    }

    [Theory]
    [InlineData("history")]
    [InlineData("coordinates")]
    public void A_study_in_which_nothing_is_done_yet_can_be_looked_at(string kind)
    {
        var trial = Studies.Trial(0, Studies.Completed(Mixed, 1, _ => 1)[0].Parameters, TrialState.Running, null);
        var picture = Draw(kind, "mixed", [trial], SweepObjective.Accuracy);

        new DrawnPage(picture).AssertApart();
        Assert.InRange(picture.ToText().Length, 20, 5000);
        Assert.Contains("No trial is completed yet.", picture.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.97123, 0.98871, "97.5 %")]
    [InlineData(0.1, 0.9, "60 %")]
    [InlineData(0.98711, 0.98719, "98.714 %")]
    public void Axes_have_round_numbers(double low, double high, string one)
    {
        var ticks = ValueAxis.Of([low, high], SweepObjective.Accuracy).Ticks(6);

        Assert.Contains(one, ticks.Select(t => t.Text));
        Assert.InRange(ticks.Count, 3, 8);
        Assert.Equal(ticks.Select(t => t.Text), ticks.Select(t => t.Text).Distinct());
    }

    private static List<(double X, double Y)> Circles(DrawnPage page) =>
        page
            .Root.Elements()
            .First(e => e.Name.LocalName == "g")
            .Descendants()
            .Where(e => e.Name.LocalName is "circle" or "ellipse")
            .Select(e => (Number(e, "cx"), Number(e, "cy")))
            .ToList();

    private static double Number(System.Xml.Linq.XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static double Contrast(SKColor a, SKColor b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);

        static double Luminance(SKColor c) =>
            0.2126 * Linear(c.Red) + 0.7152 * Linear(c.Green) + 0.0722 * Linear(c.Blue);
        static double Linear(byte level) =>
            level / 255.0 is var s && s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4);
    }
}
