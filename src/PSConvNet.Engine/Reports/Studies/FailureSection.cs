using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>The trials that failed, and why.</summary>
internal static class FailureSection
{
    private const int Most = 50;

    private static readonly TextColumn[] s_columns =
    [
        new("Trial", RightAligned: true),
        new("Error"),
        new("Why"),
        new("Parameters"),
    ];

    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup, StudyFindings findings)
    {
        SweepTrial[] failed = [.. findings.Trials.Where(trial => trial.State == TrialState.Failed)];
        return Section(
            "failed",
            "Failed trials",
            2,
            markup.Table(
                failed.Length <= Most
                    ? $"{Counted.Of(failed.Length, "trial")} that can't be run"
                    : ReportText.Of($"The first {Most} of {failed.Length:N0} trials that can't be run"),
                s_columns,
                failed.Take(Most).Select(Row)
            ),
            failed.Length > Most
                ? Paragraph(
                    $"{Counted.Of(failed.Length - Most, "trial")} more are left out here; Get-SweepTrial -State Failed lists all of them."
                )
                : null
        );
    }

    private static IReadOnlyList<object> Row(SweepTrial trial) =>
        [
            trial.Id.ToString(),
            trial.ErrorId ?? "",
            Tag("div", With("class", "words"), With("dir", "auto"), trial.Reason ?? ""),
            Tag("div", With("class", "words"), Name(trial.Parameters.ToString())),
        ];
}
