using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Evaluation;

public class McNemarTestTests
{
    [Theory]
    // Python's whole numbers: 2 * sum(comb(n, i) for i in range(min(b, c) + 1)) / 2 ** n.
    [InlineData(20, 49, 6.3617299645036185e-4)]
    [InlineData(50, 97, 1.3135994838869253e-4)]
    [InlineData(46, 9, 4.3363831370157868e-7)]
    [InlineData(25, 15, 1.5385994416283211e-1)]
    [InlineData(49_700, 50_300, 5.8197353110193743e-2)]
    // A. Agresti, Categorical Data Analysis (1990), p. 350, approval of the president; R's exact2x2 prints p-value = 3.716e-05.
    [InlineData(86, 150, 3.7159361395714422e-5)]
    public void It_is_exact_whatever_the_number_of_samples(int b, int c, double p) =>
        Assert.Equal(1, McNemarTest.FromCounts(b, c).PValue / p, 1e-9);

    [Theory]
    // Counted on paper: twice the ways to have so few or fewer, of 2^n.
    [InlineData(0, 6, 2 * 1, 64)]
    [InlineData(1, 11, 2 * (1 + 12), 4096)]
    [InlineData(8, 2, 2 * (1 + 10 + 45), 1024)]
    [InlineData(0, 1, 2, 2)]
    [InlineData(5, 5, 1, 1)]
    [InlineData(0, 0, 1, 1)]
    public void Few_differing_samples_come_to_what_is_counted_on_paper(int b, int c, int ways, int outOf) =>
        Assert.Equal((double)ways / outOf, McNemarTest.FromCounts(b, c).PValue, 1e-12);

    [Fact]
    public void Equal_counts_are_no_evidence_at_all()
    {
        Assert.Equal(1, McNemarTest.FromCounts(20, 20).PValue);
        Assert.Equal(1, McNemarTest.FromCounts(13, 12).PValue);
        Assert.Equal(1, McNemarTest.FromCounts(int.MaxValue, int.MaxValue).PValue);
    }

    [Fact]
    public void A_tiny_p_value_is_not_rounded_to_zero()
    {
        // By Python's whole numbers; the second is 2 / 2^100.
        Assert.Equal(1, McNemarTest.FromCounts(300, 50).PValue / 1.3871551206492160e-44, 1e-9);
        Assert.Equal(1, McNemarTest.FromCounts(100, 0).PValue / 1.5777218104420236e-30, 1e-9);
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
