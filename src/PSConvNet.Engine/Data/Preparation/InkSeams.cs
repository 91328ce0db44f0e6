namespace PSConvNet.Data;

/// <summary>Paths from the top of an object to its bottom along which it can be cut.</summary>
internal static class InkSeams
{
    /// <summary>A path reaches this share of the object's height to either side.</summary>
    private const double Reach = 0.15;

    /// <summary>Paths are looked for at every such share.</summary>
    private const double Step = 0.05;

    /// <summary>Two paths lie this share apart at least, and as far from the ends.</summary>
    private const double Apart = 0.06;

    /// <summary>What a pixel of ink costs, straight down; a little more is asked for each step aside, so that paths are straight where there is a choice.</summary>
    private const int Pixel = 100;

    private const int Diagonal = 141;

    private const int Aside = 1;

    /// <summary>A path: of each row of the object the first column to its right, and how many pixels of ink it goes through.</summary>
    public sealed record Seam(int[] Columns, double Ink)
    {
        public double Middle { get; } = Columns.Average();
    }

    /// <summary>Finds the paths that cross the least ink, from left to right.</summary>
    /// <param name="ink">Of each pixel of the object's box whether it is ink.</param>
    /// <param name="width">The box's width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="usual">The usual height of an object.</param>
    /// <param name="mostInk">The most ink that a path may cross.</param>
    /// <param name="most">How many to find at most.</param>
    public static List<Seam> Find(bool[] ink, int width, int height, int usual, double mostInk, int most)
    {
        var (reach, step) = (Math.Max(2, (int)(Reach * usual)), Math.Max(1, (int)(Step * usual)));
        var apart = Math.Max(2, Apart * usual);
        var found = new List<Seam>();
        for (var middle = (int)apart; middle <= width - apart; middle += step)
        {
            var seam = Cheapest(ink, width, height, Math.Max(1, middle - reach), Math.Min(width - 1, middle + reach));
            if (seam.Ink <= mostInk && seam.Middle >= apart && seam.Middle <= width - apart)
                found.Add(seam);
        }
        var kept = new List<Seam>();
        foreach (var seam in found.OrderBy(seam => seam.Ink))
        {
            if (kept.Count < most && kept.TrueForAll(other => Math.Abs(other.Middle - seam.Middle) >= apart))
                kept.Add(seam);
        }
        return [.. kept.OrderBy(seam => seam.Middle)];
    }

    /// <summary>The path through the least ink between two columns, both included.</summary>
    private static Seam Cheapest(bool[] ink, int width, int height, int first, int last)
    {
        var count = last - first + 1;
        var cost = new int[height * count];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < count; x++)
        {
            var (pixel, aside) = ink[y * width + first + x] ? (Pixel, Diagonal) : (0, Aside);
            var best = y == 0 ? pixel : cost[(y - 1) * count + x] + pixel;
            if (y > 0 && x > 0)
                best = Math.Min(best, cost[(y - 1) * count + x - 1] + aside);
            if (y > 0 && x < count - 1)
                best = Math.Min(best, cost[(y - 1) * count + x + 1] + aside);
            cost[y * count + x] = best;
        }
        // Of several that cost the same the one nearest the middle.
        var at = Enumerable.Range(0, count).MinBy(x => (cost[(height - 1) * count + x], Math.Abs(2 * x - count + 1)));
        var total = cost[(height - 1) * count + at];
        var columns = new int[height];
        for (var y = height - 1; ; y--)
        {
            columns[y] = first + at;
            if (y == 0)
                break;
            var (pixel, aside) = ink[y * width + first + at] ? (Pixel, Diagonal) : (0, Aside);
            var here = cost[y * count + at];
            if (here == cost[(y - 1) * count + at] + pixel)
                continue;
            at += at > 0 && here == cost[(y - 1) * count + at - 1] + aside ? -1 : 1;
        }
        return new Seam(columns, (double)total / Pixel);
    }
}
