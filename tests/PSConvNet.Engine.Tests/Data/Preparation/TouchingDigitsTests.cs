using PSConvNet.Benchmarks.Pictures;
using SkiaSharp;

namespace PSConvNet.Tests.Data.Preparation;

/// <summary>Digits that touch are parted where a network recognises the pieces; here it knows the drawn ones by their difference.</summary>
public sealed class TouchingDigitsTests
{
    private static readonly Shape s_sample = new(28, 28);

    [Fact]
    public void A_wide_digit_that_is_recognised_stays_whole()
    {
        var picture = Drawn(canvas => canvas.DrawOval(300, 150, 120, 80, Pen()));
        var whole = DigitPictures.Sample(picture);

        var prepared = Split(picture, sample => DigitPictures.Difference(whole, sample) < 5 ? 0.99 : 0.1);

        Assert.Single(prepared.Objects);
        Assert.Empty(prepared.Doubts);
    }

    /// <summary>Where two rounds touch, their sides run beside each other, and what is to be cut is thicker than a stroke.</summary>
    [Theory]
    [InlineData("0", 2)]
    [InlineData("0", 3)]
    [InlineData("8", 2)]
    [InlineData("8", 3)]
    public void Rings_that_touch_are_parted(string digit, int count)
    {
        var alone = DigitPictures.Sample(Drawn(canvas => Round(canvas, 150)));
        foreach (var overlap in (int[])[0, 4, 8, 12])
        {
            var step = (digit == "0" ? 120 : 100) + 20 - overlap;
            var picture = Drawn(canvas =>
            {
                for (var i = 0; i < count; i++)
                    Round(canvas, 100 + i * step);
            });

            var prepared = Split(picture, sample => Math.Max(0.01, 1 - DigitPictures.Difference(alone, sample) / 40));

            Assert.Equal(count, prepared.Objects.Count);
            for (var i = 0; i < count; i++)
            {
                // Within a stroke's width: the cut may run on either side of where they touch.
                var box = prepared.Objects[i].Box!;
                Assert.InRange(box.Left + box.Width / 2.0, 100 + i * step - 20, 100 + i * step + 20);
            }
        }

        void Round(SKCanvas canvas, float x)
        {
            if (digit == "0")
            {
                Ring(canvas, x);
                return;
            }
            canvas.DrawOval(x, 110, 42, 40, Pen());
            canvas.DrawOval(x, 196, 50, 46, Pen());
        }
    }

    [Fact]
    public void Two_ways_that_are_as_likely_are_a_doubt()
    {
        var picture = Drawn(canvas =>
        {
            Ring(canvas, 150);
            Ring(canvas, 275);
        });

        Assert.Contains(PictureDoubt.Touching, Split(picture, _ => 0.3).Doubts);
    }

    [Fact]
    public void The_way_that_is_chosen_is_the_most_likely_of_all_there_are()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            double[] costs = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.NextDouble())];
            var last = costs.Length + 1;
            var likely = new Dictionary<(int From, int Until), double>();
            for (var from = 0; from < last; from++)
            for (var until = from + 1; until <= last; until++)
            {
                if (random.Next(4) > 0)
                    likely[(from, until)] = -5 * random.NextDouble();
            }
            var ways = Ways(0, last)
                .Where(way => way.TrueForAll(likely.ContainsKey))
                .Select(way =>
                    (
                        Way: way,
                        Score: way.Sum(piece => likely[piece]) - way.SkipLast(1).Sum(piece => costs[piece.Until - 1])
                    )
                )
                .OrderByDescending(way => way.Score)
                .ToArray();

            var chosen = TouchingDigits.Choose(likely, costs, out var lead);

            Assert.Equal(ways.Length == 0 ? [(0, last)] : ways[0].Way, chosen);
            var others = ways.Where(way => way.Way.Count != chosen.Count).Select(way => way.Score).ToArray();
            if (ways.Length == 0)
                Assert.Equal(double.NegativeInfinity, lead);
            else
                Assert.Equal(others.Length == 0 ? double.PositiveInfinity : ways[0].Score - others.Max(), lead, 1e-9);
        }

        static IEnumerable<List<(int From, int Until)>> Ways(int from, int last) =>
            from == last
                ?
                [
                    [],
                ]
                : Enumerable
                    .Range(from + 1, last - from)
                    .SelectMany(until => Ways(until, last).Select(rest => rest.Prepend((from, until)).ToList()));
    }

    [Fact]
    public void A_path_leads_through_the_thinnest_place_even_where_that_is_aslant()
    {
        // Two bars that lean to the right, and a bridge three pixels high between them.
        const int width = 46;
        const int height = 40;
        var ink = new bool[width * height];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var along = x - (height - y) / 3;
            ink[y * width + x] =
                along is >= 2 and < 12 or >= 22 and < 32 || (along is >= 12 and < 22 && y is >= 20 and < 23);
        }

        var seams = InkSeams.Find(ink, width, height, height, mostInk: 5, most: 3);

        var seam = seams.MinBy(seam => seam.Ink)!;
        Assert.InRange(seam.Ink, 3, 3.5);
        for (var y = 0; y < height; y++)
            Assert.InRange(seam.Columns[y] - (height - y) / 3, 11, 23);
    }

    private static PreparedPicture Split(PixelPicture picture, Func<byte[], double> probability) =>
        new ImagePreparation().Prepare(
            picture,
            s_sample,
            split: true,
            probabilities: samples => [.. samples.Select(sample => probability(sample.Pixels.ToArray()))]
        );

    private static void Ring(SKCanvas canvas, float x) => canvas.DrawOval(x, 150, 60, 80, Pen());

    private static SKPaint Pen() => new() { IsStroke = true, StrokeWidth = 20 };

    private static PixelPicture Drawn(Action<SKCanvas> draw)
    {
        using var picture = new DrawnPicture(600, 300, SKColors.White, 1);
        return DigitPictures.Read(picture.Draw(draw).Png());
    }
}
