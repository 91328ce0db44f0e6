using System.Globalization;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace PSConvNet.Tests.Drawing;

public partial class TilePictureTests
{
    [Fact]
    public void Images_keep_their_levels_and_their_order()
    {
        byte[] levels = [0, 40, 80, 120, 160, 200, 240, 255];
        var picture = ImageGrid.Of(DrawnSamples.Levels(10, levels), [.. levels.Select(l => $"{l}")], new(Columns: 4));

        using var png = SKBitmap.Decode(picture.ToPng(1));
        // 10 pixels at 8 each, frames and gaps between: grey areas of 80 x 80, found by their colour from top left to bottom right.
        var found = levels.Select(level => Middle(png, level)).ToArray();
        for (var i = 1; i < levels.Length; i++)
        {
            var (before, after) = (found[i - 1], found[i]);
            Assert.True(i % 4 == 0 ? after.Y > before.Y + 80 : after.X > before.X + 80 && after.Y == before.Y);
        }
    }

    [Fact]
    public void Pixels_stay_squares_with_sharp_edges()
    {
        // A chessboard: smoothing would make greys.
        var pixels = Enumerable.Range(0, 64).Select(i => (byte)((i / 8 + i) % 2 == 0 ? 0 : 255)).ToArray();
        var picture = ImageGrid.Of([(new ImageSample(pixels, new Shape(8, 8)), "")], new(Title: "x"));

        using var png = SKBitmap.Decode(picture.ToPng(1));
        var (left, top) = Enumerable
            .Range(0, png.Width * png.Height)
            .Select(i => (X: i % png.Width, Y: i / png.Width))
            .First(at => at.Y > 40 && png.GetPixel(at.X, at.Y).Red == 0);
        for (var y = 0; y < 80; y++)
        for (var x = 0; x < 80; x++)
            Assert.Equal(pixels[y / 10 * 8 + x / 10], png.GetPixel(left + x, top + y).Red);
    }

    [Fact]
    public void Half_blocks_hold_every_pixel()
    {
        var random = new Random(1);
        var rgb = new byte[7 * 5 * 3];
        random.NextBytes(rgb);
        var bitmap = new Bitmap(7, 5, rgb);

        var lines = HalfBlocks.Lines(bitmap).ToArray();

        Assert.Equal(3, lines.Length);
        for (var y = 0; y < 5; y++)
        {
            var row = Read(lines[y / 2], upper: y % 2 == 0);
            Assert.Equal(Enumerable.Range(0, 7).Select(x => bitmap[x, y]), row);
        }
        Assert.All(lines, line => Assert.EndsWith("\e[0m", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_terminal_gets_images_side_by_side_with_captions_below()
    {
        var text = ImageGrid.Of(DrawnSamples.Levels(28, 0, 255), ["none", "all"], new(Title: "t")).ToText(80);
        var lines = text.Split('\n');

        Assert.Equal("t", lines[0]);
        Assert.Equal(new string('@', 28), lines[2].Trim());
        Assert.Equal(
            2,
            lines
                .Single(line => line.Contains("all", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Length
        );
        // 28 pixels high, two in a line.
        Assert.Equal(14, lines.Count(line => line.Contains('@', StringComparison.Ordinal)));
    }

    [Fact]
    public void Wide_letters_take_two_columns()
    {
        Assert.Equal(4, TextCells.Width("お達"));
        Assert.Equal(2, TextCells.Width("e\u0301x"));
        Assert.Equal("お…", TextCells.Fit("お達者", 4));
        Assert.Equal("abc", TextCells.Fit("abc", 3));
        Assert.Equal("ab…", TextCells.Fit("abcd", 3));
    }

    [Fact]
    public void Mistakes_come_with_the_most_confident_first_and_nothing_right_among_them()
    {
        Prediction[] predictions = [Answer(0.6, 1), Answer(0.99, 0), Answer(0.9, 1), Answer(0.7, null), Answer(0.8, 2)];

        Assert.Equal([0.9, 0.8, 0.6], ImageGrid.Mistakes(predictions).Select(p => p.Probability));

        static Prediction Answer(double probability, int? truth) =>
            new(0, 0, "zero", probability, [])
            {
                Truth = truth,
                TruthName = truth?.ToString(CultureInfo.InvariantCulture),
            };
    }

    [Fact]
    public void Nothing_to_show_is_an_error_that_says_so()
    {
        var e = Assert.Throws<ConvNetException>(() => ImageGrid.Of(Array.Empty<Prediction>()));

        Assert.Equal("PictureEmpty", e.ErrorId);
    }

    private static (int X, int Y) Middle(SKBitmap png, byte level)
    {
        var places =
            from y in Enumerable.Range(0, png.Height)
            from x in Enumerable.Range(0, png.Width)
            where png.GetPixel(x, y) is var c && c.Red == level && c.Green == level && c.Blue == level
            select (x, y);
        // Letters and the page have greys, too: the tile is the one place with a whole square of it.
        var (left, top) = places.First(at =>
            Enumerable
                .Range(0, 80)
                .All(d =>
                    at.x + d < png.Width && at.y + d < png.Height && png.GetPixel(at.x + d, at.y + d).Red == level
                )
        );
        return (left, top);
    }

    private static List<(byte, byte, byte)> Read(string line, bool upper)
    {
        var row = new List<(byte, byte, byte)>();
        (byte, byte, byte) front = default,
            back = default;
        foreach (Match match in Sequence().Matches(line))
        {
            if (match.Value == "▀")
            {
                row.Add(upper ? front : back);
                continue;
            }
            if (!match.Groups[1].Success)
                continue;
            var colour = (Level(2), Level(3), Level(4));
            if (match.Groups[1].Value == "38")
                front = colour;
            else
                back = colour;

            byte Level(int group) => byte.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        }
        return row;
    }

    [GeneratedRegex("\e\\[(?:([34]8);2;(\\d+);(\\d+);(\\d+)|0)m|▀")]
    private static partial Regex Sequence();
}
