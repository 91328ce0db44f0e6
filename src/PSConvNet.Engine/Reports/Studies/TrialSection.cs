using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>All trials: their history as a picture, and a table with the best first.</summary>
internal static class TrialSection
{
    private const int MostAtOnce = 25;
    private const int MostListed = 500;

    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup, StudyFindings findings)
    {
        SweepTrial[] trials =
        [
            .. findings.Ranked,
            .. findings
                .Trials.Except(findings.Ranked)
                .OrderBy(Place)
                .ThenByDescending(trial => trial.Epochs)
                .ThenBy(trial => findings.Settings.LossOf(trial.Value))
                .ThenBy(trial => trial.Id),
        ];
        if (trials.Length == 0)
            return Section("trials", "Trials", 2, Paragraph("There are none yet."));
        var listed = Math.Min(trials.Length, MostListed);
        var order = findings.Ranked.Count == trials.Length ? "the best first" : "completed ones first, the best on top";
        var rest = ReportText.Of($"Those from {MostAtOnce + 1} to {listed} of {trials.Length:N0}");
        return Section(
            "trials",
            "Trials",
            2,
            markup.Figure(
                new SweepHistory(findings.Settings.Space, findings.Trials, findings.Objective, findings.Name),
                "The result of each trial, and the best so far."
            ),
            TrialTable.Write(
                markup,
                findings,
                trials.Length <= MostAtOnce
                    ? $"{Counted.Of(trials.Length, "trial")}, {order}"
                    : ReportText.Of($"The first {MostAtOnce} of {trials.Length:N0} trials, {order}"),
                trials[..Math.Min(MostAtOnce, trials.Length)]
            ),
            listed > MostAtOnce
                ? Details(rest, TrialTable.Write(markup, findings, rest, trials[MostAtOnce..listed]))
                : null,
            trials.Length > listed
                ? Paragraph(
                    $"{Counted.Of(trials.Length - listed, "trial")} more are left out here; Get-SweepTrial returns all of them."
                )
                : null
        );
    }

    /// <summary>Behind those that are completed: first who came far, last who can't.</summary>
    private static int Place(SweepTrial trial) =>
        trial.State switch
        {
            TrialState.Pruned => 0,
            TrialState.Running => 1,
            TrialState.Waiting => 2,
            _ => 3,
        };
}
