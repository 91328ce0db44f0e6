using System.Globalization;
using System.Xml.Linq;

namespace PSConvNet.Reports;

/// <summary>
/// The pieces of a report's page, as elements: whatever a name holds is text, and every piece brings what it takes to be heard as well
/// as seen. One a page, for it numbers what needs an id.
/// </summary>
internal sealed class ReportMarkup
{
    private static readonly XNamespace s_xhtml = "http://www.w3.org/1999/xhtml";
    private int _count;

    /// <summary>An element; attributes among its content are its attributes, and nulls nothing.</summary>
    public static XElement Tag(string name, params ReadOnlySpan<object?> content) =>
        new(s_xhtml + name, content.ToArray());

    /// <summary>An attribute.</summary>
    public static XAttribute With(string name, string value) => new(name, value);

    /// <summary>A paragraph.</summary>
    public static XElement Paragraph(params ReadOnlySpan<object?> content) => Tag("p", content);

    /// <summary>A name that people gave: its direction of writing stays its own.</summary>
    public static XElement Name(string name) => Tag("bdi", name);

    /// <summary>A part of the page under a heading.</summary>
    /// <param name="id">What links to it call it.</param>
    /// <param name="title">The heading.</param>
    /// <param name="level">2 for a part of the page, 3 for a part of that.</param>
    /// <param name="content">What is in it.</param>
    public static XElement Section(string id, string title, int level, params ReadOnlySpan<object?> content) =>
        Tag(
            "section",
            // A landmark for each part of the page; for the parts of those there would be too many, of the same names.
            level == 2
                ? With("aria-labelledby", id)
                : null,
            Tag(Heading(level), With("id", id), Name(title)),
            content.ToArray()
        );

    /// <summary>What is shown when asked for.</summary>
    public static XElement Details(string summary, params ReadOnlySpan<object?> content) =>
        Tag("details", Tag("summary", summary), content.ToArray());

    /// <summary>A table that scrolls within its own box where the page is narrow.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">A text or an element a column; the first is the row's heading.</param>
    public XElement Table(string caption, IReadOnlyList<TextColumn> columns, IEnumerable<IReadOnlyList<object>> rows)
    {
        var id = NextId("table");
        return Tag(
            "div",
            With("class", "scroll"),
            With("role", "group"),
            With("aria-labelledby", id),
            With("tabindex", "0"),
            Tag(
                "table",
                Tag("caption", Tag("span", With("id", id), caption)),
                Tag("thead", Tag("tr", columns.Select(column => Cell("th", "col", column, column.Header)).ToArray())),
                Tag("tbody", rows.Select(row => Row(columns, row)).ToArray())
            )
        );
    }

    /// <summary>A picture with a caption; what it shows is told in its description.</summary>
    public XElement Figure(Picture picture, string caption)
    {
        var svg = Unique(XElement.Parse(picture.ToSvg()));
        // Smaller letters than this nobody reads: on a phone the picture scrolls in its box instead.
        var least = Math.Min(picture.Width, Math.Max(480, picture.Width * 7 / 10));
        svg.SetAttributeValue(
            "style",
            string.Create(CultureInfo.InvariantCulture, $"max-width:100%;height:auto;min-width:{least}px")
        );
        return Tag(
            "figure",
            Tag(
                "div",
                With("class", "scroll"),
                With("role", "group"),
                With("aria-label", picture.Title),
                With("tabindex", "0"),
                svg
            ),
            Tag("figcaption", caption)
        );
    }

    private static string Heading(int level) => string.Create(CultureInfo.InvariantCulture, $"h{level}");

    private static XElement Row(IReadOnlyList<TextColumn> columns, IReadOnlyList<object> cells) =>
        Tag(
            "tr",
            cells.Select((cell, i) => Cell(i == 0 ? "th" : "td", i == 0 ? "row" : null, columns[i], cell)).ToArray()
        );

    private static XElement Cell(string tag, string? scope, TextColumn column, object content) =>
        Tag(
            tag,
            scope is null ? null : With("scope", scope),
            column.RightAligned ? With("class", "number") : null,
            content
        );

    private string NextId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{++_count}");

    /// <summary>Gives what a picture names a name of its own in the page: two equal pictures name things alike.</summary>
    private XElement Unique(XElement svg)
    {
        var prefix = NextId("picture") + "-";
        SvgCanvas.Rename(svg, id => prefix + id);
        return svg;
    }
}
