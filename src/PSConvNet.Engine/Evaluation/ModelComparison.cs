using System.Globalization;

namespace PSConvNet.Evaluation;

/// <summary>A model to compare: its measurement and what it cost.</summary>
/// <param name="Name">The name it goes by in the table; a number is put behind it where an earlier one has the same.</param>
/// <param name="Parameters">The number of its parameters, trained or not.</param>
/// <param name="Metrics">Its measurement, on the same samples as the others'.</param>
/// <param name="TrainingSeconds">How long it was trained, or null where that is not known.</param>
/// <param name="ImagesPerSecond">Images per second in training, or null if that is not known.</param>
public sealed record ComparisonEntry(
    string Name,
    long Parameters,
    ModelMetrics Metrics,
    double? TrainingSeconds = null,
    double? ImagesPerSecond = null
);

/// <summary>One model's place among others that were measured on the same samples.</summary>
public sealed record ModelComparisonRow
{
    /// <summary>1 for the most accurate; of two equally accurate the one with the lower loss comes first.</summary>
    public required int Rank { get; init; }

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of its parameters, trained or not.</summary>
    public required long Parameters { get; init; }

    /// <summary>The part of the samples that it gets right, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The accuracy's 95 % confidence interval (Wilson).</summary>
    public required WilsonInterval Interval { get; init; }

    /// <summary>The mean cross-entropy in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>How long it was trained, in seconds, or null where that is not known.</summary>
    public double? TrainingSeconds { get; init; }

    /// <summary>Images per second in training, or null if that is not known.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>The samples that it gets wrong.</summary>
    public required int Errors { get; init; }

    /// <summary>Its accuracy less the best one's, in percentage points: 0 for the best, negative for the others.</summary>
    public required double Difference { get; init; }

    /// <summary>McNemar's test of the best against it; null for the best itself.</summary>
    public McNemarTest? Test { get; init; }

    /// <summary>How likely so large a difference to the best is by chance alone; null for the best itself.</summary>
    public double? PValue => Test?.PValue;

    /// <summary>What to make of it, in one line; for the best, the same as <see cref="Summary"/>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The sentence that sums the whole comparison up, in every row the same.</summary>
    public required string Summary { get; init; }
}

/// <summary>Ranks models that were measured on the same samples and says which differences are more than chance.</summary>
public static class ModelComparison
{
    /// <summary>Below this a difference is called more than chance. P-values are not corrected for the number of models.</summary>
    public const double Significance = 0.05;

    /// <summary>One row a model, the best first.</summary>
    /// <exception cref="ConvNetException">
    /// <c>ComparisonEmpty</c>: there are no models. <c>ComparisonMismatch</c>: two were measured on different samples.
    /// </exception>
    public static IReadOnlyList<ModelComparisonRow> Compare(IEnumerable<ComparisonEntry> entries)
    {
        ComparisonEntry[] ranked =
        [
            .. Distinct(entries).OrderByDescending(e => e.Metrics.Accuracy).ThenBy(e => e.Metrics.Loss),
        ];
        if (ranked.Length == 0)
        {
            throw new ConvNetException(
                ErrorIds.ComparisonEmpty,
                ErrorKind.InvalidArgument,
                "There is nothing to compare: give at least one model or training run."
            );
        }
        var best = ranked[0];
        var tests = ranked.Skip(1).Select(e => McNemarTest.Compare(best.Metrics, e.Metrics)).ToArray();
        var summary = tests.Length == 0 ? Alone(best) : Beats(best, ranked[1], tests[0]);
        if (best.Metrics.TestTime is { } testTime)
            summary += $" Test-time augmentation: {testTime}.";
        return
        [
            Row(best, best, 1, null, summary, summary),
            .. tests.Select(
                (test, i) => Row(ranked[i + 1], best, i + 2, test, Behind(ranked[i + 1], best, test), summary)
            ),
        ];
    }

    private static ModelComparisonRow Row(
        ComparisonEntry entry,
        ComparisonEntry best,
        int rank,
        McNemarTest? test,
        string verdict,
        string summary
    ) =>
        new()
        {
            Rank = rank,
            Name = entry.Name,
            Parameters = entry.Parameters,
            Accuracy = entry.Metrics.Accuracy,
            Interval = entry.Metrics.Interval,
            Loss = entry.Metrics.Loss,
            TrainingSeconds = entry.TrainingSeconds,
            ImagesPerSecond = entry.ImagesPerSecond,
            Errors = entry.Metrics.Errors,
            Difference = 0 - Points(best, entry),
            Test = test,
            Verdict = verdict,
            Summary = summary,
        };

    private static string Alone(ComparisonEntry only) =>
        $"{only.Name} gets {Percent(only, 1)} right (95 % interval {only.Metrics.Interval}); there is no other model to compare it with.";

    // "conv beats dense by 1.0 point (99.1 % against 98.1 %), McNemar p = 3e-9: more than chance explains."
    private static string Beats(ComparisonEntry best, ComparisonEntry second, McNemarTest test)
    {
        var points = Points(best, second);
        var digits = Digits(points);
        return points == 0
            ? $"{best.Name} and {second.Name} are equally accurate ({Percent(best, digits)}); {Tie(best, second)}, McNemar {P(test)}."
            : $"{best.Name} beats {second.Name} by {PointsText(points)} ({Percent(best, digits)} against {Percent(second, digits)}), McNemar {P(test)}: {Judge(test)}.";
    }

    private static string Behind(ComparisonEntry entry, ComparisonEntry best, McNemarTest test)
    {
        var points = Points(best, entry);
        return points == 0
            ? $"as accurate as {best.Name}, {P(test)}"
            : $"{PointsText(points)} behind {best.Name}, {P(test)}: {Judge(test)}";
    }

    private static string Tie(ComparisonEntry best, ComparisonEntry second) =>
        best.Metrics.Loss < second.Metrics.Loss ? $"{best.Name} has the lower loss" : "their losses are equal too";

    private static string Judge(McNemarTest test) =>
        test.PValue < Significance ? "more than chance explains" : "could be chance";

    private static double Points(ComparisonEntry best, ComparisonEntry entry) =>
        100.0 * (entry.Metrics.Errors - best.Metrics.Errors) / best.Metrics.Samples;

    // As many decimals as it takes to see the difference.
    private static int Digits(double points) =>
        points is 0 or >= 0.095 ? 1
        : points >= 0.0095 ? 2
        : 4;

    private static string PointsText(double points)
    {
        var text = points.ToString("F" + Digits(points), CultureInfo.InvariantCulture);
        return text == "1.0" ? "1.0 point" : text + " points";
    }

    private static string Percent(ComparisonEntry entry, int digits) => Percentage.Of(entry.Metrics.Accuracy, digits);

    private static string P(McNemarTest test) =>
        test.PValue == 0 ? "p < 1e-300"
        : test.PValue < 0.001 ? "p = " + test.PValue.ToString("0e-0", CultureInfo.InvariantCulture)
        : "p = " + test.PValue.ToString("G2", CultureInfo.InvariantCulture);

    private static IEnumerable<ComparisonEntry> Distinct(IEnumerable<ComparisonEntry> entries)
    {
        var names = new DistinctNames();
        foreach (var entry in entries)
        {
            var name = names.Take(entry.Name);
            yield return entry with
            {
                Name = name,
                Metrics = entry.Metrics with { Name = name },
            };
        }
    }
}
