using System.Globalization;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace PSConvNet.Tests.Drawing;

public partial class TerminalGraphicsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(13, 6)]
    [InlineData(40, 17)]
    public void Sixel_holds_every_pixel_to_a_hundredth(int width, int height)
    {
        var random = new Random(width);
        byte[] levels = [0, 51, 128, 204, 255];
        var rgb = new byte[width * height * 3];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = levels[random.Next(levels.Length)];
        var bitmap = new Bitmap(width, height, rgb);

        var (decoded, size) = Decode(SixelGraphics.Write(bitmap), width, height);

        Assert.Equal((width, height), size);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (red, green, blue) = bitmap[x, y];
            Assert.Equal(
                new[] { red, green, blue }.Select(level => Math.Round(level / 2.55)),
                decoded[y, x]!.Select(part => (double)part)
            );
        }
    }

    [Fact]
    public void Of_more_colours_than_Sixel_has_each_pixel_gets_a_near_one()
    {
        var rgb = new byte[64 * 64 * 3];
        for (var i = 0; i < 64 * 64; i++)
            (rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]) = ((byte)(i % 64 * 4), (byte)(i % 64 * 4), (byte)(i / 64 * 4));
        var bitmap = new Bitmap(64, 64, rgb);

        var (decoded, _) = Decode(SixelGraphics.Write(bitmap), 64, 64);

        Assert.DoesNotContain(null, decoded.Cast<int[]?>());
    }

    [Fact]
    public void Kittys_pieces_are_no_longer_than_it_takes_and_make_a_PNG()
    {
        var picture = new ConfusionPicture(DrawnSamples.Metrics(10));
        var text = picture.ToGraphics(TerminalGraphics.Kitty, 40);

        var pieces = Piece().Matches(text);
        Assert.Equal(text.Length, pieces.Sum(piece => piece.Length));
        Assert.InRange(pieces.Count, 2, int.MaxValue);
        Assert.All(pieces, piece => Assert.InRange(piece.Groups[2].Length, 1, 4096));
        Assert.Equal("a=T,f=100,q=2,c=40,m=1", pieces[0].Groups[1].Value);
        Assert.All(pieces.Skip(1).SkipLast(1), piece => Assert.Equal("m=1", piece.Groups[1].Value));
        Assert.Equal("m=0", pieces[^1].Groups[1].Value);
        var png = Convert.FromBase64String(string.Concat(pieces.Select(piece => piece.Groups[2].Value)));
        using var decoded = SKBitmap.Decode(png);
        // Two pixels for each of those that 40 columns have.
        Assert.InRange(decoded.Width, 630, 642);
    }

    [Fact]
    public void A_picture_that_is_wider_than_the_terminal_is_made_smaller()
    {
        var picture = new TrainingCurve([DrawnSamples.Run("a", 3)]);
        var size = Raster().Match(picture.ToGraphics(TerminalGraphics.Sixel, 50));

        Assert.InRange(int.Parse(size.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 390, 401);
        Assert.Equal(picture.ToText(50), picture.ToGraphics(TerminalGraphics.Text, 50));
    }

    /// <summary>A Sixel terminal, as DEC's manual for the VT340 has it.</summary>
    private static (int[]?[,] Pixels, (int, int) Size) Decode(string text, int width, int height)
    {
        Assert.StartsWith("\ePq", text, StringComparison.Ordinal);
        Assert.EndsWith("\e\\", text, StringComparison.Ordinal);
        var raster = Raster().Match(text);
        var palette = new Dictionary<int, int[]>();
        var pixels = new int[]?[height, width];
        var (x, top, colour) = (0, 0, 0);
        foreach (Match match in Token().Matches(text[(raster.Index + raster.Length)..^2]))
        {
            switch (match.Value[0])
            {
                case '#' when match.Groups[2].Success:
                    palette[Number(1)] = [Number(2), Number(3), Number(4)];
                    break;
                case '#':
                    colour = Number(1);
                    break;
                case '$':
                    x = 0;
                    break;
                case '-':
                    (x, top) = (0, top + 6);
                    break;
                default:
                    var count = match.Groups[5].Success ? Number(5) : 1;
                    var bits = match.Value[^1] - '?';
                    for (var i = 0; i < count; i++, x++)
                    for (var bit = 0; bit < 6; bit++)
                    {
                        if ((bits >> bit & 1) == 1)
                            pixels[top + bit, x] = palette[colour];
                    }
                    break;
            }

            int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        }
        return (
            pixels,
            (
                int.Parse(raster.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(raster.Groups[2].ValueSpan, CultureInfo.InvariantCulture)
            )
        );
    }

    [GeneratedRegex("\"1;1;(\\d+);(\\d+)")]
    private static partial Regex Raster();

    [GeneratedRegex(@"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|\$|-|(?:!(\d+))?[?-~]")]
    private static partial Regex Token();

    [GeneratedRegex("\e_G([^;]*);([^\e]*)\e\\\\")]
    private static partial Regex Piece();
}
