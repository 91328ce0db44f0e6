using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>What a model takes for what: the confusion matrix, the most frequent confusions, each class.</summary>
internal static class ConfusionSection
{
    /// <summary>As many as a table is read with; beyond, the list of confusions says the same.</summary>
    private const int MostClassesInTable = 40;

    private const int MostClassesAtOnce = 20;
    private const int MostFrequent = 10;
    private const int MostListed = 500;

    private static readonly TextColumn[] s_confusions =
    [
        new("Class"),
        new("Taken for"),
        new("Images", RightAligned: true),
        new("Share of the class", RightAligned: true),
    ];

    private static readonly TextColumn[] s_classes =
    [
        new("Class"),
        new("Images", RightAligned: true),
        new("Right", RightAligned: true),
        new("Precision", RightAligned: true),
        new("Recall", RightAligned: true),
        new("F1", RightAligned: true),
    ];

    /// <summary>The section; of a model that was not measured, why it is empty.</summary>
    public static XElement Write(ReportMarkup markup, ReportSubject subject, string id, int level)
    {
        const string title = "Confusion matrix";
        if (subject.Metrics is not { } metrics)
            return Section(
                id,
                title,
                level,
                Paragraph("The confusion matrix is measured on test images; write the report with -Data.")
            );
        var confusions = Confusions(metrics).ToList();
        return Section(
            id,
            title,
            level,
            markup.Figure(
                ReportPictures.Confusion(metrics),
                "A row for each true class, a column for each answer; right answers are on the diagonal."
            ),
            confusions.Count == 0
                ? Paragraph("There are no confusions.")
                : List(markup, "The most frequent confusions", confusions.Take(MostFrequent)),
            Whole(markup, metrics, confusions),
            Classes(markup, metrics)
        );
    }

    /// <summary>Who is taken for whom, the most frequent first.</summary>
    private static IEnumerable<(ClassMetrics Truth, ClassMetrics Answer, int Count)> Confusions(ModelMetrics metrics) =>
        from truth in metrics.Classes
        from answer in metrics.Classes
        let count = metrics.ConfusionMatrix[truth.Label, answer.Label]
        where count > 0 && truth != answer
        orderby count descending
        select (truth, answer, count);

    private static XElement List(
        ReportMarkup markup,
        string caption,
        IEnumerable<(ClassMetrics Truth, ClassMetrics Answer, int Count)> confusions
    ) =>
        markup.Table(
            caption,
            s_confusions,
            confusions.Select(row =>
                (IReadOnlyList<object>)
                    [
                        Name(row.Truth.Name),
                        Name(row.Answer.Name),
                        ReportText.Of($"{row.Count:N0}"),
                        ReportText.Of($"{100.0 * row.Count / row.Truth.Support:F1} %"),
                    ]
            )
        );

    private static XElement? Whole(
        ReportMarkup markup,
        ModelMetrics metrics,
        List<(ClassMetrics Truth, ClassMetrics Answer, int Count)> confusions
    )
    {
        if (metrics.Classes.Count <= MostClassesInTable)
            return Details("The confusion matrix as a table", Matrix(markup, metrics));
        if (confusions.Count <= MostFrequent)
            return null;
        var listed = Math.Min(confusions.Count, MostListed);
        var summary =
            listed == confusions.Count
                ? ReportText.Of($"All {listed:N0} confusions")
                : ReportText.Of($"The first {listed:N0} of {confusions.Count:N0} confusions");
        return Details(summary, List(markup, summary, confusions.Take(listed)));
    }

    private static XElement Matrix(ReportMarkup markup, ModelMetrics metrics)
    {
        var table = markup.Table(
            "The number of images of the row's class that got the column's class as answer",
            [new("Class"), .. metrics.Classes.Select(c => new TextColumn(c.Name, RightAligned: true))],
            metrics.Classes.Select(truth =>
                (IReadOnlyList<object>)
                    [
                        Name(truth.Name),
                        .. metrics.Classes.Select(answer =>
                            ReportText.Of($"{metrics.ConfusionMatrix[truth.Label, answer.Label]:N0}")
                        ),
                    ]
            )
        );
        table.Elements().Single().SetAttributeValue("class", "matrix");
        return table;
    }

    private static XElement Classes(ReportMarkup markup, ModelMetrics metrics)
    {
        const string caption = "Precision, recall and F1 of each class";
        var table = markup.Table(
            caption,
            s_classes,
            metrics
                .Classes.Select(c =>
                    (IReadOnlyList<object>)
                        [
                            Name(c.Name),
                            ReportText.Of($"{c.Support:N0}"),
                            ReportText.Of($"{c.Correct:N0}"),
                            ReportText.Percent(c.Precision),
                            ReportText.Percent(c.Recall),
                            ReportText.Percent(c.F1),
                        ]
                )
                .Append([
                    "Macro average",
                    ReportText.Of($"{metrics.Samples:N0}"),
                    ReportText.Of($"{metrics.Samples - metrics.Errors:N0}"),
                    ReportText.Percent(metrics.MacroPrecision),
                    ReportText.Percent(metrics.MacroRecall),
                    ReportText.Percent(metrics.MacroF1),
                ])
        );
        return metrics.Classes.Count <= MostClassesAtOnce ? table : Details(caption, table);
    }
}
