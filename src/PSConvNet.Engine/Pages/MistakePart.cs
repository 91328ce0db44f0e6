using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Pages;

/// <summary>The images that a model gets most wrong, to be put on the pad.</summary>
internal static class MistakePart
{
    /// <summary>The part, or null where there are no mistakes to show.</summary>
    public static XElement? Write(IReadOnlyList<PageModel> models)
    {
        var wrong = models.Where(model => model.Mistakes.Count > 0).ToList();
        return wrong.Count == 0
            ? null
            : Section(
                "mistakes",
                "Worst mistakes",
                2,
                Paragraph("Test images, the most confident mistakes first. Choose one to put it on the pad."),
                wrong.Select(Gallery).ToArray()
            );
    }

    private static XElement Gallery(PageModel model, int number) =>
        Section(
            $"mistakes-{number}",
            model.Name,
            3,
            Tag(
                "ul",
                With("class", "gallery"),
                With("role", "list"),
                model.Mistakes.Select(m => Item(model, m)).ToArray()
            )
        );

    private static XElement Item(PageModel model, Prediction mistake)
    {
        var words =
            $"Test image {mistake.Source} is {mistake.TruthName}; {model.Name} says {mistake.ClassName}, "
            + $"{Percentage.Of(mistake.Probability, 1)}.";
        return Tag(
            "li",
            Tag(
                "button",
                With("type", "button"),
                With("class", "mistake"),
                With("aria-label", words),
                With("data-words", words),
                With("data-pixels", TextBytes.Of(mistake.Image!.Pixels.Span)),
                Tag("canvas"),
                Tag("span", Name(mistake.TruthName!), ", not ", Name(mistake.ClassName))
            )
        );
    }
}
