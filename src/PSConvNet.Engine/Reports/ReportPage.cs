using System.Globalization;
using System.Xml;
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
        var page = Tag(
            "html",
            With("lang", "en"),
            Head(),
            Tag(
                "body",
                Tag("a", With("class", "skip"), With("href", "#main"), "Skip to the report"),
                Header(),
                Contents(sections),
                Tag("main", With("id", "main"), With("tabindex", "-1"), sections),
                Footer()
            )
        );
        ReportText.Clean(page);
        return "<!DOCTYPE html>\n" + Serialize(page) + "\n";
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

    private XElement Head() =>
        Tag(
            "head",
            Tag("meta", With("charset", "utf-8")),
            Tag("meta", With("http-equiv", "Content-Security-Policy"), With("content", Policy)),
            Tag("meta", With("name", "viewport"), With("content", "width=device-width, initial-scale=1")),
            Tag("meta", With("name", "color-scheme"), With("content", "light dark")),
            Tag("meta", With("name", "referrer"), With("content", "no-referrer")),
            Tag("meta", With("name", "generator"), With("content", $"PSConvNet {EnvironmentSection.Version}")),
            Tag("title", content.Title),
            // A page without an icon of its own makes browsers ask its server for one.
            Tag("link", With("rel", "icon"), With("href", "data:,")),
            Tag("style", ReportStyle.Text)
        );

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

    private XElement Footer()
    {
        var written = options.WrittenAt ?? DateTimeOffset.Now;
        return Tag(
            "footer",
            Tag(
                "p",
                "Written by PSConvNet ",
                EnvironmentSection.Version,
                " on ",
                Tag(
                    "time",
                    With("datetime", written.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)),
                    ReportText.Moment(written)
                ),
                ". This page holds no scripts and asks nothing of any network."
            )
        );
    }

    private static string Serialize(XElement page)
    {
        Break(page);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None };
        using (var writer = XmlWriter.Create(text, settings))
            page.Save(writer);
        return text.ToString();
    }

    /// <summary>Ends lines where a browser sees no difference, so that people can read the source, and compare two of them.</summary>
    private static void Break(XElement page)
    {
        string[] alone =
        [
            "head",
            "body",
            "header",
            "nav",
            "main",
            "section",
            "figure",
            "table",
            "tbody",
            "ul",
            "dl",
            "details",
            "footer",
        ];
        foreach (var element in page.DescendantsAndSelf().Where(e => alone.Contains(e.Name.LocalName)).ToList())
        {
            foreach (var child in element.Elements().ToList())
                child.AddBeforeSelf("\n");
            element.Add("\n");
        }
    }
}
