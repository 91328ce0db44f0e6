using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>The images that a model is most sure about, and wrong.</summary>
internal static class MistakeSection
{
    private static readonly TextColumn[] s_columns =
    [
        new("Test image", RightAligned: true),
        new("It is"),
        new("Taken for"),
        new("Probability of that", RightAligned: true),
        new("Of the truth", RightAligned: true),
    ];

    /// <summary>The section.</summary>
    public static XElement Write(
        ReportMarkup markup,
        ReportSubject subject,
        ModelReportOptions options,
        string id,
        int level
    )
    {
        const string title = "Worst mistakes";
        if (subject.Metrics is not { } metrics)
            return Section(
                id,
                title,
                level,
                Paragraph("Mistakes are found among the test images; write the report with -Data.")
            );
        if (metrics.Errors == 0)
            return Section(
                id,
                title,
                level,
                Paragraph(ReportText.Of($"There are none on {metrics.Samples:N0} test images."))
            );
        if (options.MistakeCount == 0)
            return Section(
                id,
                title,
                level,
                Paragraph(ReportText.Of($"There are {metrics.Errors:N0}; none is shown, because -MistakeCount is 0."))
            );
        var which =
            subject.Mistakes.Count == metrics.Errors
                ? $"All of its {Counted.Of(metrics.Errors, "mistake")}"
                : ReportText.Of($"{subject.Mistakes.Count:N0} of its {metrics.Errors:N0} mistakes");
        return Section(
            id,
            title,
            level,
            markup.Figure(ReportPictures.Mistakes(subject), $"{which}, the most confident first."),
            Details(
                "The mistakes as a table",
                markup.Table(
                    $"{which}, the most confident first; test images are numbered from 0",
                    s_columns,
                    subject.Mistakes.Select(Row)
                )
            )
        );
    }

    private static IReadOnlyList<object> Row(Prediction mistake) =>
        [
            ReportText.Of($"{mistake.Source}"),
            Name(mistake.TruthName!),
            Name(mistake.ClassName),
            Percentage.Of(mistake.Probability, 1),
            Percentage.Of(mistake.Probabilities[mistake.Truth!.Value], 1),
        ];
}
