using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Pages;

/// <summary>What the page's networks are, and how near they are to the originals.</summary>
internal static class ModelPart
{
    private static readonly TextColumn[] s_columns =
    [
        new("Model"),
        new("Input"),
        new("Parameters", RightAligned: true),
        new("Epochs trained", RightAligned: true),
        new("Bits a weight", RightAligned: true),
        new("Size here", RightAligned: true),
    ];

    /// <summary>The part.</summary>
    public static XElement Write(ReportMarkup markup, IReadOnlyList<PageModel> models) =>
        Section(
            "networks",
            models.Count == 1 ? "The network" : "The networks",
            2,
            markup.Table("About this page", s_columns, models.Select(Row)),
            Paragraph(
                "Weights are rounded only so far that answers stay the same to a thousandth. The page's own script, which you can read in its source, computes each answer."
            )
        );

    private static IReadOnlyList<object> Row(PageModel model) =>
        [
            Name(model.Name),
            model.Model.InputShape.ToString(),
            ReportText.Of($"{model.Model.ParameterCount:N0}"),
            ReportText.Of($"{model.Model.TrainedEpochs:#,0.##}"),
            ReportText.Of($"{model.Weights.Bits}"),
            ReportText.Of($"{model.Weights.Bytes.Length / 1e6:0.00} MB"),
        ];
}
