using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace PSConvNet.Reports;

/// <summary>How a report writes numbers, and what it makes of text that a page can't hold.</summary>
internal static class ReportText
{
    /// <summary>A text with numbers as they are written everywhere in the report, whatever the machine's language.</summary>
    public static string Of(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share) => Percentage.Of(share);

    /// <summary>A time that people took part in waiting for.</summary>
    public static string Duration(double seconds) =>
        seconds < 120 ? Of($"{seconds:F1} s")
        : seconds < 7200 ? Of($"{seconds / 60:F1} min")
        : Of($"{seconds / 3600:F1} h");

    /// <summary>A moment as people write it.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.ToString("d MMMM yyyy, HH:mm 'UTC'zzz", CultureInfo.InvariantCulture);

    /// <summary>Words as a heading begins them.</summary>
    public static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>Names in a row: <c>a, b and c</c>; of many, the first and how many more.</summary>
    public static string List(IReadOnlyList<string> names)
    {
        const int most = 3;
        return names.Count switch
        {
            0 => "",
            1 => names[0],
            <= most => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
            _ => Of($"{string.Join(", ", names.Take(most))} and {names.Count - most} more"),
        };
    }

    /// <summary>
    /// Makes every text of a page fit to be written: what XML can't hold, and what is invisible or turns the text after it round, becomes the
    /// replacement character; and no element that is not empty by nature is written as if it were.
    /// </summary>
    public static void Clean(XElement page)
    {
        foreach (var element in page.DescendantsAndSelf())
        {
            foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration))
                attribute.Value = Clean(attribute.Value);
            foreach (var text in element.Nodes().OfType<XText>())
                text.Value = Clean(text.Value);
            // A browser takes <td /> for an opening tag.
            if (element.IsEmpty && element.Name.LocalName is not ("meta" or "link" or "br" or "hr" or "img" or "input"))
                element.Value = "";
        }
    }

    /// <summary>A text without what XML can't hold and what turns the text after it round.</summary>
    public static string Clean(string text)
    {
        if (text.All(letter => letter is >= ' ' and < '\u0080' or '\n'))
            return text;
        var clean = new StringBuilder(text.Length);
        // An enumeration of runes gives the replacement character for half a surrogate pair.
        foreach (var rune in text.EnumerateRunes())
            clean.Append(IsSound(rune) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }

    private static bool IsSound(Rune rune) =>
        rune.Value is '\n' or '\t'
        || !PrintableText.IsHidden(rune) && (!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value))
        || PrintableText.IsJoiner(rune);
}
