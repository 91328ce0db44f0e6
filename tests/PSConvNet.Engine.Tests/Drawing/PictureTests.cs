using System.Xml.Linq;
using PSConvNet.Tests.Sweeps;
using SkiaSharp;

namespace PSConvNet.Tests.Drawing;

public class PictureTests
{
    private static readonly string[] s_kinds =
    [
        "images",
        "answers",
        "curve",
        "rates",
        "matrix",
        "filters",
        "activations",
        "network",
        "history",
        "coordinates",
        "importance",
        "rungs",
    ];

    public static TheoryData<string> Kinds => [.. s_kinds];

    private static readonly string[] s_levels = ["dark", "mid", "light"];

    private static Picture Draw(string kind) =>
        kind switch
        {
            "images" => ImageGrid.Of(DrawnSamples.Levels(8, 0, 128, 255), s_levels),
            "answers" => ImageGrid.Of(Answers()),
            "curve" => new TrainingCurve([DrawnSamples.Run("one", 5, validated: true), DrawnSamples.Run("two", 3)]),
            "rates" => new RangeTestCurve([DrawnSamples.Rates("one"), DrawnSamples.Rates("two", 0.7)]),
            "matrix" => new ConfusionPicture(DrawnSamples.Metrics(10)),
            "filters" => FilterGrid.Of(Conv()),
            "activations" => ActivationGrid.Of(Conv(), Sample()),
            "history" => new SweepHistory(SweepSpaces.Mixed, Halved(), SweepObjective.Accuracy, "study"),
            "coordinates" => new ParallelCoordinates(SweepSpaces.Mixed, Halved(), SweepObjective.Accuracy, "study"),
            "importance" => new ParameterImportance(SweepSpaces.Mixed, Halved(), SweepObjective.Accuracy, "study"),
            "rungs" => new SweepRungs(SweepSpaces.Mixed, Halved(), SweepObjective.Accuracy, "study"),
            _ => new ModelDiagram(Conv()),
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_PNG_has_the_pictures_size_and_more_than_one_colour(string kind)
    {
        var picture = Draw(kind);

        foreach (var scale in new[] { 1.0, 2 })
        {
            using var png = SKBitmap.Decode(picture.ToPng(scale));
            Assert.Equal((int)(picture.Width * scale), png.Width);
            Assert.Equal((int)(picture.Height * scale), png.Height);
            Assert.InRange(png.Pixels.Distinct().Count(), 4, int.MaxValue);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Pages_are_white_or_nearly_black_up_to_their_corners(string kind)
    {
        using var light = SKBitmap.Decode(Draw(kind).ToPng());
        using var dark = SKBitmap.Decode(Draw(kind).ToPng(dark: true));

        Assert.All(Corners(light), colour => Assert.Equal(new SKColor(255, 255, 255), colour));
        Assert.All(Corners(dark), colour => Assert.Equal(new SKColor(0x0d, 0x11, 0x17), colour));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_title_is_there_in_letters(string kind)
    {
        using var png = SKBitmap.Decode(Draw(kind).ToPng());

        // On a machine without fonts Skia draws no letter at all and says nothing.
        var dark = 0;
        for (var y = 0; y < 90; y++)
        for (var x = 20; x < 240; x++)
            dark += png.GetPixel(x, y).Red < 100 ? 1 : 0;
        Assert.InRange(dark, 100, 220 * 90 / 2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_SVG_tells_what_it_shows_and_needs_nothing_else(string kind)
    {
        var picture = Draw(kind);
        var root = XElement.Parse(picture.ToSvg());

        Assert.Equal("img", root.Attribute("role")?.Value);
        Assert.Equal(picture.Title, root.Elements().Single(e => e.Name.LocalName == "title").Value);
        Assert.Equal(picture.Description, root.Elements().Single(e => e.Name.LocalName == "desc").Value);
        Assert.InRange(picture.Description.Length, picture.Title.Length, 100_000);
        var links = root.Descendants()
            .Attributes()
            .Where(a => a.Name.LocalName is "href" or "src")
            .Select(a => a.Value);
        Assert.All(
            links,
            link => Assert.True(link.StartsWith("data:", StringComparison.Ordinal) || link.StartsWith('#'), link)
        );
    }

    [Fact]
    public void Pictures_in_one_page_have_names_of_their_own_and_find_what_they_name()
    {
        var page = s_kinds.Select(kind => XElement.Parse(Draw(kind).ToSvg())).ToList();

        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var wanted = page.Descendants()
            .Attributes()
            .Where(a => a.Value.StartsWith("url(#", StringComparison.Ordinal))
            .Select(a => a.Value[5..^1])
            .Concat(page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')));
        Assert.Subset(ids.ToHashSet(), wanted.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Equal_pictures_are_equal_bytes(string kind)
    {
        Assert.Equal(Draw(kind).ToSvg(), Draw(kind).ToSvg());
        Assert.Equal(Draw(kind).ToPng(), Draw(kind).ToPng());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Text_keeps_to_the_columns_and_is_plain_unless_colours_are_wanted(string kind)
    {
        foreach (var columns in new[] { 60, 79, 120 })
        {
            var lines = Draw(kind).ToText(columns).Split('\n');
            Assert.All(lines, line => Assert.InRange(line.Length, 0, columns));
            Assert.All(lines, line => Assert.DoesNotContain('\e', line));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_web_page_is_whole_and_has_the_picture(string kind)
    {
        var page = Draw(kind).ToString(PictureFormat.Html);

        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("<svg ", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.png", PictureFormat.Png)]
    [InlineData("a.b/c.SVG", PictureFormat.Svg)]
    [InlineData("x.htm", PictureFormat.Html)]
    [InlineData("x.html", PictureFormat.Html)]
    [InlineData("x.txt", PictureFormat.Text)]
    [InlineData("x.mmd", PictureFormat.Mermaid)]
    public void A_paths_ending_says_the_format(string path, PictureFormat format) =>
        Assert.Equal(format, Draw("curve").FormatOf(path));

    [Theory]
    [InlineData("x")]
    [InlineData("x.jpg")]
    [InlineData("png")]
    public void Another_ending_is_refused_with_those_that_do(string path)
    {
        var e = Assert.Throws<ConvNetException>(() => Draw("curve").FormatOf(path));

        Assert.Equal("PictureFormatUnknown", e.ErrorId);
        Assert.Contains(".png, .svg, .html or .txt", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_has_the_ending_of_flowcharts_too()
    {
        var diagram = new ModelDiagram(new Model(Networks.SmallDense, new Shape(8, 8, 1)));

        var e = Assert.Throws<ConvNetException>(() => diagram.FormatOf("x.jpg"));

        Assert.EndsWith("use .png, .svg, .html, .txt or .mmd.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_networks_are_flowcharts()
    {
        var e = Assert.Throws<ConvNetException>(() => Draw("curve").ToString(PictureFormat.Mermaid));

        Assert.Equal("PictureFormatUnsupported", e.ErrorId);
    }

    [Fact]
    public void In_a_notebook_a_picture_is_pixels_with_their_size_and_words()
    {
        var picture = Draw("matrix");
        var view = RichView.Of(picture)!;

        using var png = SKBitmap.Decode(Convert.FromBase64String(view.Data["image/png"]));
        Assert.Equal(2 * picture.Width, png.Width);
        Assert.Equal((picture.Width, picture.Height, picture.Description), (view.Width, view.Height, view.Alternative));
        Assert.Null(RichView.Of("a string"));
        Assert.Null(RichView.Of(null));
    }

    [Fact]
    public void In_a_notebook_a_run_is_a_table_whose_texts_are_escaped()
    {
        var run = DrawnSamples.Run("<b>&\"x", 2);
        var html = RichView.Of(run)!.Data["text/html"];

        var table = XElement.Parse($"<div>{html.Replace("<br>", "<br/>", StringComparison.Ordinal)}</div>");
        Assert.Empty(table.Descendants("b"));
        Assert.Contains("<b>&\"x on Bars", table.Descendants("caption").Single().Value, StringComparison.Ordinal);
        Assert.Equal(2, table.Descendants("tbody").Single().Elements("tr").Count());
        Assert.Contains("Epoch", table.Descendants("th").Select(th => th.Value));
    }

    [Fact]
    public void Letters_that_no_font_here_has_do_no_harm()
    {
        var levels = DrawnSamples.Levels(8, 0, 100);

        using var png = SKBitmap.Decode(ImageGrid.Of(levels, ["お (o)", "𒀀 \U0001F600"]).ToPng());

        Assert.InRange(png.Width, 20, 1000);
    }

    private static IEnumerable<SKColor> Corners(SKBitmap picture) =>
        [
            picture.GetPixel(0, 0),
            picture.GetPixel(picture.Width - 1, 0),
            picture.GetPixel(0, picture.Height - 1),
            picture.GetPixel(picture.Width - 1, picture.Height - 1),
        ];

    private static SweepTrial[] Halved() => Studies.Halved(SweepSpaces.Mixed, 60);

    private static Model Conv() => new(Networks.TutorialConv, new Shape(28, 28, 1), "conv");

    private static ImageSample Sample() =>
        new(Enumerable.Range(0, 784).Select(i => (byte)(i * 7 % 256)).ToArray(), new Shape(28, 28, 1));

    private static IEnumerable<Prediction> Answers()
    {
        var images = DrawnSamples.Levels(8, 10, 100, 200);
        for (var i = 0; i < images.Count; i++)
        {
            yield return new Prediction(i, i % 2, s_levels[i % 2], 0.6 + 0.1 * i, [])
            {
                Truth = i,
                TruthName = s_levels[i],
                Image = new ImageSample(images.GetImage(i), images.Shape),
            };
        }
    }
}
