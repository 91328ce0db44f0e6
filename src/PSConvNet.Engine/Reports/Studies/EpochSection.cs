using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>How far trials came, and where they were stopped.</summary>
internal static class EpochSection
{
    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup, StudyFindings findings)
    {
        var isPruned = findings.Settings.Pruner.Kind != SweepPruner.None;
        return Section(
            "epochs",
            "Progress of the trials",
            2,
            findings.Trials.All(trial => trial.Epochs == 0)
                ? Paragraph("No trial has completed its first epoch yet.")
                : markup.Figure(
                    new SweepRungs(findings.Settings.Space, findings.Trials, findings.Objective, findings.Name),
                    isPruned
                        ? $"Epoch by epoch; a ring marks where {findings.Settings.Pruner} stopped a trial."
                        : "Epoch by epoch."
                )
        );
    }
}
