using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>The page as a whole: what is around its parts.</summary>
internal sealed class ReportPage(IReportContent content, ModelReportOptions options, CancellationToken cancellation)
{
    // Nothing is fetched and nothing runs, whatever a name or a picture might hold.
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    private readonly ReportMarkup _markup = new();

    /// <summary>The page's text.</summary>
    public string Write()
    {
        var sections = Sections().ToList();
        return HtmlText.Page(
            HtmlText.Head(content.Title, Policy, Tag("style", ReportStyle.Text)),
            Tag(
                "body",
                Tag("a", With("class", "skip"), With("href", "#main"), "Skip to the report"),
                Header(),
                Contents(sections),
                Tag("main", With("id", "main"), With("tabindex", "-1"), sections),
                HtmlText.Footer(
                    options.WrittenAt ?? DateTimeOffset.Now,
                    "This page contains no scripts and uses no network connection."
                )
            )
        );
    }

    private IEnumerable<XElement> Sections()
    {
        foreach (var section in content.Sections(_markup))
        {
            // Pictures take their time; who stops it is not kept waiting for all of them.
            cancellation.ThrowIfCancellationRequested();
            yield return section();
        }
    }

    private XElement Header() =>
        Tag(
            "header",
            Tag("h1", Name(content.Title)),
            Tag("p", With("class", "verdict"), content.Verdict),
            options.Note is { } note
                ? Tag(
                    "div",
                    With("class", "note"),
                    Paragraphs(note).Select(text => Tag("p", With("dir", "auto"), text))
                )
                : null
        );

    private static string[] Paragraphs(string note) =>
        note.ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static XElement Contents(IEnumerable<XElement> sections) =>
        Tag(
            "nav",
            With("aria-label", "Contents"),
            Tag(
                "ul",
                sections
                    .Select(section => section.Elements().First())
                    .Select(heading =>
                        Tag("li", Tag("a", With("href", "#" + heading.Attribute("id")!.Value), Name(heading.Value)))
                    )
                    .ToArray()
            )
        );
}
