namespace PSConvNet.Tests;

public class PercentageTests
{
    // Of 20,000 answers; as binary numbers some lie just below the half, some above.
    public static TheoryData<int, string> Halves =>
        new()
        {
            { 17487, "87.44 %" },
            { 17489, "87.45 %" },
            { 1, "0.01 %" },
            { 11401, "57.01 %" },
            { 19999, "100.00 %" },
            { 10001, "50.01 %" },
            { 5715, "28.58 %" },
        };

    [Theory]
    [MemberData(nameof(Halves))]
    public void A_half_is_rounded_away_from_zero_as_on_paper(int right, string expected)
    {
        Assert.Equal(expected, Percentage.Of(right / 20000.0));
        // What a reader would calculate.
        Assert.Equal(expected, $"{Math.Round(right / 200m, 2, MidpointRounding.AwayFromZero):0.00} %");
    }

    [Fact]
    public void A_run_its_report_and_its_curve_print_the_same_accuracy()
    {
        const double accuracy = 0.87435;

        Assert.Equal("87.44 %", global::PSConvNet.Reports.ReportText.Percent(accuracy));
        Assert.Equal(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 * accuracy:0.00} %"),
            Percentage.Of(accuracy)
        );
    }

    [Theory]
    [InlineData(0.5, 0, "50 %")]
    [InlineData(0.12345, 1, "12.3 %")]
    public void It_has_as_many_decimals_as_are_wanted(double share, int decimals, string expected) =>
        Assert.Equal(expected, Percentage.Of(share, decimals));
}
