using System.Net;
using System.Text;

namespace PSConvNet;

/// <summary>A table for a page or a notebook: what <see cref="TextTable"/> is for a terminal.</summary>
internal static class HtmlTable
{
    /// <summary>The table element; every text is escaped.</summary>
    /// <param name="caption">What it is, or null for no caption.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">A text a column; the first is the row's heading.</param>
    /// <param name="note">A line below it, or null.</param>
    public static string Format(
        string? caption,
        IReadOnlyList<TextColumn> columns,
        IEnumerable<IReadOnlyList<string>> rows,
        string? note = null
    )
    {
        var html = new StringBuilder("<table class=\"psconvnet-table\">\n");
        if (caption is not null)
            html.Append("<caption style=\"text-align:left\">").Append(Lines(caption)).Append("</caption>\n");
        html.Append("<thead><tr>");
        foreach (var column in columns)
            html.Append("<th scope=\"col\"")
                .Append(Align(column))
                .Append('>')
                .Append(Encode(column.Header))
                .Append("</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < columns.Count; i++)
            {
                var (open, close) = i == 0 ? ("th scope=\"row\"", "th") : ("td", "td");
                html.Append('<').Append(open).Append(Align(columns[i])).Append('>');
                html.Append(Cell(row[i])).Append("</").Append(close).Append('>');
            }
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table>");
        if (!string.IsNullOrEmpty(note))
            html.Append("\n<p>").Append(Lines(note)).Append("</p>");
        return html.ToString();
    }

    private static string Align(TextColumn column) =>
        column.RightAligned ? " style=\"text-align:right\"" : " style=\"text-align:left\"";

    private static string Lines(string text) => Encode(text.Trim()).Replace("\n", "<br>", StringComparison.Ordinal);

    /// <summary>A cell's text; what is indented stays so, though a page leaves out spaces at the beginning.</summary>
    private static string Cell(string text)
    {
        var plain = text.TrimStart(' ');
        return string.Concat(Enumerable.Repeat("&nbsp;", text.Length - plain.Length)) + Encode(plain);
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
