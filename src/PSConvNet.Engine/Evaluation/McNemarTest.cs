using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace PSConvNet;

/// <summary>How a p-value was computed.</summary>
public enum McNemarMethod
{
    /// <summary>From the binomial distribution, exactly.</summary>
    Exact,

    /// <summary>From the chi-squared distribution with one degree of freedom, corrected for continuity.</summary>
    ChiSquared,
}

/// <summary>
/// McNemar's test of whether two classifiers, measured on the same samples, differ by more than chance. Only the samples that
/// one gets right and the other wrong tell them apart; with no difference, either is as likely to be the one that is right.
/// </summary>
/// <remarks>
/// Q. McNemar, Psychometrika 12 (1947), 153-157; continuity correction: A. L. Edwards, Psychometrika 13 (1948), 185-187;
/// for classifiers: T. G. Dietterich, Neural Computation 10 (1998), 1895-1923.
/// </remarks>
/// <param name="OnlyFirstRight">b: the samples that the first gets right and the second wrong.</param>
/// <param name="OnlySecondRight">c: the samples that the second gets right and the first wrong.</param>
/// <param name="Statistic">The corrected chi-squared; for the exact method the smaller of b and c.</param>
/// <param name="PValue">
/// How likely so large a difference, either way, is by chance alone: 0 to 1. Not corrected for the number of comparisons.
/// </param>
/// <param name="Method">How the p-value was computed: exactly below 25 differing samples.</param>
public sealed record McNemarTest(
    int OnlyFirstRight,
    int OnlySecondRight,
    double Statistic,
    double PValue,
    McNemarMethod Method
)
{
    private const int EnoughForChiSquared = 25;

    /// <summary>Tests from the two counts.</summary>
    /// <param name="onlyFirstRight">b, at least 0.</param>
    /// <param name="onlySecondRight">c, at least 0.</param>
    /// <exception cref="ConvNetException"><c>ComparisonInvalid</c>: a count is negative.</exception>
    public static McNemarTest FromCounts(int onlyFirstRight, int onlySecondRight)
    {
        if (onlyFirstRight < 0 || onlySecondRight < 0)
        {
            throw new ConvNetException(
                "ComparisonInvalid",
                ErrorKind.InvalidArgument,
                $"The counts of McNemar's test are at least 0; these are {onlyFirstRight} and {onlySecondRight}."
            );
        }
        var smaller = Math.Min(onlyFirstRight, onlySecondRight);
        var differing = (long)onlyFirstRight + onlySecondRight;
        if (differing < EnoughForChiSquared)
        {
            // Where b = c both tails hold the middle, and twice the one is more than 1.
            var exact = Math.Min(1, 2 * Binomial.CDF(0.5, (int)differing, smaller));
            return new McNemarTest(onlyFirstRight, onlySecondRight, smaller, exact, McNemarMethod.Exact);
        }
        var excess = Math.Max(0, Math.Abs((double)onlyFirstRight - onlySecondRight) - 1);
        var statistic = excess * excess / differing;
        // The upper tail of chi-squared with one degree of freedom; 1 - CDF would lose a small one to rounding.
        var tail = SpecialFunctions.Erfc(Math.Sqrt(statistic / 2));
        return new McNemarTest(onlyFirstRight, onlySecondRight, statistic, tail, McNemarMethod.ChiSquared);
    }

    /// <summary>Tests two measurements of the same samples.</summary>
    /// <exception cref="ConvNetException"><c>ComparisonMismatch</c>: they were measured on different samples.</exception>
    public static McNemarTest Compare(ModelMetrics first, ModelMetrics second)
    {
        if (!AreOfTheSame(first, second))
        {
            throw new ConvNetException(
                "ComparisonMismatch",
                ErrorKind.InvalidArgument,
                $"{first.Name} and {second.Name} were measured on different samples ({first.Samples} and {second.Samples}): measure both on one data set to compare them."
            );
        }
        var (onlyFirst, onlySecond) = (0, 0);
        for (var i = 0; i < first.Labels.Length; i++)
        {
            var firstRight = first.Predictions[i] == first.Labels[i];
            var secondRight = second.Predictions[i] == second.Labels[i];
            if (firstRight && !secondRight)
                onlyFirst++;
            else if (secondRight && !firstRight)
                onlySecond++;
        }
        return FromCounts(onlyFirst, onlySecond);
    }

    /// <summary>Whether the true classes agree, by name: each model counts them in the order of its own outputs.</summary>
    private static bool AreOfTheSame(ModelMetrics first, ModelMetrics second)
    {
        if (first.Samples != second.Samples)
            return false;
        for (var i = 0; i < first.Samples; i++)
        {
            if (first.Classes[first.Labels[i]].Name != second.Classes[second.Labels[i]].Name)
                return false;
        }
        return true;
    }
}
