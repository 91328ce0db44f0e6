using System.Globalization;
using System.Text;
using System.Xml.Linq;
using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>
/// Draws pictures as SVG: what Skia writes, twice, for light and for dark pages, of which a style shows one; and with what Skia leaves
/// out, a title and a description for screen readers.
/// </summary>
internal static class SvgCanvas
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>The SVG element.</summary>
    public static string Write(CanvasPicture picture)
    {
        // Several pictures may stand in one page: what they name must differ, and still be the same for the same picture.
        var light = Drawing(picture, Theme.Light);
        var dark = Drawing(picture, Theme.Dark);
        var prefix = $"psc{Fingerprint(light)}";
        var root = new XElement(
            s_svg + "svg",
            new XAttribute("viewBox", $"0 0 {picture.Width} {picture.Height}"),
            new XAttribute("width", picture.Width),
            new XAttribute("height", picture.Height),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{prefix}-title {prefix}-desc"),
            new XAttribute("style", "max-width:100%;height:auto"),
            new XElement(s_svg + "title", new XAttribute("id", $"{prefix}-title"), DiagramNode.Drawable(picture.Title)),
            new XElement(
                s_svg + "desc",
                new XAttribute("id", $"{prefix}-desc"),
                DiagramNode.Drawable(picture.Description)
            ),
            new XElement(
                s_svg + "style",
                $".{prefix}-dark{{display:none}}@media (prefers-color-scheme:dark){{.{prefix}-light{{display:none}}.{prefix}-dark{{display:inline}}}}"
            ),
            Layer(light, prefix, "light", Theme.Light, picture),
            Layer(dark, prefix, "dark", Theme.Dark, picture)
        );
        return root.ToString(SaveOptions.DisableFormatting).ReplaceLineEndings("\n");
    }

    private static XElement Drawing(CanvasPicture picture, Theme theme)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(picture.Width, picture.Height), stream))
            picture.Draw(new Pen(canvas, theme));
        var drawing = XElement.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        // Skia numbers what it names from the process's start on.
        var names = drawing
            .Descendants()
            .Attributes("id")
            .Select((id, i) => (id.Value, i))
            .ToDictionary(n => n.Value, n => n.i);
        Rename(drawing, name => FormattableString.Invariant($"{names[name]}"));
        return drawing;
    }

    /// <summary>Gives what has a name another, and those who refer to it, too.</summary>
    internal static void Rename(XElement drawing, Func<string, string> rename)
    {
        foreach (var attribute in drawing.DescendantsAndSelf().Attributes().ToList())
        {
            var value = attribute.Value;
            if (attribute.Name.LocalName == "id")
                attribute.Value = rename(value);
            else if (attribute.Name.LocalName is "aria-labelledby" or "aria-describedby")
                attribute.Value = string.Join(' ', value.Split(' ').Select(rename));
            else if (value.StartsWith("url(#", StringComparison.Ordinal))
                attribute.Value = $"url(#{rename(value[5..^1])})";
            else if (attribute.Name.LocalName == "href" && value.StartsWith('#'))
                attribute.Value = $"#{rename(value[1..])}";
        }
    }

    /// <summary>One of the two drawings, with names and font families that do in any page.</summary>
    private static XElement Layer(XElement drawing, string prefix, string name, Theme theme, CanvasPicture picture)
    {
        Rename(drawing, id => $"{prefix}-{name}-{id}");
        foreach (var family in drawing.Descendants().Attributes("font-family"))
            family.Value = Families(family.Value);
        foreach (var text in drawing.Descendants(s_svg + "text"))
        {
            // Skia indents what stands between the tags; each letter has its place, and one more or less would move them all.
            text.Value = text.Value.Trim('\n', '\t');
            text.SetAttributeValue(XNamespace.Xml + "space", "preserve");
        }
        foreach (var link in drawing.Descendants().Attributes().Where(a => a.Name.LocalName == "href").ToList())
        {
            // Without XLink's namespace: XML would make up a prefix for it, which means nothing within an HTML page.
            link.Parent!.SetAttributeValue("href", link.Value);
            if (link.Name != "href")
                link.Remove();
        }
        foreach (var image in drawing.Descendants(s_svg + "image"))
            image.SetAttributeValue("style", "image-rendering:pixelated");
        var page = $"#{theme.Page.Red:x2}{theme.Page.Green:x2}{theme.Page.Blue:x2}";
        return new XElement(
            s_svg + "g",
            new XAttribute("class", $"{prefix}-{name}"),
            new XElement(
                s_svg + "rect",
                new XAttribute("fill", page),
                new XAttribute("width", picture.Width),
                new XAttribute("height", picture.Height)
            ),
            drawing.Nodes()
        );
    }

    private static string Families(string family) =>
        family.Contains(PictureFonts.Family, StringComparison.Ordinal)
            ? PictureFonts.CssFamily
            : $"{family},{PictureFonts.CssFamily}";

    /// <summary>FNV-1a of what is drawn: .NET's own hash of a string differs from process to process.</summary>
    private static string Fingerprint(XElement drawing)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in drawing.ToString(SaveOptions.DisableFormatting))
            hash = unchecked((hash ^ letter) * 1099511628211UL);
        return hash.ToString("x", CultureInfo.InvariantCulture)[..8];
    }
}
