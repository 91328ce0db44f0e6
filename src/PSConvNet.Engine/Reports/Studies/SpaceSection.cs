using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>What was varied, and what of it matters.</summary>
internal static class SpaceSection
{
    private const int MostValues = 12;

    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup, StudyFindings findings) =>
        Section(
            "space",
            "What was varied",
            2,
            Parameters(markup, findings.Settings),
            Coordinates(markup, findings),
            Importance(markup, findings)
        );

    private static XElement Parameters(ReportMarkup markup, StudySettings settings)
    {
        var (space, isGrid) = (settings.Space, settings.Sampler == SweepSampler.Grid);
        TextColumn[] columns =
        [
            new("Parameter"),
            new("Kind"),
            new("Values"),
            .. isGrid ? (TextColumn[])[new("On the grid")] : [],
            .. space.Conditions.Count > 0 ? (TextColumn[])[new("Only when")] : [],
        ];
        return markup.Table(
            Counted.Of(space.Parameters.Count, "parameter"),
            columns,
            space.Parameters.Select(parameter =>
                (IReadOnlyList<object>)
                    [
                        Name(parameter.Name),
                        Kind(parameter),
                        Name(parameter.Range),
                        .. isGrid ? (object[])[Name(Grid(parameter, settings.GridPoints))] : [],
                        .. space.Conditions.Count > 0
                            ? (object[])
                                [
                                    space.Conditions.TryGetValue(parameter.Name, out var condition)
                                        ? Tag("code", condition.Text.Trim())
                                        : "",
                                ]
                            : [],
                    ]
            )
        );
    }

    private static string Grid(SweepParameter parameter, int points)
    {
        string[] values = [.. parameter.Grid(points).Distinct().Select(SweepValue.ToShortText)];
        return string.Join(", ", values.Take(MostValues))
            + (values.Length > MostValues ? ReportText.Of($" and {values.Length - MostValues:N0} more") : "");
    }

    private static string Kind(SweepParameter parameter) =>
        parameter switch
        {
            ChoiceParameter => "choice",
            IntegerParameter => "whole number",
            LogUniformParameter => "number, by factors",
            _ => "number",
        };

    private static XElement? Coordinates(ReportMarkup markup, StudyFindings findings) =>
        findings.Trials.Count == 0
            ? null
            : markup.Figure(
                new ParallelCoordinates(findings.Settings.Space, findings.Trials, findings.Objective, findings.Name),
                "Each line is a trial and goes through all its parameters; the better the trial, the more orange its line."
            );

    private static XElement Importance(ReportMarkup markup, StudyFindings findings)
    {
        try
        {
            return markup.Figure(
                new ParameterImportance(findings.Settings.Space, findings.Trials, findings.Objective, findings.Name),
                "The share of the differences between trials that each parameter alone explains (functional analysis of variance on a random forest)."
            );
        }
        catch (ConvNetException e) when (e.ErrorId is ErrorIds.SweepTooFewTrials or ErrorIds.SweepEmpty)
        {
            return Paragraph(
                ReportText.Of(
                    $"It can't be told yet which parameters matter: at least {SweepImportance.LeastTrials} trials with equally many epochs are needed."
                )
            );
        }
    }
}
