using System.Numerics;

namespace PSConvNet.Data;

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
        var turned = ink.Transposed();
        var across = Find(ink, turned, level);
        var down = Find(turned, ink, level);
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

    private static List<Line> Find(Plane ink, Plane turned, int level)
    {
        var (width, height) = (ink.Width, ink.Height);
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
        var sums = SumsAlongRows(turned, level);
        var counts = new ushort[height];
        var (best, sharpest) = (0.0, 0.0);
        ushort[] bestCounts = [];
        for (var i = -Slopes; i <= Slopes; i++)
        {
            var slope = Steepest * i / Slopes;
            CountSheared(sums, width, slope, counts);
            var sharp = 0.0;
            foreach (var count in counts)
                sharp += (double)count * count;
            if (sharp > sharpest)
                (best, sharpest, bestCounts) = (slope, sharp, (ushort[])counts.Clone());
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
            for (var x = from; x < from + tenth; x++)
            {
                foreach (var ink in turned.Levels.AsSpan(x * height, height))
                    count += ink > level ? 1 : 0;
            }
            return 4 * count >= 3 * tenth;
        }
    }

    /// <summary>Of each column and one more how many pixels of each row, before that column, have ink; column after column.</summary>
    private static ushort[] SumsAlongRows(Plane turned, int level)
    {
        var (width, height) = (turned.Height, turned.Width);
        var sums = new ushort[(width + 1) * height];
        for (var x = 0; x < width; x++)
        {
            var column = turned.Levels.AsSpan(x * height, height);
            var before = sums.AsSpan(x * height, height);
            var after = sums.AsSpan((x + 1) * height, height);
            for (var y = 0; y < column.Length; y++)
                after[y] = (ushort)(before[y] + (column[y] > level ? 1 : 0));
        }
        return sums;
    }

    /// <summary>How many pixels have ink on each row that slopes: pieces of rows, from each step of the slope to the next.</summary>
    private static void CountSheared(ushort[] sums, int width, double slope, ushort[] counts)
    {
        var height = counts.Length;
        Array.Clear(counts);
        for (var from = 0; from < width; )
        {
            var shift = Shift(from);
            var until = from + 1;
            while (until < width && Shift(until) == shift)
                until++;
            var (first, last) = (Math.Max(0, -shift), Math.Min(height, height - shift));
            if (first < last)
                AddDifferences(
                    sums.AsSpan(until * height + first + shift, last - first),
                    sums.AsSpan(from * height + first + shift, last - first),
                    counts.AsSpan(first, last - first)
                );
            from = until;
        }

        int Shift(int x) => (int)Math.Round(slope * (x - width / 2));
    }

    private static void AddDifferences(ReadOnlySpan<ushort> more, ReadOnlySpan<ushort> less, Span<ushort> to)
    {
        var i = 0;
        for (; i + Vector<ushort>.Count <= to.Length; i += Vector<ushort>.Count)
            (new Vector<ushort>(to[i..]) + new Vector<ushort>(more[i..]) - new Vector<ushort>(less[i..])).CopyTo(
                to[i..]
            );
        for (; i < to.Length; i++)
            to[i] += (ushort)(more[i] - less[i]);
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
