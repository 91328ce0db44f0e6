using System.Globalization;
using System.Xml.Linq;

namespace PSConvNet.Tests.Reports;

/// <summary>A report's page as a program reads it that knows nothing of how it was written.</summary>
internal sealed class ReportReader
{
    public static readonly XNamespace Xhtml = "http://www.w3.org/1999/xhtml";
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public ReportReader(ModelReport report)
    {
        Text = report.ToHtml();
        Root = XDocument.Parse(Text, LoadOptions.PreserveWhitespace).Root!;
    }

    public string Text { get; }

    public XElement Root { get; }

    public IEnumerable<XElement> All(string name) => Root.Descendants(Xhtml + name);

    /// <summary>The heading of that id and what is in its section.</summary>
    public XElement Section(string id) =>
        All("section").Single(section => section.Elements().First().Attribute("id")!.Value == id);

    /// <summary>The cells of a table, headings included, of the one whose caption starts so.</summary>
    public string[][] Table(string caption, XElement? within = null) =>
        [
            .. (within ?? Root)
                .Descendants(Xhtml + "table")
                .Single(table => table.Element(Xhtml + "caption")!.Value.StartsWith(caption, StringComparison.Ordinal))
                .Descendants(Xhtml + "tr")
                .Select(row => row.Elements().Select(cell => cell.Value).ToArray()),
        ];

    public string Style => All("style").First().Value;

    /// <summary>What must hold of every page: the markup, its references, its headings, its tables and pictures.</summary>
    public void RequireSound()
    {
        var ids = Root.DescendantsAndSelf().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(References(), reference => Assert.Contains(reference, ids));
        RequireHeadingsInOrder();
        Assert.All(All("table"), RequireHeaded);
        var pictures = Root.Descendants(Svg + "svg").ToList();
        Assert.All(pictures, RequireTold);
        Assert.All(
            All("figure"),
            figure => Assert.False(string.IsNullOrWhiteSpace(figure.Element(Xhtml + "figcaption")!.Value))
        );
        Assert.All(All("details"), details => Assert.Equal("summary", details.Elements().First().Name.LocalName));
        RequireNothingOutside();
        RequireHtml();
    }

    private IEnumerable<string> References()
    {
        foreach (var attribute in Root.DescendantsAndSelf().Attributes().Where(a => !a.IsNamespaceDeclaration))
        {
            if (attribute.Name.LocalName is "aria-labelledby" or "aria-describedby" or "for" or "headers")
            {
                foreach (var id in attribute.Value.Split(' '))
                    yield return id;
            }
            else if (attribute.Name.LocalName == "href" && attribute.Value.StartsWith('#'))
                yield return attribute.Value[1..];
            else if (attribute.Value.StartsWith("url(", StringComparison.Ordinal))
                yield return attribute.Value[5..^1];
        }
    }

    private void RequireHeadingsInOrder()
    {
        var levels = Root.Descendants()
            .Where(e => e.Name.Namespace == Xhtml && e.Name.LocalName is ['h', >= '1' and <= '6'])
            .Select(e => int.Parse(e.Name.LocalName[1..], CultureInfo.InvariantCulture))
            .ToList();
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    private static void RequireHeaded(XElement table)
    {
        Assert.False(string.IsNullOrWhiteSpace(table.Element(Xhtml + "caption")?.Value));
        Assert.All(
            table.Element(Xhtml + "thead")!.Descendants(Xhtml + "th"),
            cell => Assert.Equal("col", cell.Attribute("scope")?.Value)
        );
        var columns = table.Element(Xhtml + "thead")!.Descendants(Xhtml + "th").Count();
        Assert.All(
            table.Element(Xhtml + "tbody")!.Elements(),
            row =>
            {
                Assert.Equal("row", row.Elements().First().Attribute("scope")?.Value);
                Assert.Equal(columns, row.Elements().Count());
            }
        );
    }

    /// <summary>A picture is an image with a name and a description; it is of no use to who can't see it without.</summary>
    private static void RequireTold(XElement svg)
    {
        Assert.Equal("img", svg.Attribute("role")?.Value);
        Assert.True(svg.Element(Svg + "title")?.Value.Length > 3);
        Assert.True(svg.Element(Svg + "desc")?.Value.Length > 10);
        // An image that is used lies in the same picture, under an attribute that HTML knows.
        Assert.All(
            svg.Descendants(Svg + "use"),
            use =>
                Assert.Contains(
                    svg.Descendants(Svg + "image"),
                    image => "#" + image.Attribute("id")?.Value == use.Attribute("href")?.Value
                )
        );
    }

    private void RequireNothingOutside()
    {
        string[] active =
        [
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "foreignObject",
            "animate",
            "set",
            "audio",
            "video",
        ];
        Assert.DoesNotContain(
            Root.DescendantsAndSelf(),
            e => active.Contains(e.Name.LocalName, StringComparer.OrdinalIgnoreCase)
        );
        foreach (var attribute in Root.DescendantsAndSelf().Attributes())
        {
            if (attribute.IsNamespaceDeclaration)
            {
                Assert.Contains(attribute.Value, new[] { Xhtml.NamespaceName, Svg.NamespaceName });
                continue;
            }
            Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            if (attribute.Name.LocalName is "href" or "src")
                Assert.True(
                    attribute.Value.StartsWith('#') || attribute.Value.StartsWith("data:", StringComparison.Ordinal)
                );
        }
        Assert.All(
            Root.Descendants().Where(e => e.Name.LocalName == "style"),
            style =>
            {
                Assert.DoesNotContain("@import", style.Value, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("url(", style.Value, StringComparison.OrdinalIgnoreCase);
            }
        );
        var policy = All("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy");
        Assert.StartsWith("default-src 'none';", policy.Attribute("content")!.Value, StringComparison.Ordinal);
    }

    /// <summary>What XML and HTML read differently is not there.</summary>
    private void RequireHtml()
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\"", Text, StringComparison.Ordinal);
        string[] voids = ["meta", "link", "br", "hr", "img"];
        Assert.All(
            Root.Descendants().Where(e => e.Name.Namespace == Xhtml && e.IsEmpty),
            e => Assert.Contains(e.Name.LocalName, voids)
        );
        Assert.DoesNotContain(Style, letter => letter is '<' or '>' or '&');
        Assert.DoesNotContain("<![CDATA[", Text, StringComparison.Ordinal);
        // A prefix is a part of the name in HTML.
        Assert.DoesNotContain(
            Root.DescendantsAndSelf().Attributes(),
            a => a.IsNamespaceDeclaration && a.Name.LocalName != "xmlns"
        );
    }
}
