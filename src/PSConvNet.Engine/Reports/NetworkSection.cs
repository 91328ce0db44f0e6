using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>What a model is made of.</summary>
internal static class NetworkSection
{
    private static readonly TextColumn[] s_columns =
    [
        new("Layer"),
        new("Description"),
        new("Output shape", RightAligned: true),
        new("Parameters", RightAligned: true),
    ];

    /// <summary>The section.</summary>
    public static XElement Write(ReportMarkup markup, ReportSubject subject, string id, int level)
    {
        var summary = subject.Model.Summary;
        return Section(
            id,
            "Network",
            level,
            Paragraph(
                ReportText.Of(
                    $"Samples of {summary.InputShape} become {summary.OutputShape} through {Counted.Of(summary.Layers.Count, "layer")} with {Counted.Of(summary.ParameterCount, "parameter")} ({summary.ParameterCount * 4.0 / 1048576:N2} MB), {Trained(summary)}."
                )
            ),
            markup.Table(
                $"The layers of {subject.Name}, first to last",
                s_columns,
                summary.Layers.Select(row =>
                    (IReadOnlyList<object>)
                        [
                            Name(row.Name),
                            row.Layer.ToString(),
                            row.OutputShape.ToString(),
                            ReportText.Of($"{row.Parameters:N0}"),
                        ]
                )
            ),
            subject.Model.Warnings.Select(warning => Paragraph(warning)).ToArray(),
            Details(
                "The network as a picture",
                markup.Figure(
                    new ModelDiagram(subject.Model),
                    "From top to bottom, with the shape of the data between the layers."
                )
            )
        );
    }

    private static string Trained(ModelSummary summary) =>
        summary.NonTrainableParameterCount == 0
            ? "all of them trained"
            : ReportText.Of(
                $"{summary.TrainableParameterCount:N0} of them trained and {summary.NonTrainableParameterCount:N0} measured during training"
            );
}
