using System.Globalization;
using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>How good the models are, in a sentence and a table.</summary>
internal static class ResultSection
{
    private const string NeedsData =
        "The test part of a data set shows how good a model is on new images: write the report with -Data.";

    private static readonly TextColumn[] s_columns =
    [
        new("Model"),
        new("Accuracy", RightAligned: true),
        new("95 % interval", RightAligned: true),
        new("Errors", RightAligned: true),
        new("Loss", RightAligned: true),
        new("Parameters", RightAligned: true),
        new("Trained", RightAligned: true),
        new("Images/s", RightAligned: true),
    ];

    private static readonly TextColumn[] s_compared =
    [
        .. s_columns[..4],
        new("Points", RightAligned: true),
        new("McNemar p", RightAligned: true),
        .. s_columns[4..],
    ];

    /// <summary>The sentence that sums everything up.</summary>
    public static string Verdict(IReadOnlyList<ReportSubject> subjects, Dataset? data)
    {
        if (subjects is [{ Metrics: { } metrics } only])
        {
            return ReportText.Of(
                $"{only.Name} classifies {ReportText.Percent(metrics.Accuracy)} of {metrics.Samples:N0} test images of {data!.Name} correctly (95 % interval {metrics.Interval})."
            );
        }
        return subjects[0].Metrics is null
            ? string.Join(' ', subjects.Take(3).Select(Learned))
            : ModelComparison.Compare(subjects.Select(subject => subject.Entry))[0].Summary;
    }

    /// <summary>The section.</summary>
    public static XElement Write(
        ReportMarkup markup,
        IReadOnlyList<ReportSubject> subjects,
        Dataset? data,
        string id = "result",
        string title = "Result"
    )
    {
        if (subjects[0].Metrics is null)
        {
            return Section(
                id,
                title,
                2,
                subjects.Select(subject => Paragraph(Learned(subject))).ToArray(),
                Paragraph(data is null ? NeedsData : $"{data.Name} has no test images to measure on.")
            );
        }
        var rows = ModelComparison.Compare(subjects.Select(subject => subject.Entry));
        var several = rows.Count > 1;
        return Section(
            id,
            title,
            2,
            markup.Table(
                ReportText.Of($"Measured on {subjects[0].Metrics!.Samples:N0} test images of {data!.Name}")
                    + (several ? ", the most accurate first" : ""),
                several ? s_compared : s_columns,
                rows.Select(row => Row(row, several))
            ),
            // Of two, the verdict at the top says it all.
            rows.Count > 2
                ? Tag("ul", rows.Skip(1).Select(row => Tag("li", Name(row.Name), ": ", row.Verdict, ".")).ToArray())
                : null,
            Tag("p", With("class", "aside"), Explanation(several))
        );
    }

    /// <summary>One of several models in a sentence.</summary>
    public static XElement Sentence(ReportSubject subject) =>
        Paragraph(
            subject.Metrics is { } metrics
                ? ReportText.Of(
                    $"{ReportText.Percent(metrics.Accuracy)} right (95 % interval {metrics.Interval}), {Counted.Of(metrics.Errors, "error")} in {metrics.Samples:N0}, loss {metrics.Loss:F4}."
                )
                : Learned(subject)
        );

    private static string Learned(ReportSubject subject)
    {
        if (subject.Runs.Count == 0)
            return $"{subject.Name} has not been trained.";
        var run = subject.Runs[^1];
        if (run.History.Count == 0)
            return $"The training of {subject.Name} on {run.DatasetName} ended before the end of its first epoch.";
        var last = run.History[^1];
        var validation = last.ValidationAccuracy is { } accuracy
            ? $" and {ReportText.Percent(accuracy)} of its validation images"
            : "";
        return ReportText.Of(
            $"{subject.Name} was trained on {Counted.Of(run.TrainingImages, "image")} of {run.DatasetName}; in its last epoch it classified {ReportText.Percent(last.Accuracy)} of them{validation} correctly."
        );
    }

    private static IReadOnlyList<object> Row(ModelComparisonRow row, bool several) =>
        [
            Name(row.Name),
            ReportText.Percent(row.Accuracy),
            $"{Percentage.Number(row.Interval.Lower)} to {Percentage.Of(row.Interval.Upper)}",
            ReportText.Of($"{row.Errors:N0}"),
            .. several ? (string[])[row.Test is null ? "" : ReportText.Of($"{row.Difference:F2}"), P(row.PValue)] : [],
            ReportText.Of($"{row.Loss:F4}"),
            ReportText.Of($"{row.Parameters:N0}"),
            row.TrainingSeconds is { } seconds ? ReportText.Duration(seconds) : "",
            row.ImagesPerSecond is { } speed ? ReportText.Of($"{speed:N0}") : "",
        ];

    private static string P(double? p) =>
        p switch
        {
            null => "",
            0 => "below 1e-300",
            < 0.001 => p.Value.ToString("0e-0", CultureInfo.InvariantCulture),
            _ => p.Value.ToString("G2", CultureInfo.InvariantCulture),
        };

    private static string Explanation(bool several) =>
        "The interval (Wilson's) most likely contains the accuracy on very many such images. Loss is the mean cross-entropy, in nats. Trained is the total time of all training runs."
        + (
            several
                ? " Points is the difference to the best in percentage points; p (McNemar's test) is the probability of so large a difference by chance alone."
                : ""
        );
}
