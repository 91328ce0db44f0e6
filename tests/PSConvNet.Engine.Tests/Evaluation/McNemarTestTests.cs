using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Evaluation;

public class McNemarTestTests
{
    [Theory]
    // R's mcnemar.test, as published by those who used it: 11.362, p-value = 0.0007495, and so on.
    [InlineData(20, 49, 11.362, 0.0007495)]
    [InlineData(50, 97, 14.395, 0.0001482)]
    [InlineData(46, 9, 23.564, 1.208499e-6)]
    // S. Raschka, mlxtend's documentation of mcnemar.
    [InlineData(25, 15, 2.025, 0.154729)]
    // A. Agresti, Categorical Data Analysis (1990), p. 350, approval of the president: (|86 - 150| - 1)^2 / 236.
    [InlineData(86, 150, 16.818, 4.1146e-5)]
    public void Many_differing_samples_are_tested_by_chi_squared(int b, int c, double statistic, double p)
    {
        var test = McNemarTest.FromCounts(b, c);

        Assert.Equal(McNemarMethod.ChiSquared, test.Method);
        Assert.Equal(statistic, test.Statistic, 0.0005);
        Assert.Equal(1, test.PValue / p, 0.0005);
    }

    [Theory]
    // Counted on paper: twice the ways to have so few or fewer, of 2^n.
    [InlineData(0, 6, 2 * 1, 64)]
    [InlineData(1, 11, 2 * (1 + 12), 4096)]
    [InlineData(8, 2, 2 * (1 + 10 + 45), 1024)]
    [InlineData(0, 1, 2, 2)]
    [InlineData(5, 5, 1, 1)]
    [InlineData(0, 0, 1, 1)]
    public void Few_differing_samples_are_tested_exactly(int b, int c, int ways, int outOf)
    {
        var test = McNemarTest.FromCounts(b, c);

        Assert.Equal(McNemarMethod.Exact, test.Method);
        Assert.Equal((double)ways / outOf, test.PValue, 1e-12);
        Assert.Equal(Math.Min(b, c), test.Statistic);
    }

    [Fact]
    public void The_method_changes_at_25_differing_samples()
    {
        Assert.Equal(McNemarMethod.Exact, McNemarTest.FromCounts(4, 20).Method);
        Assert.Equal(McNemarMethod.ChiSquared, McNemarTest.FromCounts(5, 20).Method);
    }

    [Fact]
    public void Equal_counts_are_no_evidence_at_all()
    {
        Assert.Equal(1, McNemarTest.FromCounts(20, 20).PValue);
        Assert.Equal(1, McNemarTest.FromCounts(13, 12).PValue);
    }

    [Fact]
    public void A_tiny_p_value_is_not_rounded_to_zero()
    {
        // erfc(sqrt(177.1457 / 2)) by Python's math.erfc.
        Assert.Equal(1, McNemarTest.FromCounts(300, 50).PValue / 2.0354183362533837e-40, 1e-9);
    }

    [Fact]
    public void It_is_a_probability_symmetric_and_smaller_for_a_more_lopsided_split() =>
        Prop.ForAll(
                (from b in Gen.Choose(0, 300) from c in Gen.Choose(0, 300) select (b, c)).ToArbitrary(),
                pair =>
                {
                    var (b, c) = pair;
                    var test = McNemarTest.FromCounts(b, c);
                    // One sample moved from the smaller side to the larger.
                    var (small, large) = (Math.Min(b, c), Math.Max(b, c));
                    var moreLopsided = small == 0 ? test : McNemarTest.FromCounts(small - 1, large + 1);
                    return test.PValue is >= 0 and <= 1
                        && test.PValue == McNemarTest.FromCounts(c, b).PValue
                        && moreLopsided.PValue <= test.PValue;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void It_counts_the_samples_that_only_one_gets_right()
    {
        // truth   0 0 1 1 2 2 2
        // first   0 0 1 0 2 2 1   right: y y y n y y n
        // second  1 0 1 1 0 0 0   right: n y y y n n n
        int[] labels = [0, 0, 1, 1, 2, 2, 2];

        var test = McNemarTest.Compare(
            Outputs.Metrics([0, 0, 1, 0, 2, 2, 1], labels, 3),
            Outputs.Metrics([1, 0, 1, 1, 0, 0, 0], labels, 3)
        );

        Assert.Equal(3, test.OnlyFirstRight);
        Assert.Equal(1, test.OnlySecondRight);
        Assert.Equal(2.0 * (1 + 4) / 16, test.PValue, 1e-12);
    }

    [Fact]
    public void Measurements_of_different_samples_do_not_compare()
    {
        var first = Outputs.Metrics([0, 1], [0, 1], 2);

        foreach (
            var other in (int[][])
                [
                    [0, 0],
                    [0, 1, 1],
                ]
        )
        {
            var error = Assert.Throws<ConvNetException>(() =>
                McNemarTest.Compare(first, Outputs.Metrics(other, other, 2))
            );
            Assert.Equal("ComparisonMismatch", error.ErrorId);
        }
    }

    [Fact]
    public void Negative_counts_are_refused() =>
        Assert.Equal("ComparisonInvalid", Assert.Throws<ConvNetException>(() => McNemarTest.FromCounts(-1, 3)).ErrorId);
}
