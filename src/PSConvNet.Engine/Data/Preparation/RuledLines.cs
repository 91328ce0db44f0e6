namespace PSConvNet;

/// <summary>Takes the lines of ruled and squared paper out of the ink.</summary>
internal static class RuledLines
{
    /// <summary>The steepest that a line is looked for, in rows a column: six degrees.</summary>
    private const double Steepest = 0.1;

    private const int Slopes = 40;

    /// <summary>Narrower pictures have no room for lines beside strokes.</summary>
    private const int ShortestLine = 16;

    /// <summary>A line has ink in so much of its length; the rest is where it is faint.</summary>
    private const double Coverage = 0.7;

    /// <summary>The thickest line, as a share of the picture's shorter side, and in pixels.</summary>
    private const double Thickest = 0.025;

    private const int ThickestPixels = 4;

    /// <summary>One line alone is one where strokes are this much thicker; it may be a part of a digit else.</summary>
    private const double Thicker = 1.8;

    /// <summary>Removes lines that run across or down the whole picture.</summary>
    /// <param name="ink">The ink, which is changed.</param>
    /// <param name="level">Above it there is ink.</param>
    /// <returns>How many lines were removed.</returns>
    public static int Remove(Plane ink, int level)
    {
        var across = Find(ink, level);
        var turned = ink.Transposed();
        var down = Find(turned, level);
        if (across.Count + down.Count == 1)
        {
            // Both are measured as twice the area by the outline; a line's own is its thickness.
            var strokes = StrokeWidth.Of(ink, level);
            var line = across.Concat(down).Single();
            if (strokes < Thicker * line.Thickness)
                return 0;
        }
        foreach (var line in across)
            Erase(ink.Levels, ink.Width, ink.Height, 1, ink.Width, line, level);
        foreach (var line in down)
            Erase(ink.Levels, ink.Height, ink.Width, ink.Width, 1, line, level);
        return across.Count + down.Count;
    }

    /// <summary>A line: where it crosses the picture's middle, how it slopes, and how many rows it has.</summary>
    private readonly record struct Line(double Middle, double Slope, int Thickness);

    private static List<Line> Find(Plane ink, int level)
    {
        var (width, height, levels) = (ink.Width, ink.Height, ink.Levels);
        var found = new List<Line>();
        if (width < ShortestLine)
            return found;
        // A line has ink at both ends; most pictures have none there.
        var tenth = Math.Max(2, width / 10);
        if (!HasInk(0) || !HasInk(width - tenth))
            return found;
        var most = Math.Max(ThickestPixels, (int)(Thickest * Math.Min(width, height)));
        if (height < 3 * most)
            return found;
        // How often each row, sheared by a slope, has ink: lines show where the counts are sharpest.
        var counts = new int[height];
        var (best, sharpest) = (0.0, 0.0);
        int[] bestCounts = [];
        var points = new List<(int X, int Y)>();
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            if (levels[y * width + x] > level)
                points.Add((x, y));
        }
        for (var i = -Slopes; i <= Slopes; i++)
        {
            var slope = Steepest * i / Slopes;
            Array.Clear(counts);
            var shift = new int[width];
            for (var x = 0; x < width; x++)
                shift[x] = (int)Math.Round(slope * (x - width / 2));
            foreach (var (x, y) in points)
            {
                var row = y - shift[x];
                if (row >= 0 && row < height)
                    counts[row]++;
            }
            var sharp = 0.0;
            foreach (var count in counts)
                sharp += (double)count * count;
            if (sharp > sharpest)
                (best, sharpest, bestCounts) = (slope, sharp, (int[])counts.Clone());
        }
        for (var y = 0; y < bestCounts.Length; y++)
        {
            if (bestCounts[y] < Coverage * width)
                continue;
            var first = y;
            while (y < height && bestCounts[y] >= Coverage * width / 2)
                y++;
            if (y - first <= most && ReachesBothEnds(ink, level, (first + y - 1) / 2.0, best))
                found.Add(new Line((first + y - 1) / 2.0, best, y - first));
        }
        return found;

        bool HasInk(int from)
        {
            var count = 0;
            for (var y = 0; y < height; y++)
            for (var x = from; x < from + tenth; x++)
                count += levels[y * width + x] > level ? 1 : 0;
            return 4 * count >= 3 * tenth;
        }
    }

    private static bool ReachesBothEnds(Plane ink, int level, double middle, double slope)
    {
        // Of the outermost tenth at either end three quarters have ink.
        var tenth = Math.Max(2, ink.Width / 10);
        return Covered(0) && Covered(ink.Width - tenth);

        bool Covered(int from)
        {
            var count = 0;
            for (var x = from; x < from + tenth; x++)
            {
                var y = (int)Math.Round(middle + slope * (x - ink.Width / 2));
                for (var near = Math.Max(0, y - 1); near <= Math.Min(ink.Height - 1, y + 1); near++)
                {
                    if (ink[x, near] <= level)
                        continue;
                    count++;
                    break;
                }
            }
            return 4 * count >= 3 * tenth;
        }
    }

    /// <summary>Erases a line but where strokes cross it: there the ink goes on above or below.</summary>
    private static void Erase(byte[] levels, int length, int height, int step, int rowStep, Line line, int level)
    {
        var reach = line.Thickness / 2 + 2;
        for (var x = 0; x < length; x++)
        {
            var y = (int)Math.Round(line.Middle + line.Slope * (x - length / 2));
            var (top, bottom) = (y, y);
            for (var near = 0; near <= 2; near++)
            {
                if (IsInk(y - near))
                    top = bottom = y - near;
                else if (IsInk(y + near))
                    top = bottom = y + near;
                else
                    continue;
                break;
            }
            if (!IsInk(top))
                continue;
            while (IsInk(top - 1) && y - top <= reach + 1)
                top--;
            while (IsInk(bottom + 1) && bottom - y <= reach + 1)
                bottom++;
            if (y - top > reach || bottom - y > reach)
                continue;
            // A pixel more on either side, for the line's soft edge.
            for (var at = Math.Max(0, top - 1); at <= Math.Min(height - 1, bottom + 1); at++)
                levels[at * rowStep + x * step] = 0;

            bool IsInk(int row) => row >= 0 && row < height && levels[row * rowStep + x * step] > level;
        }
    }
}
