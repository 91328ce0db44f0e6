using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Pages;

/// <summary>
/// A script or a style sheet in the page, and what the page's policy calls it by. As XML has it the content is a CDATA section, and as HTML has
/// it the section's marks are within comments: both read the same.
/// </summary>
/// <param name="Element">The element.</param>
/// <param name="Hash">What the policy calls it by.</param>
internal sealed record PageScript(XElement Element, string Hash)
{
    /// <summary>A script that runs when the page is read.</summary>
    public static PageScript Script(string id, string content) => Of("script", id, "//", $"\n{content}//", "");

    /// <summary>A style sheet.</summary>
    public static PageScript Style(string content) => Of("style", "look", "/*", $"*/\n{content}/*", "*/");

    private static PageScript Of(string tag, string id, string before, string inner, string after)
    {
        if (inner.Contains("]]>", StringComparison.Ordinal) || inner.Contains("</", StringComparison.Ordinal))
            throw new ArgumentException("The element would end before its end.", nameof(inner));
        return new PageScript(
            Tag(tag, With("id", id), new XText(before), new XCData(inner), after.Length > 0 ? new XText(after) : null),
            PageScripts.Hash($"{before}<![CDATA[{inner}]]>{after}")
        );
    }
}
