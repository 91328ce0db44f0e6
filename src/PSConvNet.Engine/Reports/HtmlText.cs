using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>From elements to the text of a page.</summary>
internal static class HtmlText
{
    /// <summary>Elements whose children each begin a line: a browser sees no difference, and people can read the source and compare two of them.</summary>
    private static readonly HashSet<string> s_broken =
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

    /// <summary>What every page says of itself.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="policy">Its Content-Security-Policy.</param>
    /// <param name="style">Its style sheet, as an element.</param>
    public static XElement Head(string title, string policy, XElement style) =>
        Tag(
            "head",
            Tag("meta", With("charset", "utf-8")),
            Tag("meta", With("http-equiv", "Content-Security-Policy"), With("content", policy)),
            Tag("meta", With("name", "viewport"), With("content", "width=device-width, initial-scale=1")),
            Tag("meta", With("name", "color-scheme"), With("content", "light dark")),
            Tag("meta", With("name", "referrer"), With("content", "no-referrer")),
            Tag("meta", With("name", "generator"), With("content", $"PSConvNet {EnvironmentSection.Version}")),
            Tag("title", title),
            // A page without an icon of its own makes browsers ask its server for one.
            Tag("link", With("rel", "icon"), With("href", "data:,")),
            style
        );

    /// <summary>Who wrote a page and when.</summary>
    /// <param name="written">The moment.</param>
    /// <param name="promise">What the page does without.</param>
    public static XElement Footer(DateTimeOffset written, string promise) =>
        Tag(
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
                $". {promise}"
            )
        );

    /// <summary>A whole page; it is well-formed XML, too.</summary>
    /// <param name="head">As <see cref="Head"/> gives it.</param>
    /// <param name="body">What there is to see.</param>
    public static string Page(XElement head, XElement body)
    {
        var page = Tag("html", With("lang", "en"), head, body);
        ReportText.Clean(page);
        foreach (var element in page.DescendantsAndSelf().Where(e => s_broken.Contains(e.Name.LocalName)).ToList())
        {
            foreach (var child in element.Elements().ToList())
                child.AddBeforeSelf("\n");
            element.Add("\n");
        }
        return "<!DOCTYPE html>\n" + Of(page) + "\n";
    }

    /// <summary>An element as text.</summary>
    public static string Of(XElement element)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None };
        using (var writer = XmlWriter.Create(text, settings))
            element.Save(writer);
        return text.ToString();
    }
}
