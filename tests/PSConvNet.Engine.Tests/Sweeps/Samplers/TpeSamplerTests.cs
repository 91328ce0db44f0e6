using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Sweeps.Samplers;

public class TpeSamplerTests
{
    [Fact]
    public void Equal_seeds_and_histories_give_equal_points()
    {
        var history = History(Mixed, 30, Loss);

        var points = Enumerable.Range(30, 20).Select(i => new TpeSampler(Mixed, 4).Sample(i, history)).ToArray();
        var one = new TpeSampler(Mixed, 4);
        var backward = Enumerable.Range(30, 20).Reverse().Select(i => one.Sample(i, history)).Reverse();

        Assert.Equal(points, backward);
        Assert.NotEqual(points, Enumerable.Range(30, 20).Select(i => new TpeSampler(Mixed, 5).Sample(i, history)));
        Assert.Equal(20, points.Distinct().Count());
    }

    [Fact]
    public void The_first_ten_are_those_of_a_random_search()
    {
        var (tpe, random) = (new TpeSampler(Mixed, 4), new RandomSampler(Mixed, 4));

        Assert.Equal(random.Sample(9, []), tpe.Sample(9, History(Mixed, 9, Loss)));
        Assert.NotEqual(random.Sample(10, []), tpe.Sample(10, History(Mixed, 10, Loss)));
    }

    [Fact]
    public void Every_point_lies_in_the_space_and_has_what_is_active_and_nothing_else()
    {
        var history = new List<Observation>();
        var sampler = new TpeSampler(Mixed, 11);
        for (var i = 0; i < 200; i++)
        {
            var point = sampler.Sample(i, history);
            Assert.Equal(point, Mixed.Read(point));
            Assert.Equal(point["Optimizer"] is "SGD" ? 4 : 3, point.Count);
            Assert.Equal(point["Optimizer"] is "SGD", point.ContainsKey("Momentum"));
            // All that may befall a trial.
            history.Add(
                (i % 7) switch
                {
                    5 => new Observation(point, double.PositiveInfinity, 0, false),
                    6 => new Observation(point, double.NaN, 1, false),
                    3 => new Observation(point, Loss(point), 2, IsComplete: false),
                    _ => new Observation(point, Loss(point), 6),
                }
            );
        }
        // Loss likes SGD: its momentum is found, too.
        var late = history.TakeLast(60).Select(o => o.Point).Where(p => p.ContainsKey("Momentum")).ToArray();
        Assert.InRange(late.Length, 40, 60);
        Assert.InRange(late.Average(p => Math.Abs(SweepValue.Number(p["Momentum"])!.Value - 0.6)), 0, 0.15);
    }

    [Fact]
    public void Completed_trials_rank_first_then_those_that_came_farther_and_failed_ones_never_are_good()
    {
        Observation Seen(int name, double loss, double epochs, bool complete) =>
            new(Point(("P", name)), loss, epochs, complete);
        Observation[] history =
        [
            Seen(0, double.PositiveInfinity, 0, true),
            Seen(1, 0.1, 1, false),
            Seen(2, 0.9, 3, false),
            Seen(3, 0.8, 3, false),
            Seen(4, 5, 6, true),
            Seen(5, double.NaN, 6, false),
            Seen(6, 4, 6, true),
        ];

        // With eleven like these there are two good ones, and so on: who is next shows in which order they go.
        var order = new List<int>();
        for (var good = 1; good <= 5; good++)
        {
            var padding = Enumerable.Range(0, 10 * good - 5).Select(i => Seen(100 + i, 1e9, 0, false));
            var (names, _) = TpeSampler.Split([.. history, .. padding]);
            Assert.Equal(good, names.Length);
            order.Add((int)names.Single(p => !order.Contains((int)p["P"]))["P"]);
        }

        Assert.Equal([6, 4, 3, 2, 1], order);
        Assert.Empty(TpeSampler.Split([history[0], history[5]]).Good);
        Assert.Equal(2, TpeSampler.Split([history[0], history[5]]).Bad.Length);
    }

    [Fact]
    public void Where_all_has_failed_it_looks_elsewhere()
    {
        var space = new SweepSpace([new UniformParameter("A", 0, 1)]);
        var history = Enumerable
            .Range(0, 30)
            .Select(i => new Observation(Point(("A", i / 60.0)), double.PositiveInfinity, 0, false))
            .ToArray();

        var points = Enumerable.Range(30, 50).Select(i => new TpeSampler(space, 1).Sample(i, history));

        Assert.InRange(points.Average(p => SweepValue.Number(p["A"])!.Value), 0.7, 1);
    }

    [Fact]
    public void It_goes_where_it_was_good_also_among_choices_and_whole_numbers()
    {
        var space = new SweepSpace([
            new ChoiceParameter("Kind", ["a", "b", "c", "d"]),
            new IntegerParameter("Size", 0, 1000),
            new LogUniformParameter("Rate", 1e-6, 1),
        ]);
        var history = History(
            space,
            60,
            p =>
                (p["Kind"] is "c" ? 0 : 1)
                + Math.Abs((int)p["Size"] - 800) / 1000.0
                + Math.Abs(Math.Log10(SweepValue.Number(p["Rate"])!.Value) + 4) / 6
        );
        var points = Enumerable.Range(60, 40).Select(i => new TpeSampler(space, 2).Sample(i, history)).ToArray();

        Assert.InRange(points.Count(p => p["Kind"] is "c"), 30, 40);
        Assert.InRange(points.Average(p => Math.Abs((int)p["Size"] - 800)), 0, 150);
        Assert.InRange(points.Average(p => Math.Abs(Math.Log10(SweepValue.Number(p["Rate"])!.Value) + 4)), 0, 1);
    }

    [Fact]
    public void A_point_that_was_tried_is_not_tried_again_while_there_are_others()
    {
        var space = new SweepSpace([new ChoiceParameter("A", [1, 2, 3, 4]), new IntegerParameter("B", 1, 4)]);
        var sampler = new TpeSampler(space, 3);
        var history = new List<Observation>();
        for (var i = 0; i < 10; i++)
            history.Add(new Observation(new GridSampler(space, 4).Sample(i, []), i));
        for (var i = 10; i < 16; i++)
        {
            var point = sampler.Sample(i, history);
            Assert.DoesNotContain(point, history.Select(o => o.Point));
            history.Add(new Observation(point, i));
        }

        // All sixteen are done: the best is asked for again.
        Assert.Contains(sampler.Sample(16, history), history.Select(o => o.Point));
    }

    [Fact]
    public void It_has_no_end() => Assert.Null(new TpeSampler(Mixed, 1).Count);

    /// <summary>Best with SGD, momentum 0.6, a rate of 0.003.</summary>
    private static double Loss(SweepPoint point) =>
        (point.TryGetValue("Momentum", out var m) ? Math.Pow(SweepValue.Number(m)!.Value - 0.6, 2) : 1)
        + Math.Pow(Math.Log10(SweepValue.Number(point["LearningRate"])!.Value) + 2.5, 2) / 10;

    private static Observation[] History(SweepSpace space, int count, Func<SweepPoint, double> loss) =>
        Enumerable
            .Range(0, count)
            .Select(i => new RandomSampler(space, 77).Sample(i, []))
            .Select(point => new Observation(point, loss(point)))
            .ToArray();
}
