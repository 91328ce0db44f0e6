using System.Globalization;
using System.Numerics;
using System.Xml.Linq;

namespace PSConvNet.Tests.Drawing;

/// <summary>What a browser makes of a picture's SVG: where each text stands, for a light page.</summary>
internal sealed class DrawnPage
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public DrawnPage(Picture picture)
    {
        Root = XElement.Parse(picture.ToSvg());
        Page = new Area(0, 0, picture.Width, picture.Height);
        var light = Root.Elements(s_svg + "g").First();
        Texts = [.. light.Descendants(s_svg + "text").Select(Text)];
    }

    public XElement Root { get; }

    public Area Page { get; }

    public IReadOnlyList<SvgText> Texts { get; }

    public void AssertApart()
    {
        for (var i = 0; i < Texts.Count; i++)
        {
            Assert.True(Page.Contains(Texts[i].Area), $"'{Texts[i].Text}' leaves the page: {Texts[i].Area}");
            for (var j = 0; j < i; j++)
            {
                Assert.False(
                    Texts[i].Area.Overlaps(Texts[j].Area),
                    $"'{Texts[i].Text}' {Texts[i].Area} lies over '{Texts[j].Text}' {Texts[j].Area}"
                );
            }
        }
    }

    /// <summary>From the first letter's place to the end of the last, from the height of capitals to a little below the line.</summary>
    private static SvgText Text(XElement element)
    {
        var size = Number(element.Attribute("font-size")!.Value);
        var xs = Numbers(element.Attribute("x")!.Value);
        var y = Numbers(element.Attribute("y")!.Value)[0];
        // No letter of the face is narrower than this; narrow ones at the end make the area too small by a hair, none too large.
        var (left, right, top, bottom) = (xs[0], xs[^1] + size * 0.27f, y - size * 0.7f, y + size * 0.1f);
        var placed = Transform(element);
        Vector2[] corners = [new(left, top), new(right, top), new(left, bottom), new(right, bottom)];
        var moved = Array.ConvertAll(corners, corner => Vector2.Transform(corner, placed));
        return new SvgText(
            element.Value,
            new Area(moved.Min(p => p.X), moved.Min(p => p.Y), moved.Max(p => p.X), moved.Max(p => p.Y))
        );
    }

    private static Matrix3x2 Transform(XElement element)
    {
        var all = Matrix3x2.Identity;
        foreach (var at in element.AncestorsAndSelf())
        {
            var steps = (at.Attribute("transform")?.Value ?? "").Split(')', StringSplitOptions.RemoveEmptyEntries);
            foreach (var step in steps.Reverse())
                all *= One(step.Trim());
        }
        return all;
    }

    private static Matrix3x2 One(string step)
    {
        var open = step.IndexOf('(', StringComparison.Ordinal);
        var n = Numbers(step[(open + 1)..]);
        return step[..open].Trim() switch
        {
            "translate" => Matrix3x2.CreateTranslation(n[0], n.Length > 1 ? n[1] : 0),
            "scale" => Matrix3x2.CreateScale(n[0], n.Length > 1 ? n[1] : n[0]),
            "rotate" when n.Length == 3 => Matrix3x2.CreateRotation(n[0] * MathF.PI / 180, new Vector2(n[1], n[2])),
            "rotate" => Matrix3x2.CreateRotation(n[0] * MathF.PI / 180),
            "matrix" => new Matrix3x2(n[0], n[1], n[2], n[3], n[4], n[5]),
            var other => throw new NotSupportedException(other),
        };
    }

    private static float[] Numbers(string text) =>
        [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(Number)];

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
