using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PSConvNet.Tests.Drawing;

public class SvgDiagramTests
{
    public static TheoryData<string> Names => DrawnNetworks.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_layer_has_a_box_and_every_block_a_frame(string name)
    {
        var model = DrawnNetworks.Of(name);
        var svg = new SvgPicture(new ModelDiagram(model).ToSvg());
        var (blocks, projections) = DrawnNetworks.Blocks(model);

        var drawn = svg
            .Boxes.Select(box => box.Layer)
            .OfType<string>()
            .Concat(svg.Frames.Select(f => f.Layer!))
            .ToList();
        var expected = DrawnNetworks.LayerNames(model).Concat(Enumerable.Repeat("projection", projections));
        Assert.Equal(
            expected.Select(SvgPicture.Visible).Order(StringComparer.Ordinal),
            drawn.Select(SvgPicture.Visible).Order(StringComparer.Ordinal)
        );
        Assert.Equal(blocks, svg.Frames.Count);
        // The input, the output, and a sum for each block.
        Assert.Equal(2 + blocks, svg.Boxes.Count(box => box.Layer is null));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Boxes_contain_their_text_even_in_the_widest_font(string name)
    {
        var svg = new SvgPicture(new ModelDiagram(DrawnNetworks.Of(name)).ToSvg());

        foreach (var box in svg.Boxes)
        {
            Assert.NotEmpty(box.Texts);
            foreach (var text in box.Texts)
            {
                Assert.True(box.Area.Contains(text.Area), $"'{text.Text}' leaves its box of {box.Area}: {text.Area}");
            }
            AssertApart(box.Texts);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_lies_over_anything_else_or_leaves_the_page(string name)
    {
        var svg = new SvgPicture(new ModelDiagram(DrawnNetworks.Of(name)).ToSvg());

        for (var i = 0; i < svg.Boxes.Count; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.False(
                    svg.Boxes[i].Area.Overlaps(svg.Boxes[j].Area),
                    $"{svg.Boxes[i].Layer} over {svg.Boxes[j].Layer}"
                );
            foreach (var text in svg.Texts)
                Assert.False(svg.Boxes[i].Area.Overlaps(text.Area), $"'{text.Text}' over {svg.Boxes[i].Layer}");
            foreach (var line in svg.Lines)
                Assert.False(svg.Boxes[i].Area.Shrunk(0.1).Overlaps(line), $"a line through {svg.Boxes[i].Layer}");
        }
        AssertApart(svg.Texts);
        foreach (var text in svg.Texts)
        {
            foreach (var line in svg.Lines)
                Assert.False(text.Area.Overlaps(line), $"a line through '{text.Text}'");
        }
        foreach (
            var area in svg
                .Boxes.Select(b => b.Area)
                .Concat(svg.Frames.Select(f => f.Area))
                .Concat(svg.Texts.Select(t => t.Area))
        )
            Assert.True(svg.Page.Contains(area), $"{area} leaves the page");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_holds_all_of_a_box_or_nothing_of_it(string name)
    {
        var svg = new SvgPicture(new ModelDiagram(DrawnNetworks.Of(name)).ToSvg());

        foreach (var frame in svg.Frames)
        {
            Assert.All(svg.Boxes, box => Assert.True(frame.Area.Contains(box.Area) || !frame.Area.Overlaps(box.Area)));
            Assert.All(
                svg.Texts,
                text => Assert.True(frame.Area.Contains(text.Area) || !frame.Area.Overlaps(text.Area))
            );
            Assert.Contains(svg.Boxes, box => box.Layer is null && frame.Area.Contains(box.Area));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_box_but_the_input_is_reached_by_an_arrow_and_a_sum_by_two(string name)
    {
        var svg = new SvgPicture(new ModelDiagram(DrawnNetworks.Of(name)).ToSvg());

        foreach (var box in svg.Boxes)
        {
            var arrows = svg.ArrowTips.Count(tip => box.Area.HasOnItsEdge(tip));
            var expected =
                box.Texts[0].Text == "Input" ? 0
                : box.Texts[0].Text.StartsWith("Sum", StringComparison.Ordinal) && box.Layer is null ? 2
                : 1;
            Assert.True(expected == arrows, $"{box.Texts[0].Text}: {arrows} arrows");
        }
    }

    [Fact]
    public void The_picture_says_what_the_model_is_and_what_flows()
    {
        var text = new ModelDiagram(DrawnNetworks.Of("everything")).ToSvg();
        var root = XDocument.Parse(text).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";

        Assert.Equal(svg + "svg", root.Name);
        Assert.Equal("img", root.Attribute("role")!.Value);
        // A screen reader takes a title that comes first.
        Assert.Equal(svg + "title", root.Elements().First().Name);
        Assert.Equal("everything: 8 x 8 x 1 -> 3, 8 layers, 1,177 parameters", root.Element(svg + "title")!.Value);
        var description = root.Element(svg + "desc")!.Value;
        Assert.StartsWith(
            "Samples of 8 x 8 x 1 go through, in this order: conv2d_1, Conv (6 filters 3 x 3, padding Same, no bias) with 54 parameters, giving 8 x 8 x 6; ",
            description,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "whose input is added after Conv (8 filters 1 x 1, no bias), giving 4 x 4 x 8",
            description,
            StringComparison.Ordinal
        );
        var shown = root.Descendants(svg + "text").Select(t => t.Value).ToList();
        foreach (
            var line in new[]
            {
                "everything",
                "8 x 8 x 1",
                "8 x 8 x 6",
                "4 x 4 x 6",
                "4 x 4 x 8",
                "54 parameters",
                "residual_1",
                "Dense: 3 units, Softmax",
            }
        )
            Assert.Contains(line, shown);
        Assert.Equal(
            root.Attribute("viewBox")!.Value,
            $"0 0 {root.Attribute("width")!.Value} {root.Attribute("height")!.Value}"
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_needs_nothing_but_itself_and_runs_nothing(string name)
    {
        var root = XDocument.Parse(new ModelDiagram(DrawnNetworks.Of(name)).ToSvg()).Root!;

        Assert.Equal(
            ["desc", "g", "path", "rect", "style", "svg", "text", "title"],
            root.DescendantsAndSelf().Select(e => e.Name.LocalName).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(
            root.DescendantsAndSelf().Attributes(),
            a =>
                a.Name.LocalName is "id" or "href" or "style"
                || a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        );
        Assert.DoesNotMatch(
            "url|@import|@font-face",
            root.Descendants().Single(e => e.Name.LocalName == "style").Value
        );
    }

    [Fact]
    public void Text_stands_out_from_what_is_under_it_in_light_and_in_dark()
    {
        var text = new ModelDiagram(DrawnNetworks.Of("DeepConv")).ToSvg();
        var style = XDocument.Parse(text).Descendants().Single(e => e.Name.LocalName == "style").Value;
        var dark = style.IndexOf("@media", StringComparison.Ordinal);
        var grounds = new[] { "page", "frame", "box", "conv", "pool", "dense", "norm", "other" };

        foreach (var part in new[] { style[..dark], style[dark..] })
        {
            foreach (var ground in grounds)
            {
                // WCAG 2: 4.5 for text, and 3 for what the lines of a picture need.
                Assert.True(Contrast(Colour(part, "text"), Colour(part, ground)) >= 4.5, $"text on {ground}");
                Assert.True(Contrast(Colour(part, "note"), Colour(part, ground)) >= 4.5, $"note on {ground}");
            }
            Assert.True(Contrast(Colour(part, "head"), Colour(part, "frame")) >= 3, "arrows");
        }
    }

    [Fact]
    public void Numbers_are_written_with_a_point_whatever_the_culture()
    {
        var expected = new ModelDiagram(DrawnNetworks.Of("everything")).ToSvg();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(expected, new ModelDiagram(DrawnNetworks.Of("everything")).ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertApart(IReadOnlyList<SvgText> texts)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.False(texts[i].Area.Overlaps(texts[j].Area), $"'{texts[i].Text}' over '{texts[j].Text}'");
        }
    }

    private static double[] Colour(string style, string look)
    {
        var digits = Regex.Match(style, $@"\.psc-{look}\{{[^}}]*fill:#([0-9a-f]+)").Groups[1].Value;
        Assert.NotEmpty(digits);
        if (digits.Length == 3)
            digits = string.Concat(digits.Select(d => $"{d}{d}"));
        return
        [
            .. digits.Chunk(2).Select(d => int.Parse(d, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0),
        ];
    }

    /// <summary>WCAG 2.1's contrast ratio of two sRGB colours.</summary>
    private static double Contrast(double[] one, double[] other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

        static double Luminance(double[] c) => 0.2126 * Linear(c[0]) + 0.7152 * Linear(c[1]) + 0.0722 * Linear(c[2]);
        static double Linear(double v) => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }
}
