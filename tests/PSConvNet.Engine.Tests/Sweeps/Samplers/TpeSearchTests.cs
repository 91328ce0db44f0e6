using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Xunit.Abstractions;

namespace PSConvNet.Tests.Sweeps.Samplers;

/// <summary>Whether the sampler finds what it is there to find. All seeds are given, so each figure is the same at every run.</summary>
public class TpeSearchTests(ITestOutputHelper output)
{
    public static TheoryData<string> Functions => ["Branin", "Hartmann-6"];

    [Theory]
    [InlineData("Branin", -Math.PI, 12.275)]
    [InlineData("Branin", Math.PI, 2.275)]
    [InlineData("Branin", 9.42478, 2.475)]
    [InlineData("Hartmann-6", 0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573)]
    public void The_functions_have_their_published_minima(string name, params double[] at)
    {
        var function = Function(name);

        var value = function.Evaluate(new(at.Select((x, i) => KeyValuePair.Create($"x{i + 1}", (object)x))));

        Assert.Equal(function.Minimum, value, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void It_beats_chance_over_20_seeds(string name)
    {
        const int Seeds = 20;
        const int Trials = 100;
        var function = Function(name);
        var tpe = Enumerable.Range(1, Seeds).Select(s => function.Search(SweepSampler.Tpe, s, Trials)).ToArray();
        var random = Enumerable.Range(1, Seeds).Select(s => function.Search(SweepSampler.Random, s, Trials)).ToArray();
        var wins = tpe.Zip(random, (a, b) => a < b).Count(won => won);
        var p = MannWhitney(tpe, random);
        output.WriteLine(
            FormattableString.Invariant(
                $"{name}, {Trials} trials, {Seeds} seeds, minimum {function.Minimum}: Tpe median {tpe.Median():F4} ({tpe.LowerQuartile():F4} to {tpe.UpperQuartile():F4}), Random {random.Median():F4} ({random.LowerQuartile():F4} to {random.UpperQuartile():F4}); better with {wins} of {Seeds} seeds; Mann-Whitney p = {p:G2}"
            )
        );

        // What is left to the minimum, at most half of what chance leaves.
        Assert.InRange((tpe.Median() - function.Minimum) / (random.Median() - function.Minimum), 0, 0.5);
        Assert.InRange(p, 0, 0.001);
        Assert.All(tpe, value => Assert.True(value >= function.Minimum - 1e-4));
    }

    private static TestFunction Function(string name) =>
        name == "Branin" ? TestFunction.Branin : TestFunction.Hartmann6;

    /// <summary>How likely the first would be so much smaller than the second by chance; normal approximation, no ties.</summary>
    private static double MannWhitney(double[] first, double[] second)
    {
        var smaller = first.Sum(a => second.Count(b => a < b));
        double n = first.Length * second.Length;
        return Normal.CDF(0, 1, (n / 2 - smaller + 0.5) / Math.Sqrt(n * (first.Length + second.Length + 1) / 12));
    }
}
