using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Sweeps.Samplers;

public class ParzenEstimatorTests
{
    private static readonly UniformParameter s_range = new("Range", 0, 10);
    private static readonly LogUniformParameter s_rate = new("Rate", 1e-4, 1e-1);
    private static readonly IntegerParameter s_whole = new("Whole", 1, 9);
    private static readonly ChoiceParameter s_choice = new("Choice", ["a", "b", "c"]);

    private static readonly SweepPoint[] s_three =
    [
        Point(("Range", 1), ("Rate", 1e-4), ("Whole", 2), ("Choice", "a")),
        Point(("Range", 2), ("Rate", 3e-3), ("Whole", 5), ("Choice", "c")),
        Point(("Range", 7), ("Rate", 1e-2), ("Whole", 6), ("Choice", "c")),
    ];

    [Fact]
    public void Densities_are_those_of_Optuna()
    {
        // By the formulas of optuna/samplers/_tpe/parzen_estimator.py at 1d8ce7b, in the parameters' own units, computed with Python's
        // statistics.NormalDist; times the length of the range, as ours are by the length of the unit interval.
        Assert.Equal(0.21739049687266002, Density([s_range], s_three, 3.0), 1e-9);
        Assert.Equal(0.0024914819779426668, Density([s_rate], s_three, 1e-3), 1e-9);
        Assert.Equal(-2.00654891631534, Density([s_whole], s_three, 4), 1e-9);
        Assert.Equal(-0.7419373447293772, Density([s_choice], s_three, "c"), 1e-9);
        Assert.Equal(-2.6192142634982263, Density([s_range, s_whole, s_choice], s_three, 3.0, 4, "c"), 1e-9);
        Assert.Equal(0.07027566600812055, Density([s_range], [Point(("Range", 2))], 3.0), 1e-9);
        // The oldest two of 27 count less.
        var many = Enumerable.Range(0, 27).Select(i => Point(("Range", 7 * i % 27 / 27.0 * 10 + 0.1))).ToArray();
        Assert.Equal(0.03575368372056083, Density([s_range], many, 3.0), 1e-9);
    }

    public static TheoryData<int> Counts => [0, 1, 2, 3, 26, 60];

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_density_of_one_parameter_integrates_to_1(int observations)
    {
        var points = Random(observations);

        foreach (var continuum in new SweepParameter[] { s_range, s_rate })
        {
            const int Steps = 2000;
            var estimator = new ParzenEstimator([continuum], points);
            var sum = Enumerable
                .Range(0, Steps)
                .Sum(i => Math.Exp(estimator.LogDensity([continuum.At((i + 0.5) / Steps)])) / Steps);
            Assert.Equal(1, sum, 1e-4);
        }
        foreach (var few in new SweepParameter[] { s_whole, s_choice, new IntegerParameter("Whole", 1, 9, 4) })
        {
            var estimator = new ParzenEstimator([few], few == s_whole || few == s_choice ? points : []);
            Assert.Equal(1, few.Grid(100).Sum(value => Math.Exp(estimator.LogDensity([value]))), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void A_density_of_several_parameters_integrates_to_1(int observations)
    {
        const int Steps = 300;
        var estimator = new ParzenEstimator([s_choice, s_range, s_whole], Random(observations));

        var sum = (
            from choice in s_choice.Values
            from whole in s_whole.Grid(9)
            from i in Enumerable.Range(0, Steps)
            select Math.Exp(estimator.LogDensity([choice, s_range.At((i + 0.5) / Steps), whole])) / Steps
        ).Sum();

        Assert.Equal(1, sum, 1e-3);
    }

    [Fact]
    public void What_is_drawn_is_as_frequent_as_the_density_says()
    {
        const int Draws = 40_000;
        SweepParameter[] parameters = [s_choice, s_range, s_whole];
        var estimator = new ParzenEstimator(parameters, s_three);
        var random = new RandomStream(5);
        var seen = new Dictionary<(object, int, object), int>();
        for (var i = 0; i < Draws; i++)
        {
            var values = estimator.Sample(ref random);
            var cell = (values[0], (int)(s_range.UnitOf(values[1]) * 3), values[2]);
            seen[cell] = seen.GetValueOrDefault(cell) + 1;
        }

        foreach (var choice in s_choice.Values)
        foreach (var third in Enumerable.Range(0, 3))
        foreach (var whole in s_whole.Grid(9))
        {
            const int Steps = 100;
            var share = Enumerable
                .Range(0, Steps)
                .Average(i =>
                    Math.Exp(estimator.LogDensity([choice, s_range.At((third + (i + 0.5) / Steps) / 3), whole])) / 3
                );
            // Five standard deviations: once in 20,000 seeds for all 81 cells together.
            Assert.Equal(
                share,
                seen.GetValueOrDefault((choice, third, whole)) / (double)Draws,
                5 * Math.Sqrt(share * (1 - share) / Draws)
            );
        }
    }

    [Fact]
    public void Points_far_from_all_observations_still_have_a_density()
    {
        var parameters = Enumerable.Range(0, 40).Select(i => new IntegerParameter($"P{i}", 0, 1_000_000)).ToArray();
        var points = Enumerable
            .Range(0, 60)
            .Select(_ => new SweepPoint(parameters.Select(p => KeyValuePair.Create(p.Name, (object)0))))
            .ToArray();

        var density = new ParzenEstimator(parameters, points).LogDensity([
            .. parameters.Select(_ => (object)1_000_000),
        ]);

        Assert.InRange(density, -1000, -100);
    }

    private static double Density(SweepParameter[] parameters, SweepPoint[] points, params object[] values) =>
        new ParzenEstimator(parameters, points).LogDensity(values);

    private static SweepPoint[] Random(int count)
    {
        var space = new SweepSpace([s_range, s_rate, s_whole, s_choice]);
        return Enumerable.Range(0, count).Select(i => new RandomSampler(space, 9).Sample(i, [])).ToArray();
    }
}
