using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PSConvNet.Tests.Drawing;

/// <summary>An area in pixels; touching is not overlapping.</summary>
internal readonly record struct Area(double X, double Y, double Right, double Bottom)
{
    private const double Rounding = 0.02;

    public bool Contains(Area other) =>
        other.X >= X - Rounding
        && other.Y >= Y - Rounding
        && other.Right <= Right + Rounding
        && other.Bottom <= Bottom + Rounding;

    public bool Overlaps(Area other) =>
        other.X < Right - Rounding
        && other.Right > X + Rounding
        && other.Y < Bottom - Rounding
        && other.Bottom > Y + Rounding;

    public Area Shrunk(double by) => new(X + by, Y + by, Right - by, Bottom - by);

    public bool HasOnItsEdge((double X, double Y) point) =>
        new Area(point.X, point.Y, point.X, point.Y) is var at
        && Contains(at)
        && !Shrunk(0.1).Overlaps(at with { Right = at.X + 0.05, Bottom = at.Y + 0.05 });
}

/// <summary>A line of text with the room it takes in a wide font.</summary>
internal sealed record SvgText(string Text, Area Area);

/// <summary>A box or a frame.</summary>
internal sealed record SvgBox(string? Layer, Area Area, IReadOnlyList<SvgText> Texts);

/// <summary>What a browser would make of an SVG diagram: areas in pixels, read from its elements and style.</summary>
internal sealed partial class SvgPicture
{
    /// <summary>
    /// Advance widths of ASCII from the space on, in thousandths of the size: of DejaVu Sans and DejaVu Sans Bold 2.37 the larger, read
    /// from the fonts' hmtx tables.
    /// </summary>
    private static readonly int[] s_dejaVu =
    [
        349,
        457,
        521,
        838,
        696,
        1002,
        873,
        307,
        458,
        458,
        523,
        838,
        380,
        416,
        380,
        366,
        696,
        696,
        696,
        696,
        696,
        696,
        696,
        696,
        696,
        696,
        400,
        400,
        838,
        838,
        838,
        581,
        1000,
        774,
        763,
        734,
        831,
        684,
        684,
        821,
        837,
        373,
        373,
        775,
        638,
        996,
        837,
        851,
        733,
        851,
        771,
        721,
        683,
        813,
        774,
        1104,
        771,
        725,
        726,
        458,
        366,
        458,
        838,
        500,
        500,
        675,
        716,
        593,
        716,
        679,
        436,
        716,
        712,
        343,
        343,
        666,
        343,
        1042,
        712,
        688,
        716,
        716,
        494,
        596,
        479,
        712,
        652,
        924,
        646,
        652,
        583,
        712,
        366,
        712,
        838,
    ];

    private readonly string _style;

    public SvgPicture(string text)
    {
        var root = XDocument.Parse(text).Root!;
        var named = root.Elements().ToLookup(e => e.Name.LocalName);
        _style = named["style"].Single().Value;
        Page = Rectangle(named["rect"].Single());
        var groups = named["g"].Select(Box).ToList();
        Frames = [.. groups.Where(g => g.Texts.Count == 0)];
        Boxes = [.. groups.Where(g => g.Texts.Count > 0)];
        Texts = [.. named["text"].Select(Text)];
        var paths = named["path"].ToLookup(e => (string)e.Attribute("class")!, e => Points((string)e.Attribute("d")!));
        Lines = [.. paths["psc-path"].SelectMany(points => points.Zip(points.Skip(1), Segment))];
        ArrowTips = [.. paths["psc-head"].Select(points => points[0])];
    }

    public Area Page { get; }

    public IReadOnlyList<SvgBox> Frames { get; }

    public IReadOnlyList<SvgBox> Boxes { get; }

    /// <summary>Text outside boxes.</summary>
    public IReadOnlyList<SvgText> Texts { get; }

    /// <summary>Straight lines, with no width.</summary>
    public IReadOnlyList<Area> Lines { get; }

    public IReadOnlyList<(double X, double Y)> ArrowTips { get; }

    /// <summary>A name as far as a picture can show it.</summary>
    public static string Visible(string name) => new([.. name.Where(c => c is >= ' ' and < '\u007F')]);

    private SvgBox Box(XElement group) =>
        new(
            (string?)group.Attribute("data-layer"),
            Rectangle(group.Elements().First()),
            [.. group.Elements().Where(e => e.Name.LocalName == "text").Select(Text)]
        );

    private static Area Rectangle(XElement e)
    {
        var (x, y) = (Number(e, "x"), Number(e, "y"));
        return new Area(x, y, x + Number(e, "width"), y + Number(e, "height"));
    }

    private SvgText Text(XElement e)
    {
        var size = ((string)e.Attribute("class")!)
            .Split(' ')
            .Select(look => Regex.Match(_style, $@"\.{look}\{{[^}}]*font-size:(\d+)px"))
            .Last(match => match.Success)
            .Groups[1]
            .Value;
        var pixels = double.Parse(size, CultureInfo.InvariantCulture);
        // A letter from beyond ASCII as wide as the widest.
        var width =
            e.Value.EnumerateRunes().Sum(r => r.Value is >= 32 and < 127 ? s_dejaVu[r.Value - 32] : 1200)
            * pixels
            / 1000;
        var (x, y) = (Number(e, "x"), Number(e, "y"));
        var left = (string?)e.Attribute("text-anchor") == "middle" ? x - width / 2 : x;
        // The ascent and descent of letters: DejaVu's capitals and brackets reach 0.76 up and 0.24 down.
        return new SvgText(e.Value, new Area(left, y - 0.76 * pixels, left + width, y + 0.24 * pixels));
    }

    private static List<(double X, double Y)> Points(string d)
    {
        Assert.Matches(@"^M-?[\d.]+,-?[\d.]+(L-?[\d.]+,-?[\d.]+)+Z?$", d);
        return [.. Coordinates().Matches(d).Select(m => (Parse(m.Groups[1].Value), Parse(m.Groups[2].Value)))];
    }

    private static Area Segment((double X, double Y) a, (double X, double Y) b)
    {
        Assert.True(a.X == b.X || a.Y == b.Y, "lines run straight down or across");
        return new Area(
            Math.Min(a.X, b.X) - 0.05,
            Math.Min(a.Y, b.Y) - 0.05,
            Math.Max(a.X, b.X) + 0.05,
            Math.Max(a.Y, b.Y) + 0.05
        );
    }

    private static double Number(XElement e, string name) => Parse((string)e.Attribute(name)!);

    private static double Parse(string number) =>
        double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(-?[\d.]+),(-?[\d.]+)")]
    private static partial Regex Coordinates();
}
