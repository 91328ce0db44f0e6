using System.Globalization;
using MathNet.Numerics.Distributions;

namespace PSConvNet.Evaluation;

/// <summary>
/// A confidence interval for a proportion, such as an accuracy: Wilson's score interval, which stays within 0 and 1 and keeps
/// its word near them, where accuracies lie.
/// </summary>
/// <remarks>
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212; recommended
/// by R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872 (his method 3, without continuity correction).
/// </remarks>
/// <param name="Lower">The lower end, 0 to 1.</param>
/// <param name="Upper">The upper end, 0 to 1.</param>
public readonly record struct WilsonInterval(double Lower, double Upper)
{
    /// <summary>The interval for a count.</summary>
    /// <param name="successes">How many came out right, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">How many there were, at least 1.</param>
    /// <param name="confidence">How often such an interval holds the truth, above 0 and below 1; 0.95 by default.</param>
    /// <exception cref="ConvNetException"><c>IntervalInvalid</c>: a value is out of its range.</exception>
    public static WilsonInterval FromCounts(int successes, int trials, double confidence = 0.95)
    {
        if (trials < 1 || successes < 0 || successes > trials)
            throw Invalid(
                $"{successes} of {trials} isn't a proportion: the count must be from 0 to the number of trials, which must be at least 1."
            );
        if (confidence is not (> 0 and < 1))
            throw Invalid(
                $"The confidence must be above 0 and below 1, such as 0.95, not {confidence.ToString(CultureInfo.InvariantCulture)}."
            );
        var z = Normal.InvCDF(0, 1, 1 - (1 - confidence) / 2);
        double n = trials;
        var proportion = successes / n;
        var scale = 1 + z * z / n;
        var center = (proportion + z * z / (2 * n)) / scale;
        var half = z / scale * Math.Sqrt(proportion * (1 - proportion) / n + z * z / (4 * n * n));
        // At the ends the formula gives 0 and 1 exactly; rounding would give a little less or more.
        return new WilsonInterval(
            successes == 0 ? 0 : Math.Max(0, center - half),
            successes == trials ? 1 : Math.Min(1, center + half)
        );
    }

    /// <summary>Both ends in percent: <c>98.9 % to 99.3 %</c>.</summary>
    public override string ToString() => $"{Percentage.Of(Lower, 1)} to {Percentage.Of(Upper, 1)}";

    private static ConvNetException Invalid(string message) =>
        new(ErrorIds.IntervalInvalid, ErrorKind.InvalidArgument, message);
}
