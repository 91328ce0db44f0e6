using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>Trials as a table: what they came to, with what, and what that took.</summary>
internal static class TrialTable
{
    /// <summary>The table.</summary>
    /// <param name="markup">Makes its pieces.</param>
    /// <param name="findings">The study.</param>
    /// <param name="caption">Which trials these are.</param>
    /// <param name="trials">The trials, in their order.</param>
    public static XElement Write(
        ReportMarkup markup,
        StudyFindings findings,
        string caption,
        IReadOnlyList<SweepTrial> trials
    )
    {
        var columns = Columns(findings, trials).ToList();
        return markup.Table(
            caption,
            [.. columns.Select(column => column.Column)],
            trials.Select(trial => (IReadOnlyList<object>)[.. columns.Select(column => column.Cell(trial))])
        );
    }

    /// <summary>A column that would say nothing new of these trials is left out.</summary>
    private static IEnumerable<(TextColumn Column, Func<SweepTrial, object> Cell)> Columns(
        StudyFindings findings,
        IReadOnlyList<SweepTrial> trials
    )
    {
        var objective = findings.Objective;
        yield return (new("Trial", RightAligned: true), trial => trial.Id.ToString());
        if (trials.Any(trial => trial.State != TrialState.Completed))
            yield return (new("State"), trial => TrialText.State(trial.State));
        yield return (
            new(ReportText.Capital(TrialText.Named(objective)), RightAligned: true),
            trial => TrialText.Value(trial.Value, objective)
        );
        if (trials.Any(trial => trial.Replicates.Count > 0))
            yield return (new("With other seeds", RightAligned: true), trial => TrialText.Mean(trial, objective));
        var parameters = findings.Settings.Space.Parameters;
        foreach (var parameter in parameters.Where(p => trials.Any(trial => trial.Parameters.ContainsKey(p.Name))))
            yield return (
                new(parameter.Name, RightAligned: !parameter.IsCategorical),
                trial =>
                    trial.Parameters.TryGetValue(parameter.Name, out var value)
                        ? Name(SweepValue.ToShortText(value))
                        : ""
            );
        yield return (
            new("Weights", RightAligned: true),
            trial => trial.ParameterCount is { } weights ? ReportText.Of($"{weights:N0}") : ""
        );
        yield return (new("Epochs", RightAligned: true), trial => ReportText.Of($"{trial.Epochs:N0}"));
        yield return (new("Work", RightAligned: true), trial => ReportText.Duration(trial.Seconds));
    }
}
