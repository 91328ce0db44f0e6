using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Sweeps.Samplers;

public class GridSamplerTests
{
    [Fact]
    public void Every_combination_comes_once_with_the_last_name_varying_fastest()
    {
        var sampler = new GridSampler(
            new SweepSpace([new ChoiceParameter("B", [true, false]), new IntegerParameter("a", 1, 3)]),
            10
        );

        Assert.Equal(6, sampler.Count);
        Assert.Equal(
            from a in new[] { 1, 2, 3 }
            from b in new[] { true, false }
            select Point(("a", a), ("B", b)),
            All(sampler)
        );
    }

    [Fact]
    public void Ranges_have_so_many_points_both_ends_among_them()
    {
        var sampler = new GridSampler(
            new SweepSpace([new LogUniformParameter("Rate", 1e-4, 1e-2), new UniformParameter("Share", 0, 1)]),
            3
        );

        Assert.Equal(
            from rate in new[] { 1e-4, 1e-3, 1e-2 }
            from share in new[] { 0, 0.5, 1 }
            select (rate, share),
            All(sampler)
                .Select(p =>
                    (Math.Round(SweepValue.Number(p["Rate"])!.Value, 12), SweepValue.Number(p["Share"])!.Value)
                )
        );
    }

    [Fact]
    public void Points_that_differ_in_inactive_parameters_only_come_once()
    {
        var sampler = new GridSampler(Mixed, 4);
        var points = All(sampler);

        // Three widths and four rates; Adam alone, SGD with four momenta.
        Assert.Equal(3 * 4 * (1 + 4), sampler.Count);
        Assert.Equal(points.Count, points.Distinct().Count());
        Assert.All(points, p => Assert.Equal(p["Optimizer"] is "SGD", p.ContainsKey("Momentum")));
        // The order is that of the whole grid with what is doubled left out.
        var whole =
            from rate in Mixed.Find("LearningRate")!.Grid(4)
            from momentum in Mixed.Find("Momentum")!.Grid(4)
            from optimizer in Mixed.Find("Optimizer")!.Grid(4)
            from units in Mixed.Find("Units")!.Grid(4)
            select Mixed.Choose(p =>
                p.Name switch
                {
                    "LearningRate" => rate,
                    "Momentum" => momentum,
                    "Optimizer" => optimizer,
                    _ => units,
                }
            );
        Assert.Equal(whole.Distinct(), points);
    }

    [Fact]
    public void A_condition_is_asked_no_more_often_than_there_are_combinations_it_could_tell_apart()
    {
        var asked = 0;
        var sampler = new GridSampler(
            new SweepSpace(
                [new ChoiceParameter("A", [1, 2, 3]), new IntegerParameter("B", 1, 100)],
                [
                    When(
                        "B",
                        "counts",
                        point =>
                        {
                            asked++;
                            return point["A"] is 2;
                        }
                    ),
                ]
            ),
            100
        );

        Assert.Equal(102, sampler.Count);
        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData(100, 100, 100, true)]
    [InlineData(100, 100, 101, false)]
    public void A_million_points_are_the_most(int a, int b, int c, bool allowed)
    {
        var space = new SweepSpace([
            new IntegerParameter("A", 1, a),
            new IntegerParameter("B", 1, b),
            new IntegerParameter("C", 1, c),
        ]);

        if (allowed)
        {
            Assert.Equal(1_000_000, new GridSampler(space, int.MaxValue).Count);
        }
        else
        {
            var error = Assert.Throws<ConvNetException>(() => new GridSampler(space, int.MaxValue));
            Assert.Equal("SweepGridTooLarge", error.ErrorId);
            Assert.Contains("StudySettings.GridPoints", error.Message);
        }
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(int.MaxValue)]
    public void Parameters_that_are_seldom_there_count_where_they_are(int points)
    {
        // Far more than a million with both, and more than a million with one of them where the points are many.
        var space = new SweepSpace(
            [
                new ChoiceParameter("Kind", ["none", "a", "b"]),
                new IntegerParameter("A", 1, 2_000_000),
                new IntegerParameter("B", 1, 2_000_000),
            ],
            [When("A", "a", p => p["Kind"] is "a"), When("B", "b", p => p["Kind"] is "b")]
        );

        if (points < 1_000_000)
            Assert.Equal(1 + 2 * points, new GridSampler(space, points).Count);
        else
            Assert.Throws<ConvNetException>(() => new GridSampler(space, points));
    }

    [Fact]
    public void There_is_no_point_beyond_the_last()
    {
        var sampler = new GridSampler(new SweepSpace([new IntegerParameter("A", 1, 3)]), 10);

        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Sample(3, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Sample(-1, []));
    }

    private static List<SweepPoint> All(GridSampler sampler) =>
        Enumerable.Range(0, sampler.Count).Select(i => sampler.Sample(i, [])).ToList();
}
