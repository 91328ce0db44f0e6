using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Sweeps.Samplers;

public class RandomSamplerTests
{
    [Fact]
    public void A_trial_depends_on_seed_and_number_only()
    {
        var forward = Enumerable.Range(0, 50).Select(i => Sampler(7).Sample(i, [])).ToArray();
        var one = Sampler(7);
        var backward = Enumerable
            .Range(0, 50)
            .Reverse()
            .Select(i => one.Sample(i, [new Observation(forward[0], 1)]))
            .Reverse();

        Assert.Equal(forward, backward);
        Assert.NotEqual(forward, Enumerable.Range(0, 50).Select(i => Sampler(8).Sample(i, [])));
        Assert.Equal(50, forward.Distinct().Count());
    }

    [Fact]
    public void Values_are_spread_evenly_over_each_parameter()
    {
        const int Trials = 4000;
        var points = Enumerable.Range(0, Trials).Select(i => Sampler(3).Sample(i, [])).ToArray();

        foreach (var parameter in Mixed.Parameters)
        {
            var units = points
                .Where(p => p.ContainsKey(parameter.Name))
                .Select(p => parameter.UnitOf(p[parameter.Name]))
                .Order()
                .ToArray();
            // Kolmogorov and Smirnov: 1.95 / sqrt(n) is passed once in a thousand; half a value's width more where there are few.
            var distance = units.Select((u, i) => Math.Abs(u - (i + 0.5) / units.Length)).Max();
            Assert.InRange(distance, 0, 1.95 / Math.Sqrt(units.Length) + 0.5 / (parameter.Count ?? int.MaxValue));
        }
        Assert.InRange(points.Count(p => p.ContainsKey("Momentum")), Trials * 0.45, Trials * 0.55);
    }

    [Fact]
    public void A_random_search_has_no_end() => Assert.Null(Sampler(1).Count);

    [Theory]
    [InlineData(SweepSampler.Grid, typeof(GridSampler))]
    [InlineData(SweepSampler.Random, typeof(RandomSampler))]
    [InlineData(SweepSampler.Tpe, typeof(TpeSampler))]
    public void The_factory_makes_what_was_asked_for(SweepSampler kind, Type type) =>
        Assert.IsType(type, SamplerFactory.Create(kind, Mixed, 1, 5));

    private static RandomSampler Sampler(long seed) => new(Mixed, seed);
}
