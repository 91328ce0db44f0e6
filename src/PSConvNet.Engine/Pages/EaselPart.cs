using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Pages;

/// <summary>Where the reader draws: the pad, the pen, and what becomes of the picture.</summary>
internal static class EaselPart
{
    private static readonly (string Keys, string What)[] s_keys =
    [
        ("Arrow keys", "move the cursor by one pixel of the network's picture; with Shift by four"),
        ("Space, Enter", "put the pen down or lift it"),
        ("Escape", "lifts the pen"),
        ("Backspace, Ctrl Z", "undo"),
        ("Delete", "clears the pad"),
    ];

    /// <summary>The pad, and what is said of what is on it.</summary>
    public static XElement Pad() =>
        Tag(
            "section",
            With("class", "easel"),
            With("id", "easel"),
            With("aria-labelledby", "picture"),
            Tag("h2", With("id", "picture"), "The picture"),
            Canvas(),
            Tag("p", With("class", "aside"), With("id", "source"), With("dir", "auto")),
            Tag("p", With("class", "failed"), With("id", "failed"), With("role", "alert")),
            Tag("p", With("class", "unseen"), With("id", "said"), With("role", "status"))
        );

    /// <summary>The pen, other pictures, and what the models see.</summary>
    /// <param name="inColour">Whether a pen has colours.</param>
    /// <param name="prepares">Whether pictures are prepared for a model.</param>
    /// <param name="seen">What the models see: a canvas for each, with its caption.</param>
    public static XElement Tools(bool inColour, bool prepares, IReadOnlyList<(int Model, string Words)> seen) =>
        Tag(
            "section",
            With("class", "bench"),
            With("aria-label", "Pen and preparation"),
            Pen(inColour),
            Tag(
                "div",
                With("class", "seen"),
                seen.Select((entry, i) => Seen(entry.Words, i)).ToArray(),
                prepares ? Choice() : null
            ),
            Keys()
        );

    private static XElement Canvas() =>
        Tag(
            "div",
            With("class", "pad"),
            Tag(
                "canvas",
                With("id", "pad"),
                With("tabindex", "0"),
                With("role", "application"),
                With("aria-label", "Pad to draw on"),
                With("aria-describedby", "keys")
            ),
            Tag("div", With("id", "cursor"), With("hidden", "hidden")),
            Tag("div", With("id", "hint"), With("aria-hidden", "true"), "Draw here")
        );

    private static XElement Pen(bool inColour) =>
        Tag(
            "div",
            With("class", "tools"),
            Button("undo", "Undo"),
            Button("clear", "Clear"),
            inColour ? Button("fill", "Fill") : null,
            Button("choose", "Open a picture"),
            Tag(
                "input",
                With("type", "file"),
                With("id", "chooser"),
                With("accept", "image/*"),
                With("hidden", "hidden"),
                With("aria-label", "A picture")
            ),
            Tag(
                "label",
                With("class", "pen"),
                Tag("span", "Pen"),
                Tag(
                    "input",
                    With("type", "range"),
                    With("id", "width"),
                    With("min", "2"),
                    With("max", "20"),
                    With("value", "8")
                )
            ),
            inColour
                ? Tag(
                    "label",
                    With("class", "pen"),
                    Tag("span", "Colour"),
                    Tag("input", With("type", "color"), With("id", "colour"), With("value", "#ffffff"))
                )
                : null
        );

    private static XElement Button(string id, string words) =>
        Tag("button", With("type", "button"), With("id", id), words);

    private static XElement Seen(string words, int number) =>
        Tag(
            "figure",
            Tag(
                "canvas",
                With("id", $"seen-{number}"),
                With("role", "img"),
                With("aria-labelledby", $"seen-{number}-words")
            ),
            Tag("figcaption", With("id", $"seen-{number}-words"), words)
        );

    private static XElement Choice() =>
        Tag(
            "fieldset",
            Tag("legend", "The picture is given to the network"),
            Radio("prepared", "prepared: fitted and centred like the images it learned from", isChosen: true),
            Radio("as-drawn", "as drawn", isChosen: false)
        );

    private static XElement Radio(string id, string words, bool isChosen) =>
        Tag(
            "label",
            Tag(
                "input",
                With("type", "radio"),
                With("name", "input"),
                With("id", id),
                isChosen ? With("checked", "checked") : null
            ),
            Tag("span", words)
        );

    private static XElement Keys() =>
        Details(
            "Drawing with the keyboard",
            Tag(
                "div",
                With("id", "keys"),
                Paragraph("On the pad:"),
                Tag("dl", s_keys.SelectMany(key => new[] { Tag("dt", key.Keys), Tag("dd", key.What) }).ToArray()),
                Paragraph("A picture can also be dropped on the page or pasted.")
            )
        );
}
