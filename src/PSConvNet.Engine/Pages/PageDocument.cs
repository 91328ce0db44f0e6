using System.Text.Json.Nodes;
using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Pages;

/// <summary>The page as a whole: what there is to see and do, what the scripts read, and the scripts.</summary>
internal sealed class PageDocument
{
    private readonly IReadOnlyList<PageModel> _models;
    private readonly ModelPageOptions _options;
    private readonly ReportMarkup _markup = new();
    private readonly string _names;

    public PageDocument(IReadOnlyList<PageModel> models, ModelPageOptions options)
    {
        (_models, _options) = (models, options);
        _names = ReportText.List([.. models.Select(model => model.Name)]);
        Title = options.Title ?? $"Draw for {_names}";
    }

    /// <summary>The page's title.</summary>
    public string Title { get; }

    /// <summary>Whether a picture is in colour for any of the models.</summary>
    private bool InColour => _models.Any(model => model.Model.InputShape.Dimensions is [_, _, 3]);

    private bool Prepares => _models.Any(model => model.Model.Preparation is not null);

    /// <summary>The page's text.</summary>
    public string Write()
    {
        var network = PageScript.Script("network", PageScripts.Network);
        var reader = PageScript.Script("interface", PageScripts.Interface);
        var style = PageScript.Style(ReportStyle.Text + PageScripts.Style);
        // Nothing is fetched, and nothing runs but the two scripts, whatever a name may hold; the worker is made of the first of them.
        var policy =
            $"default-src 'none'; script-src {network.Hash} {reader.Hash}; style-src {style.Hash}; img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'";
        return HtmlText.Page(
            HtmlText.Head(Title, policy, style.Element),
            Tag(
                "body",
                Tag("a", With("class", "skip"), With("href", "#pad"), "Skip to the pad"),
                Header(),
                Tag(
                    "main",
                    Tag(
                        "div",
                        With("class", "desk"),
                        EaselPart.Pad(),
                        Answers(),
                        EaselPart.Tools(InColour, Prepares, Seen())
                    ),
                    MapPart.Write(_models),
                    MistakePart.Write(_models),
                    ModelPart.Write(_markup, _models)
                ),
                HtmlText.Footer(
                    _options.WrittenAt ?? DateTimeOffset.Now,
                    "The networks run in this page. It uses no network connection and stores nothing."
                ),
                Data("page", "application/json", Describe().ToJsonString()),
                _models.Select((model, i) => Data($"weights-{i}", "text/plain", TextBytes.Of(model.Weights.Bytes))),
                network.Element,
                reader.Element
            )
        );
    }

    private XElement Header() =>
        Tag(
            "header",
            Tag("h1", Name(Title)),
            Tag(
                "p",
                With("class", "verdict"),
                AreDigits ? "Draw a digit" : "Draw something",
                ", or open a picture, and see what ",
                Name(_names),
                _models.Count == 1 ? " makes of it." : " make of it."
            ),
            Tag("noscript", Tag("p", With("class", "note"), "This page needs JavaScript to run the networks."))
        );

    private bool AreDigits =>
        _models.All(model => model.Classes.SequenceEqual(ClassName.Complete([], 10), StringComparer.Ordinal));

    private XElement Answers() =>
        Tag(
            "section",
            With("class", "answers"),
            With("id", "answers-all"),
            With("aria-labelledby", "answers"),
            Tag("h2", With("id", "answers"), _models.Count == 1 ? "The answer" : "The answers"),
            Tag("div", With("class", "panels"), _models.Select(Panel).ToArray()),
            Tag(
                "p",
                With("class", "warning"),
                With("id", "warning"),
                With("role", "status"),
                With("aria-live", "polite"),
                With("dir", "auto")
            )
        );

    private static XElement Panel(PageModel model, int number) =>
        Tag(
            "section",
            With("class", "panel"),
            With("id", $"answer-{number}"),
            With("aria-labelledby", $"name-{number}"),
            Tag("h3", With("id", $"name-{number}"), Name(model.Name)),
            Tag("p", Tag("bdi", With("class", "best"), "–"), " ", Tag("span", With("class", "share"))),
            Tag(
                "ul",
                With("class", "bars"),
                With("role", "list"),
                model
                    .Classes.Select(name =>
                        Tag(
                            "li",
                            Name(name),
                            Tag("span", With("class", "bar"), With("aria-hidden", "true"), Tag("span")),
                            Tag("span", With("class", "number"))
                        )
                    )
                    .ToArray()
            )
        );

    /// <summary>The different inputs that the models see: which model first sees each, and who all see it.</summary>
    private List<(int Model, string Words)> Seen() =>
        [
            .. _models
                .Select((model, number) => (Model: model, Number: number))
                .GroupBy(entry => (entry.Model.Model.InputShape, entry.Model.Model.Preparation))
                .Select(group =>
                    (
                        group.First().Number,
                        $"What {ReportText.List([.. group.Select(entry => entry.Model.Name)])} {(group.Count() == 1 ? "sees" : "see")}: {group.Key.InputShape[0]}\u00A0×\u00A0{group.Key.InputShape[1]} pixels"
                    )
                ),
        ];

    /// <summary>What the interface's script reads.</summary>
    private JsonObject Describe()
    {
        var shape = _models[0].Model.InputShape;
        var (ground, ink) = IsLightOnDark ? ("#000000", "#ffffff") : ("#ffffff", "#000000");
        return new JsonObject
        {
            ["shape"] = new JsonArray(shape[0], shape[1], InColour ? 3 : 1),
            ["ground"] = ground,
            ["ink"] = ink,
            ["polarity"] = IsLightOnDark ? "LightOnDark" : "DarkOnLight",
            ["palette"] = new JsonArray([.. ColourScale.Steps(64).Select(colour => (JsonNode)colour)]),
            ["seen"] = new JsonArray([.. Seen().Select(entry => (JsonNode)entry.Model)]),
            ["models"] = new JsonArray([.. _models.Select(model => model.Describe())]),
        };
    }

    /// <summary>Whether the pad is dark and the pen light, as the images are that the first model learned from.</summary>
    private bool IsLightOnDark => _models[0].Model.TrainingPixels is not { Mean: > 0.5 };

    /// <summary>Text that no browser runs or shows.</summary>
    private static XElement Data(string id, string type, string content) =>
        Tag("script", With("id", id), With("type", type), content);
}
