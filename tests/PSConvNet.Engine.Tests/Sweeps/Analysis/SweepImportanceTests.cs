using Xunit.Abstractions;
using static PSConvNet.Tests.Sweeps.Studies;
using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Sweeps.Analysis;

public class SweepImportanceTests(ITestOutputHelper output)
{
    private static readonly SweepSpace s_four = new([
        new UniformParameter("A", 0, 1),
        new LogUniformParameter("B", 1e-5, 1e-1),
        new UniformParameter("C", -3, 5),
        new UniformParameter("Idle", 0, 1),
    ]);

    [Fact]
    public void An_additive_function_gives_each_parameter_its_share_of_the_variance()
    {
        // By units of equal variance: 9, 4 and 1 of 14.
        var importance = Measure(
            s_four,
            Completed(s_four, 200, p => 3 * Unit(s_four, p, "A") - 2 * Unit(s_four, p, "B") + Unit(s_four, p, "C"))
        );

        Assert.Equal(["A", "B", "C", "Idle"], importance.Shares.Select(s => s.Name));
        Assert.Equal(9 / 14.0, Share(importance, "A"), 0.06);
        Assert.Equal(4 / 14.0, Share(importance, "B"), 0.06);
        Assert.Equal(1 / 14.0, Share(importance, "C"), 0.06);
        Assert.InRange(Share(importance, "Idle"), 0, 0.01);
        Assert.InRange(importance.Together, 0, 0.1);
        Assert.Equal((200, null), (importance.Trials, importance.Epochs));
    }

    [Fact]
    public void Choices_and_whole_numbers_have_shares_too()
    {
        var space = new SweepSpace([
            new ChoiceParameter("Kind", ["a", "b", "c", "d"]),
            new IntegerParameter("Size", 1, 9),
            new ChoiceParameter("Idle", [true, false]),
        ]);
        // Variances: of 0, 3, 1, 2 over four values 1.25; of 0 to 8, each times a quarter, 60 / 9 / 16.
        double[] kinds = [0, 3, 1, 2];
        var importance = Measure(
            space,
            Completed(
                space,
                200,
                p => kinds["abcd".IndexOf((string)p["Kind"], StringComparison.Ordinal)] + (int)p["Size"] / 4.0
            )
        );

        var (kind, size) = (1.25, 60 / 9.0 / 16);
        Assert.Equal(kind / (kind + size), Share(importance, "Kind"), 0.06);
        Assert.Equal(size / (kind + size), Share(importance, "Size"), 0.06);
        Assert.InRange(Share(importance, "Idle"), 0, 0.01);
    }

    [Fact]
    public void It_ranks_Ishigamis_parameters_as_their_published_indices_do()
    {
        // Ishigami and Homma 1990 with a = 7, b = 0.1: first-order indices 0.3139, 0.4424 and 0; the third works with the first
        // only: 0.2437. Trees that divide by one parameter at a time see less of waves than there is, so the figures are wide.
        var space = new SweepSpace(
            new[] { "x1", "x2", "x3" }.Select(name => new UniformParameter(name, -Math.PI, Math.PI))
        );
        var importance = Measure(
            space,
            Completed(
                space,
                600,
                p =>
                    Math.Sin(Of(p, "x1"))
                    + 7 * Math.Pow(Math.Sin(Of(p, "x2")), 2)
                    + 0.1 * Math.Pow(Of(p, "x3"), 4) * Math.Sin(Of(p, "x1"))
            )
        );

        Assert.Equal(["x2", "x1", "x3"], importance.Shares.Select(s => s.Name));
        Assert.Equal(0.3139, Share(importance, "x1"), 0.15);
        Assert.Equal(0.4424, Share(importance, "x2"), 0.15);
        Assert.InRange(Share(importance, "x3"), 0, 0.05);
        Assert.Equal(0.2437, importance.Together, 0.15);
    }

    [Fact]
    public void A_parameter_counts_by_how_often_it_is_there_and_the_condition_counts_for_the_one_that_decides()
    {
        SweepSpace Space(string when) =>
            new(
                [new ChoiceParameter("Optimizer", ["Adam", "SGD"]), new UniformParameter("Momentum", 0, 1)],
                [When("Momentum", when, p => p["Optimizer"] is "SGD")]
            );
        var space = Space("SGD");

        // Momentum does nothing; that it is there tells the optimizer, and must not count for it.
        var none = Measure(space, Completed(space, 100, p => p["Optimizer"] is "SGD" ? 1 : 0));
        Assert.InRange(Share(none, "Optimizer"), 0.97, 1);
        Assert.InRange(Share(none, "Momentum"), 0, 0.01);

        // Half of the time, by itself: of m for SGD, 1/2 for Adam, the means over the optimizer are m/2 + 1/4: variance 1/48 of 1/24.
        var half = Measure(space, Completed(space, 200, p => p["Optimizer"] is "SGD" ? Of(p, "Momentum") : 0.5));
        Assert.Equal(0.5, Share(half, "Momentum"), 0.08);
        Assert.InRange(Share(half, "Optimizer"), 0, 0.03);
        Assert.Equal(0.5, half.Together, 0.08);
    }

    [Fact]
    public void Noise_is_not_taken_for_a_parameter_that_matters()
    {
        var random = new Random(5);
        var importance = Measure(s_four, Completed(s_four, 60, p => Unit(s_four, p, "A") + 0.1 * random.NextDouble()));

        Assert.Equal("A", importance.Shares[0].Name);
        Assert.InRange(importance.Shares[0].Share, 0.9, 1);
        Assert.All(importance.Shares.Skip(1), share => Assert.InRange(share.Share, 0, 0.03));
    }

    [Fact]
    public void One_loss_of_a_million_does_not_hide_all_else()
    {
        var importance = Measure(
            s_four,
            Completed(s_four, 80, p => Unit(s_four, p, "A"))
                .Select(t => t.Number == 40 ? Trial(40, t.Parameters, TrialState.Completed, 1e6) : t)
                .ToArray()
        );

        Assert.Equal("A", importance.Shares[0].Name);
        Assert.InRange(importance.Shares[0].Share, 0.6, 1);
    }

    [Fact]
    public void Failed_trials_and_repetitions_are_passed_over_and_what_was_pruned_counts_where_it_came_to()
    {
        var completed = Completed(s_four, 40, p => Unit(s_four, p, "A"));
        var alone = Measure(s_four, completed);
        SweepTrial[] others =
        [
            .. completed.Select(t => t with { Id = new TrialId(t.Number, 1), Value = 5 }),
            .. completed.Select(t => Trial(100 + t.Number, t.Parameters, TrialState.Failed, null)),
            .. completed.Select(t => Trial(200 + t.Number, t.Parameters, TrialState.Pruned, 5, epochs: 1)),
        ];

        Assert.Equal(alone.Shares, Measure(s_four, [.. completed, .. others]).Shares);

        // Four of forty are completed: all are compared after their first epoch.
        var pruned = completed
            .Select(t => t.Number < 4 ? t : Trial(t.Number, t.Parameters, TrialState.Pruned, t.Value / 3, epochs: 1))
            .ToArray();
        var early = Measure(s_four, pruned);
        Assert.Equal((40, 1), (early.Trials, early.Epochs));
        Assert.Equal("A", early.Shares[0].Name);
        Assert.InRange(early.Shares[0].Share, 0.9, 1);
    }

    [Fact]
    public void Equal_values_give_no_parameter_a_share()
    {
        var importance = Measure(s_four, Completed(s_four, 20, _ => 0.5));

        Assert.All(importance.Shares, share => Assert.Equal(0, share.Share));
        Assert.Equal(0, importance.Together);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Too_few_trials_are_refused(int count)
    {
        var error = Assert.Throws<ConvNetException>(() => Measure(s_four, Completed(s_four, count, _ => 1)));

        Assert.Equal("SweepTooFewTrials", error.ErrorId);
        Assert.Contains($"{count} trials are too few", error.Message);
    }

    private SweepImportance Measure(SweepSpace space, SweepTrial[] trials)
    {
        var importance = SweepImportance.Measure(space, trials, SweepObjective.Accuracy);
        output.WriteLine(
            string.Join(", ", importance.Shares.Select(s => FormattableString.Invariant($"{s.Name} {s.Share:F4}")))
                + FormattableString.Invariant($", together {importance.Together:F4}")
        );
        return importance;
    }

    private static double Share(SweepImportance importance, string name) =>
        importance.Shares.Single(s => s.Name == name).Share;

    private static double Of(SweepPoint point, string name) => SweepValue.Number(point[name])!.Value;

    private static double Unit(SweepSpace space, SweepPoint point, string name) =>
        space.Find(name)!.UnitOf(point[name]);
}
