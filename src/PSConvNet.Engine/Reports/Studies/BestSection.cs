using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>How the sweep went, its best trials, how far these may be luck, and what is missing.</summary>
internal static class BestSection
{
    private const int Most = 20;

    private const string Explanation =
        "The best trial's result on the held-out images is too optimistic, because the trial was chosen by it. Repetitions with other seeds and the test images had no part in the choice, so rely on their results.";

    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup, StudyFindings findings)
    {
        SweepTrial[] best = [.. findings.Ranked.Take(Math.Min(findings.Settings.Best, Most))];
        return Section(
            "result",
            "Result",
            2,
            findings.Trials.Count == 0 ? null : Paragraph(TrialText.Counts(findings)),
            findings.Missing.Count == 0
                ? null
                : Tag("ul", findings.Missing.Select(sentence => Tag("li", sentence)).ToArray()),
            best.Length == 0
                ? null
                : (object[])
                    [
                        TrialTable.Write(markup, findings, Caption(best.Length), best),
                        Tag("p", With("class", "aside"), Explanation + Margin(best)),
                    ]
        );
    }

    private static string Caption(int count) =>
        count == 1
            ? "The best trial, on images held out of the training part"
            : ReportText.Of($"The best {count} trials, on images held out of the training part");

    private static string Margin(SweepTrial[] best) =>
        (best.Any(trial => trial.Mean is not null) ? " The order is that of the repetitions' means." : "")
        + (
            best.Any(trial => trial.MeanMargin is not null)
                ? " The number after ± is half the 95 % interval of the repetitions' mean (Student's t), which is wide with two of them."
                : ""
        )
        + (
            best.Any(trial => trial is { Mean: not null, MeanMargin: null })
                ? " A mean without ± comes from a single repetition or from equal ones, which don't show the spread."
                : ""
        );
}
