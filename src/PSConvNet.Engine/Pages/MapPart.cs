using System.Globalization;
using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Pages;

/// <summary>Where the reader sees what a layer makes of the picture.</summary>
internal static class MapPart
{
    /// <summary>The part.</summary>
    public static XElement Write(IReadOnlyList<PageModel> models) =>
        Section(
            "feature-maps",
            "Feature maps",
            2,
            Paragraph(
                "The feature maps of a layer: dark for its lowest values, bright for its highest, on a separate scale for each layer."
            ),
            Tag(
                "p",
                Tag("label", With("for", "layer"), "Layer "),
                Tag("select", With("id", "layer"), models.Select(Group).ToArray())
            ),
            Tag(
                "figure",
                Tag("canvas", With("id", "maps"), With("role", "img"), With("hidden", "hidden")),
                Tag("figcaption", With("id", "maps-words"))
            )
        );

    private static XElement Group(PageModel model, int number) =>
        Tag(
            "optgroup",
            With("label", model.Name),
            model
                .Model.Summary.Layers.Select((layer, i) => (Layer: layer, Number: i))
                .Where(entry => entry.Layer.Layer.ChangesValues)
                .Select(entry =>
                    Tag(
                        "option",
                        With("value", string.Create(CultureInfo.InvariantCulture, $"{number}/{entry.Number}")),
                        $"{model.Name}, {entry.Layer.Name}: {entry.Layer.OutputShape.ToString().Replace('x', '×')}"
                    )
                )
                .ToArray()
        );
}
