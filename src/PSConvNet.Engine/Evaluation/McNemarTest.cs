using MathNet.Numerics;

namespace PSConvNet.Evaluation;

/// <summary>
/// McNemar's test of whether two classifiers, measured on the same samples, differ by more than chance. Only the samples that
/// one gets right and the other wrong tell them apart; with no difference, either is as likely to be the one that is right.
/// </summary>
/// <remarks>
/// Exact, from the binomial distribution, for any number of samples. Q. McNemar, Psychometrika 12 (1947), 153-157; for classifiers:
/// T. G. Dietterich, Neural Computation 10 (1998), 1895-1923.
/// </remarks>
/// <param name="OnlyFirstRight">b: the samples that the first gets right and the second wrong.</param>
/// <param name="OnlySecondRight">c: the samples that the second gets right and the first wrong.</param>
/// <param name="PValue">
/// How likely so large a difference, either way, is by chance alone: 0 to 1. Not corrected for the number of comparisons.
/// </param>
public sealed record McNemarTest(int OnlyFirstRight, int OnlySecondRight, double PValue)
{
    /// <summary>Tests from the two counts.</summary>
    /// <param name="onlyFirstRight">b, at least 0.</param>
    /// <param name="onlySecondRight">c, at least 0.</param>
    /// <exception cref="ConvNetException"><c>ComparisonInvalid</c>: a count is negative.</exception>
    public static McNemarTest FromCounts(int onlyFirstRight, int onlySecondRight)
    {
        if (onlyFirstRight < 0 || onlySecondRight < 0)
        {
            throw new ConvNetException(
                ErrorIds.ComparisonInvalid,
                ErrorKind.InvalidArgument,
                $"McNemar's test needs counts of at least 0, not {onlyFirstRight} and {onlySecondRight}."
            );
        }
        var smaller = Math.Min(onlyFirstRight, onlySecondRight);
        var differing = (double)onlyFirstRight + onlySecondRight;
        // As even as can be: both tails together are everything.
        var p = differing - 2.0 * smaller <= 1 ? 1 : Math.Min(1, 2 * Tail(smaller, differing));
        return new McNemarTest(onlyFirstRight, onlySecondRight, p);
    }

    /// <summary>Tests two measurements of the same samples.</summary>
    /// <exception cref="ConvNetException"><c>ComparisonMismatch</c>: they were measured on different samples.</exception>
    public static McNemarTest Compare(ModelMetrics first, ModelMetrics second)
    {
        if (!AreOfTheSame(first, second))
        {
            throw new ConvNetException(
                ErrorIds.ComparisonMismatch,
                ErrorKind.InvalidArgument,
                $"{first.Name} and {second.Name} were measured on different samples ({first.Samples} and {second.Samples}): measure both on the same data set to compare them."
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

    /// <summary>
    /// The probability of at most <paramref name="count"/> heads in <paramref name="tosses"/>, of which they are no more than half. The
    /// terms are summed from the largest down, each from the one before; of 100,000 tosses some thousand terms count.
    /// </summary>
    private static double Tail(int count, double tosses)
    {
        var (sum, term) = (0.0, 1.0);
        for (double heads = count; heads >= 0 && term > sum * 1e-17; heads--)
        {
            sum += term;
            term *= heads / (tosses - heads + 1);
        }
        return sum * Math.Exp(LogLargest(count, tosses));
    }

    /// <summary>The logarithm of the probability of exactly so many heads.</summary>
    private static double LogLargest(double heads, double tosses) =>
        SpecialFunctions.GammaLn(tosses + 1)
        - SpecialFunctions.GammaLn(heads + 1)
        - SpecialFunctions.GammaLn(tosses - heads + 1)
        - tosses * Constants.Ln2;
}
