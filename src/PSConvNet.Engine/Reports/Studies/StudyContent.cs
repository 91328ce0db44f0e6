using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>A page about a study: what comes in which order.</summary>
internal sealed class StudyContent(StudyFindings findings, ModelReportOptions options) : IReportContent
{
    private const string Test = "The best on the test images";

    /// <inheritdoc />
    public string Title { get; } = options.Title ?? $"{findings.Name}: a sweep on {findings.Study.DatasetName}";

    /// <inheritdoc />
    public string Verdict { get; } =
        TrialText.Verdict(findings)
        + (
            findings.Models is [{ Metrics: not null }, ..]
                ? $" On the test images: {ResultSection.Verdict(findings.Models, findings.Data)}"
                : ""
        );

    /// <inheritdoc />
    public IEnumerable<Func<XElement>> Sections(ReportMarkup markup)
    {
        yield return () => BestSection.Write(markup, findings);
        if (findings.Models is [{ Metrics: not null }, ..])
            yield return () => ResultSection.Write(markup, findings.Models, findings.Data, "test", Test);
        yield return () => TrialSection.Write(markup, findings);
        yield return () => SpaceSection.Write(markup, findings);
        if (findings.Settings.Pruner.Kind != SweepPruner.None || findings.Trials.Any(trial => trial.Epochs > 1))
            yield return () => EpochSection.Write(markup, findings);
        yield return () => StudySettingSection.Write(markup, findings);
        if (findings.Data is { } data)
            yield return () => DataSection.Write(markup, data, []);
        if (findings.Models is [var best, ..])
            yield return () =>
                ModelContent.Whole(
                    markup,
                    best,
                    options,
                    "best-model",
                    $"The network of {best.Name}",
                    withCurves: true
                );
        if (findings.Trials.Any(trial => trial.State == TrialState.Failed))
            yield return () => FailureSection.Write(markup, findings);
        yield return () => EnvironmentSection.Write(markup);
        yield return () => StudyScript.Section(findings, options);
    }
}
