using System.Numerics;
using System.Runtime.CompilerServices;

namespace PSConvNet.Data;

/// <summary>What a picture would be without its strokes: a morphological closing with a square, in time that does not depend on its side.</summary>
internal static class PaperFilter
{
    /// <summary>
    /// Fills with lightness whatever is dark and too narrow to hold a square of 2 x <paramref name="radius"/> + 1 pixels; what is wider, such as
    /// a table beside the paper or the far side of a shadow's edge, stays as it is.
    /// </summary>
    public static Plane Close(Plane plane, int radius)
    {
        var lightest = Outermost(Outermost(plane, radius, darkest: false).Transposed(), radius, darkest: false);
        return Outermost(Outermost(lightest, radius, darkest: true).Transposed(), radius, darkest: true);
    }

    /// <summary>The lightest or darkest level within so many pixels above and below, as far as the column goes (van Herk 1992), of all columns at once.</summary>
    private static Plane Outermost(Plane plane, int radius, bool darkest)
    {
        var (width, height, length) = (plane.Width, plane.Height, 2 * radius + 1);
        // Columns are cut into pieces of the window's length: the outermost so far from each piece's start, and from its end.
        var fromStart = (byte[])plane.Levels.Clone();
        var fromEnd = (byte[])plane.Levels.Clone();
        for (var y = 1; y < height; y++)
        {
            if (y % length != 0)
                Take(Row(fromStart, y), Row(fromStart, y - 1), Row(fromStart, y), darkest);
        }
        for (var y = height - 2; y >= 0; y--)
        {
            if (y % length != length - 1)
                Take(Row(fromEnd, y), Row(fromEnd, y + 1), Row(fromEnd, y), darkest);
        }
        var result = GC.AllocateUninitializedArray<byte>(plane.Levels.Length);
        for (var y = 0; y < height; y++)
        {
            var (first, last) = (Math.Max(0, y - radius), Math.Min(height - 1, y + radius));
            if (first / length != last / length)
                Take(Row(fromEnd, first), Row(fromStart, last), Row(result, y), darkest);
            // A window within one piece begins or ends with it.
            else if (first % length == 0)
                Row(fromStart, last).CopyTo(Row(result, y));
            else
                Row(fromEnd, first).CopyTo(Row(result, y));
        }
        return new Plane(width, height, result);

        Span<byte> Row(byte[] levels, int y) => levels.AsSpan(y * width, width);
    }

    /// <summary>Of each two levels the lighter or darker one.</summary>
    private static void Take(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, Span<byte> to, bool darkest)
    {
        var x = 0;
        for (; x + Vector<byte>.Count <= to.Length; x += Vector<byte>.Count)
        {
            var (a, b) = (new Vector<byte>(one[x..]), new Vector<byte>(other[x..]));
            (darkest ? Vector.Min(a, b) : Vector.Max(a, b)).CopyTo(to[x..]);
        }
        for (; x < to.Length; x++)
            to[x] = darkest ? Math.Min(one[x], other[x]) : Math.Max(one[x], other[x]);
    }

    /// <summary>The median of each pixel and its eight neighbours; the outermost pixels stay.</summary>
    public static Plane Median(Plane plane)
    {
        var (width, height, from) = (plane.Width, plane.Height, plane.Levels);
        var result = (byte[])from.Clone();
        for (var y = 1; y < height - 1; y++)
        {
            var x = 1;
            for (; x + Vector<byte>.Count < width; x += Vector<byte>.Count)
                OfNine(y, x).CopyTo(result, y * width + x);
            // The last ones once more, with those before them; of a narrow picture each for itself.
            if (width > Vector<byte>.Count + 1)
                OfNine(y, width - 1 - Vector<byte>.Count).CopyTo(result, y * width + width - 1 - Vector<byte>.Count);
            else
                for (; x < width - 1; x++)
                    result[y * width + x] = OfNineAlone(y, x);
        }
        return new Plane(width, height, result);

        // The median is that of the largest of the three columns' least, the median of their middles, and the least of their largest.
        Vector<byte> OfNine(int y, int x)
        {
            var (low, middle, high) = (default(Three), default(Three), default(Three));
            for (var i = 0; i < 3; i++)
            {
                var at = y * width + x - 1 + i;
                var (a, b, c) = (
                    new Vector<byte>(from, at - width),
                    new Vector<byte>(from, at),
                    new Vector<byte>(from, at + width)
                );
                low[i] = Vector.Min(Vector.Min(a, b), c);
                high[i] = Vector.Max(Vector.Max(a, b), c);
                middle[i] = OfThree(a, b, c);
            }
            return OfThree(
                Vector.Max(Vector.Max(low[0], low[1]), low[2]),
                OfThree(middle[0], middle[1], middle[2]),
                Vector.Min(Vector.Min(high[0], high[1]), high[2])
            );
        }

        static Vector<byte> OfThree(Vector<byte> a, Vector<byte> b, Vector<byte> c) =>
            Vector.Max(Vector.Min(a, b), Vector.Min(Vector.Max(a, b), c));

        byte OfNineAlone(int y, int x)
        {
            Span<byte> nine = stackalloc byte[9];
            for (var i = 0; i < 3; i++)
                from.AsSpan((y - 1 + i) * width + x - 1, 3).CopyTo(nine[(3 * i)..]);
            nine.Sort();
            return nine[4];
        }
    }

    /// <summary>Each pixel with its neighbours, weighted 1 2 1 across and down.</summary>
    public static Plane Blur(Plane plane)
    {
        return Across(Across(plane).Transposed()).Transposed();

        static Plane Across(Plane plane)
        {
            var (width, from) = (plane.Width, plane.Levels);
            var result = new byte[from.Length];
            for (var y = 0; y < plane.Height; y++)
            for (int x = 0, at = y * width; x < width; x++, at++)
            {
                var (before, after) = (from[x > 0 ? at - 1 : at], from[x < width - 1 ? at + 1 : at]);
                result[at] = (byte)((before + 2 * from[at] + after + 2) / 4);
            }
            return new Plane(width, plane.Height, result);
        }
    }

    /// <summary>The standard deviation of the noise, in levels: from how much neighbours differ, of which edges are few.</summary>
    public static double Noise(Plane plane)
    {
        // In two tables: a level that comes twice in a row would wait for itself.
        Span<int> counts = stackalloc int[256];
        Span<int> others = stackalloc int[256];
        for (var y = 0; y < plane.Height; y++)
        {
            var row = plane.Levels.AsSpan(y * plane.Width, plane.Width);
            var x = 1;
            for (; x + 1 < row.Length; x += 2)
            {
                counts[Math.Abs(row[x] - row[x - 1])]++;
                others[Math.Abs(row[x + 1] - row[x])]++;
            }
            if (x < row.Length)
                counts[Math.Abs(row[x] - row[x - 1])]++;
        }
        var total = 0;
        for (var level = 0; level < 256; level++)
            total += counts[level] += others[level];
        // The median of the difference of two normal numbers is 0.954 of one's standard deviation. Levels are whole numbers: half a
        // level to either side counts as the same.
        if (total == 0)
            return 0;
        var below = 0;
        for (var level = 0; level < 256; level++)
        {
            if (below + counts[level] >= 0.5 * total)
            {
                var within = (0.5 * total - below) / counts[level];
                return Math.Max(0, level - 0.5 + within) / 0.954;
            }
            below += counts[level];
        }
        return 255;
    }

    [InlineArray(3)]
    private struct Three
    {
        private Vector<byte> _first;
    }
}
