using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Evaluation;

public class WilsonIntervalTests
{
    [Theory]
    // R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_limits_are_those_of_Newcombes_table(int successes, int trials, double lower, double upper)
    {
        var interval = WilsonInterval.FromCounts(successes, trials);

        Assert.Equal(lower, interval.Lower, 0.00005);
        Assert.Equal(upper, interval.Upper, 0.00005);
    }

    [Fact]
    public void Its_ends_are_where_the_score_test_rejects()
    {
        // Wilson's definition: the ends p solve |p^ - p| = z sqrt(p (1 - p) / n), with the table's z for 99 %.
        const double z = 2.5758293035489;
        var interval = WilsonInterval.FromCounts(9910, 10_000, 0.99);

        foreach (var p in (double[])[interval.Lower, interval.Upper])
            Assert.Equal(z, Math.Abs(0.991 - p) / Math.Sqrt(p * (1 - p) / 10_000), 1e-9);
    }

    [Fact]
    public void It_holds_the_proportion_stays_within_0_and_1_and_mirrors() =>
        Prop.ForAll(
                (
                    from trials in Gen.Choose(1, 20_000)
                    from successes in Gen.Choose(0, trials)
                    select (successes, trials)
                ).ToArbitrary(),
                pair =>
                {
                    var (successes, trials) = pair;
                    var interval = WilsonInterval.FromCounts(successes, trials);
                    var mirror = WilsonInterval.FromCounts(trials - successes, trials);
                    var wider = WilsonInterval.FromCounts(successes, trials, 0.999);
                    var proportion = (double)successes / trials;
                    return interval.Lower <= proportion
                        && proportion <= interval.Upper
                        && interval.Lower >= 0
                        && interval.Upper <= 1
                        && interval.Lower < interval.Upper
                        && Math.Abs(interval.Lower - (1 - mirror.Upper)) < 1e-12
                        && wider.Lower <= interval.Lower
                        && wider.Upper >= interval.Upper;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData(0, 0, 0.95)]
    [InlineData(-1, 10, 0.95)]
    [InlineData(11, 10, 0.95)]
    [InlineData(5, 10, 0)]
    [InlineData(5, 10, 1)]
    [InlineData(5, 10, double.NaN)]
    public void What_is_no_proportion_or_no_confidence_is_refused(int successes, int trials, double confidence)
    {
        var error = Assert.Throws<ConvNetException>(() => WilsonInterval.FromCounts(successes, trials, confidence));

        Assert.Equal("IntervalInvalid", error.ErrorId);
    }

    [Fact]
    public void It_prints_in_percent() =>
        Assert.Equal("25.5 % to 36.6 %", WilsonInterval.FromCounts(81, 263).ToString());
}
