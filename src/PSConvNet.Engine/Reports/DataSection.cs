using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>What the images are: where they come from, a sample, how many of each class.</summary>
internal static class DataSection
{
    private const int MostClassesAtOnce = 20;

    private static readonly TextColumn[] s_columns =
    [
        new("Class"),
        new("Training images", RightAligned: true),
        new("Share", RightAligned: true),
        new("Test images", RightAligned: true),
        new("Share", RightAligned: true),
    ];

    /// <summary>The section; without the data set, what the trainings remember of it.</summary>
    public static XElement Write(ReportMarkup markup, Dataset? data, IReadOnlyList<ReportSubject> subjects)
    {
        if (data is null)
            return Section("data", "Data", 2, Remembered(subjects));
        var (train, test) = DatasetMeasure.Of(data) switch
        {
            [var first, var second] => (first, second),
            _ => throw new InvalidOperationException("A data set has two parts."),
        };
        return Section(
            "data",
            "Data",
            2,
            Tag(
                "dl",
                Facts(data, train, test)
                    .SelectMany(fact => (XElement[])[Tag("dt", fact.Name), Tag("dd", fact.Value)])
                    .ToArray()
            ),
            data.Train.Count > 0
                ? markup.Figure(ReportPictures.Sample(data), "Some of the training images, each with its class.")
                : null,
            Counts(markup, train, test)
        );
    }

    private static IEnumerable<XElement> Remembered(IReadOnlyList<ReportSubject> subjects)
    {
        var known = subjects
            .SelectMany(subject => subject.Runs)
            .Select(run => ReportText.Of($"{run.DatasetName}, {run.TrainingImages:N0} training images"))
            .Distinct()
            .ToList();
        if (known.Count > 0)
            yield return Tag("ul", known.Select(text => Tag("li", Name(text))).ToArray());
        yield return Paragraph(
            "A model doesn't store its images. Write the report with -Data to show a sample of them, their classes, and the model's mistakes."
        );
    }

    private static IEnumerable<(string Name, string Value)> Facts(
        Dataset data,
        DatasetMeasure train,
        DatasetMeasure test
    ) =>
        [
            ("Data set", data.Name),
            ("Source", data.Source),
            ("Images", ReportText.Of($"{train.Count:N0} for training, {test.Count:N0} for testing, each {data.Shape}")),
            ("Classes", ReportText.Of($"{data.ClassNames.Count:N0}")),
            .. train.Count > 0
                ? ((string, string)[])
                    [
                        (
                            "Brightness",
                            ReportText.Of(
                                $"mean {train.Mean:F3}, standard deviation {train.StandardDeviation:F3}, on a scale from 0 to 1"
                            )
                        ),
                    ]
                : [],
        ];

    private static XElement Counts(ReportMarkup markup, DatasetMeasure train, DatasetMeasure test)
    {
        var table = markup.Table(
            "Number of images of each class",
            s_columns,
            train.Classes.Zip(
                test.Classes,
                (learned, measured) =>
                    (IReadOnlyList<object>)
                        [
                            Name(learned.Name),
                            ReportText.Of($"{learned.Count:N0}"),
                            Share(learned, train),
                            ReportText.Of($"{measured.Count:N0}"),
                            Share(measured, test),
                        ]
            )
        );
        return train.Classes.Count <= MostClassesAtOnce
            ? table
            : Details(ReportText.Of($"Number of images of each of the {train.Classes.Count:N0} classes"), table);
    }

    private static string Share(ClassCount count, DatasetMeasure part) =>
        part.Count == 0 ? "" : Percentage.Of(count.Share, 1);
}
