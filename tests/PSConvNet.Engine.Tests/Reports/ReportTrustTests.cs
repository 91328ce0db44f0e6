using System.Globalization;
using System.Text.RegularExpressions;

namespace PSConvNet.Tests.Reports;

/// <summary>Names from strangers, and colours that everybody can read.</summary>
public sealed partial class ReportTrustTests
{
    private const string Hostile =
        "</style></title></pre><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\"'`$(throw)";

    [Theory]
    [InlineData(Hostile)]
    [InlineData("]]> <!-- --> <![CDATA[ javascript:alert(1)")]
    [InlineData("\u202Egnp.exe\u2066 \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627")]
    [InlineData("bell \a escape \e[31m null \0 end \u0085 \uFFFE \uD800 \uDC00")]
    [InlineData("two\nlines\r\nand \u2028 a third\ttab")]
    [InlineData("emoji 👩‍👩‍👧 and ﷽ and \u1F2E")]
    [InlineData("marks \u200F\u200E\u061C, a hidden \u200Bspace, a soft\u00ADhyphen, \uFEFF")]
    public void Names_are_text_wherever_they_come_from(string name)
    {
        var bars = Networks.Bars();
        var data = new Dataset(name, bars.Train, bars.Test, [name, name + "2", "&lt;"], name);
        LayerSpec[] layers =
        [
            new FlattenLayer { Name = name },
            new DenseLayer(3) { Activation = Activation.Softmax, Name = name + "2" },
        ];
        var model = new Model(layers, data.Shape, name);
        var run = new Trainer(model, data, new TrainingOptions { Epochs = 1 }).Run();
        var options = new ModelReportOptions
        {
            Title = name,
            Note = name,
            FileName = name,
        };

        var page = new ReportReader(
            ModelReport.Create([(model, [run]), (new Model(layers, data.Shape, name), [])], data, options)
        );

        page.RequireSound();
        var readable = Readable(name);
        Assert.Equal(readable, page.All("h1").Single().Value);
        // Models and classes have names that a terminal can be given, too.
        var named = Readable(PrintableText.Of(name));
        Assert.Equal(named, page.Table("Number of images of each class")[1][0]);
        Assert.Equal(
            [named, named + " (2)"],
            page.Table("Measured on").Skip(1).Select(row => row[0]).Order(StringComparer.Ordinal)
        );
        // The commands are one line each, whatever the names hold; none of them is a comment's end or the next command.
        Assert.DoesNotContain(
            page.All("pre").Single().Value.Split('\n'),
            line =>
                line.TrimStart().StartsWith("and ", StringComparison.Ordinal)
                || line.StartsWith("lines", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_hundred_classes_with_long_names_stay_readable()
    {
        var names = Enumerable
            .Range(0, 100)
            .Select(i => $"class number {i} of those with names that nobody would call short")
            .ToArray();
        var random = new Random(1);
        var pixels = new byte[300 * 64];
        random.NextBytes(pixels);
        var images = new ImageSet(
            "Test",
            pixels,
            [.. Enumerable.Range(0, 300).Select(i => i % 100)],
            new Shape(8, 8, 1)
        );
        var data = new Dataset("Many", images, images, names, "made by the tests");
        var model = new Model(
            [new FlattenLayer(), new DenseLayer(100) { Activation = Activation.Softmax }],
            data.Shape
        );

        var page = ModelReportTests.Page([model], data);

        page.RequireSound();
        Assert.Equal(
            names,
            page.Table("Precision, recall and F1 of each class").Skip(1).SkipLast(1).Select(row => row[0])
        );
        // Ten thousand cells are no table any more: what was confused is listed instead.
        Assert.DoesNotContain(
            page.All("caption"),
            caption => caption.Value.StartsWith("The number of images of the row's class", StringComparison.Ordinal)
        );
        Assert.Contains(page.All("summary"), summary => summary.Value.EndsWith("confusions", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_of_every_colour_stands_out_from_what_is_behind_it_in_light_and_dark()
    {
        var style = ModelReportTests.Page([new Model(Networks.SmallDense, new Shape(8, 8, 1))], null).Style;
        var schemes = Scheme().Matches(style).Select(match => Colours(match.Value)).ToList();

        Assert.Equal(2, schemes.Count);
        Assert.All(
            schemes,
            colours =>
            {
                foreach (var ink in (string[])["ink", "faint", "link"])
                foreach (var behind in (string[])["page", "panel"])
                    Assert.True(Contrast(colours[ink], colours[behind]) >= 4.5, $"{ink} on {behind}");
            }
        );
        // Nothing is coloured but by these names, and they are all there are.
        Assert.Equal(["faint", "ink", "link", "page", "panel", "rule"], schemes[0].Keys.Order(StringComparer.Ordinal));
        Assert.Equal(schemes[0].Keys.Order(StringComparer.Ordinal), schemes[1].Keys.Order(StringComparer.Ordinal));
        var rest = Scheme().Replace(style, "");
        Assert.DoesNotMatch(@"#[0-9a-fA-F]{3,8}\b|rgb|hsl", rest);
        Assert.All(
            InkUse().Matches(rest),
            match => Assert.Contains(match.Groups[1].Value, new[] { "ink", "faint", "link" })
        );
        Assert.All(
            BackgroundUse().Matches(rest),
            match => Assert.Contains(match.Groups[1].Value, new[] { "page", "panel" })
        );
        Assert.True(InkUse().Count(rest) >= 4 && BackgroundUse().Count(rest) >= 4);
    }

    private static string Readable(string name)
    {
        // XML's own words: what a reader gets of a line's end is a line feed, and nothing of what may not stand in a document.
        var text = name.Replace("\r\n", "\uFFFD\n", StringComparison.Ordinal);
        return Unreadable().Replace(text, "\uFFFD");
    }

    private static Dictionary<string, string> Colours(string scheme) =>
        Colour().Matches(scheme).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    /// <summary>WCAG 2.2's ratio.</summary>
    private static double Contrast(string first, string second)
    {
        var (a, b) = (Luminance(first), Luminance(second));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Part(int at)
        {
            var share = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Part(0) + 0.7152 * Part(2) + 0.0722 * Part(4);
    }

    [GeneratedRegex(@":root\{[^}]*\}")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"--(\w+):#([0-9a-f]{6})")]
    private static partial Regex Colour();

    [GeneratedRegex(@"(?<![-\w])color:var\(--(\w+)\)")]
    private static partial Regex InkUse();

    [GeneratedRegex(@"background:var\(--(\w+)\)")]
    private static partial Regex BackgroundUse();

    [GeneratedRegex(
        @"[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]"
    )]
    private static partial Regex Unreadable();
}
