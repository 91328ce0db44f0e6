using System.Globalization;
using System.Xml.Linq;

namespace PSConvNet.Drawing;

/// <summary>Writes a picture as SVG.</summary>
internal static class DiagramSvg
{
    // No ids and prefixed classes: several pictures in one page don't get in each other's way.
    private const string Style = """

        .psc-page{fill:#fff}
        .psc-text{fill:#1f2328;font-family:"Segoe UI","Helvetica Neue",Arial,sans-serif;font-size:13px}
        .psc-title{font-size:18px;font-weight:bold}
        .psc-name{font-weight:bold}
        .psc-note{font-size:11px;fill:#4f5863}
        .psc-frame{fill:#f5f7f9;stroke:#6e7781;stroke-dasharray:5 4}
        .psc-path{fill:none;stroke:#57606a;stroke-width:1.4}
        .psc-head{fill:#57606a}
        .psc-box{fill:#fff;stroke:#57606a;stroke-width:1.2}
        .psc-conv{fill:#deebfb;stroke:#2f6db5}
        .psc-pool{fill:#e0f2e4;stroke:#3a7d46}
        .psc-dense{fill:#fdebd5;stroke:#a8680f}
        .psc-norm{fill:#f0e6fa;stroke:#7d4bab}
        .psc-other{fill:#eceef1;stroke:#6e7781}
        @media (prefers-color-scheme:dark){
        .psc-page{fill:#0d1117}
        .psc-text{fill:#e6edf3}
        .psc-note{fill:#adb6c0}
        .psc-frame{fill:#151b23;stroke:#8b949e}
        .psc-path{stroke:#9aa4af}
        .psc-head{fill:#9aa4af}
        .psc-box{fill:#0d1117;stroke:#9aa4af}
        .psc-conv{fill:#14304f;stroke:#6ca6ee}
        .psc-pool{fill:#14351b;stroke:#6dbb79}
        .psc-dense{fill:#432b0e;stroke:#e0a050}
        .psc-norm{fill:#322149;stroke:#b98ae0}
        .psc-other{fill:#2a3038;stroke:#8b949e}
        }

        """;

    private const double HeadLength = 7;
    private const double HeadWidth = 8;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>The SVG element.</summary>
    public static string Write(DiagramPicture picture)
    {
        var size = $"{Number(picture.Width)} {Number(picture.Height)}";
        var root = new XElement(
            s_svg + "svg",
            new XAttribute("viewBox", $"0 0 {size}"),
            new XAttribute("width", Number(picture.Width)),
            new XAttribute("height", Number(picture.Height)),
            new XAttribute("role", "img"),
            new XElement(s_svg + "title", picture.Title),
            new XElement(s_svg + "desc", picture.Description),
            new XElement(s_svg + "style", Style.ReplaceLineEndings("\n")),
            Rectangle("psc-page", 0, 0, picture.Width, picture.Height, radius: 0),
            picture.Frames.Select(frame =>
                Of(frame.Layer, Rectangle("psc-frame", frame.X, frame.Y, frame.Width, frame.Height, radius: 8))
            ),
            picture.Paths.SelectMany(Path),
            picture.Boxes.Select(Box),
            picture.Texts.Select(Text)
        );
        return root.ToString().ReplaceLineEndings("\n");
    }

    private static XElement Box(PictureBox box)
    {
        var radius = box.Family is null ? box.Height / 2 : 6;
        var look = box.Family is null ? "psc-box" : $"psc-box psc-{Class(box.Family.Value)}";
        return Of(box.Layer, Rectangle(look, box.X, box.Y, box.Width, box.Height, radius), [.. box.Lines.Select(Text)]);
    }

    private static string Class(LayerFamily family) =>
        family switch
        {
            LayerFamily.Convolution => "conv",
            LayerFamily.Pooling => "pool",
            LayerFamily.Dense => "dense",
            LayerFamily.Normalization => "norm",
            _ => "other",
        };

    private static XElement Of(string? layer, params ReadOnlySpan<XElement> content) =>
        new(s_svg + "g", layer is null ? null : new XAttribute("data-layer", layer), content.ToArray());

    private static XElement Of(string? layer, XElement first, XElement[] rest) => Of(layer, [first, .. rest]);

    private static XElement Rectangle(string look, double x, double y, double width, double height, double radius) =>
        new(
            s_svg + "rect",
            new XAttribute("class", look),
            new XAttribute("x", Number(x)),
            new XAttribute("y", Number(y)),
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            radius == 0 ? null : new XAttribute("rx", Number(radius))
        );

    private static XElement Text(PictureText text) =>
        new(
            s_svg + "text",
            new XAttribute(
                "class",
                text.Role == TextRole.Body ? "psc-text" : $"psc-text psc-{text.Role.ToString().ToLowerInvariant()}"
            ),
            new XAttribute("x", Number(text.X)),
            new XAttribute("y", Number(text.Y)),
            text.Anchor == TextAnchor.Middle ? new XAttribute("text-anchor", "middle") : null,
            text.Text
        );

    private static IEnumerable<XElement> Path(PicturePath path)
    {
        var points = path.Points.ToList();
        var (x, y) = points[^1];
        // The line ends within its head, so that it does not blunt the tip.
        var (dx, dy) = (Math.Sign(x - points[^2].X), Math.Sign(y - points[^2].Y));
        if (path.Arrow)
            points[^1] = (x - dx * HeadLength / 2, y - dy * HeadLength / 2);
        yield return new XElement(
            s_svg + "path",
            new XAttribute("class", "psc-path"),
            new XAttribute("d", "M" + string.Join('L', points.Select(point => Point(point.X, point.Y))))
        );
        if (!path.Arrow)
            yield break;
        var (backX, backY) = (x - dx * HeadLength, y - dy * HeadLength);
        var (sideX, sideY) = (dy * HeadWidth / 2, dx * HeadWidth / 2);
        yield return new XElement(
            s_svg + "path",
            new XAttribute("class", "psc-head"),
            new XAttribute(
                "d",
                $"M{Point(x, y)}L{Point(backX + sideX, backY + sideY)}L{Point(backX - sideX, backY - sideY)}Z"
            )
        );
    }

    private static string Point(double x, double y) => $"{Number(x)},{Number(y)}";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
