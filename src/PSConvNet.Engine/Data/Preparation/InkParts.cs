namespace PSConvNet;

/// <summary>Ink that hangs together, neighbours at corners included.</summary>
/// <param name="Label">Its number in <see cref="InkParts.Labels"/>, from 1.</param>
/// <param name="Box">The smallest box around it.</param>
/// <param name="Area">How many pixels it has.</param>
/// <param name="Ink">The sum of their levels.</param>
/// <param name="Border">The share that it covers of one of the picture's four sides; the largest.</param>
internal sealed record InkPart(int Label, PixelBox Box, int Area, long Ink, double Border);

/// <summary>The parts that the ink of a picture falls into.</summary>
internal sealed class InkParts
{
    private int _lastLabel;

    private InkParts(int width, int height, int[] labels, List<InkPart> parts) =>
        (Width, Height, Labels, Parts, _lastLabel) = (width, height, labels, parts, parts.Count);

    public int Width { get; }

    public int Height { get; }

    /// <summary>Of each pixel the part that it belongs to, or 0.</summary>
    public int[] Labels { get; }

    /// <summary>The parts, in the order of their first pixels.</summary>
    public List<InkPart> Parts { get; }

    /// <summary>A label that no part has.</summary>
    public int NextLabel() => ++_lastLabel;

    /// <summary>The same with labels of its own.</summary>
    public InkParts Copy() => new(Width, Height, (int[])Labels.Clone(), [.. Parts]) { _lastLabel = _lastLabel };

    /// <summary>Finds the parts among pixels above a level.</summary>
    public static InkParts Find(Plane ink, int level)
    {
        var (width, height, levels) = (ink.Width, ink.Height, ink.Levels);
        var labels = new int[levels.Length];
        var parts = new List<InkPart>();
        var open = new Stack<int>();
        for (var first = 0; first < levels.Length; first++)
        {
            if (labels[first] != 0 || levels[first] <= level)
                continue;
            var label = parts.Count + 1;
            var (left, top, right, bottom) = (width, height, 0, 0);
            var (area, sum) = (0, 0L);
            var (onLeft, onTop, onRight, onBottom) = (0, 0, 0, 0);
            labels[first] = label;
            open.Push(first);
            while (open.TryPop(out var at))
            {
                var (x, y) = (at % width, at / width);
                area++;
                sum += levels[at];
                (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y + 1));
                onLeft += x == 0 ? 1 : 0;
                onTop += y == 0 ? 1 : 0;
                onRight += x == width - 1 ? 1 : 0;
                onBottom += y == height - 1 ? 1 : 0;
                for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                {
                    var next = ny * width + nx;
                    if (labels[next] != 0 || levels[next] <= level)
                        continue;
                    labels[next] = label;
                    open.Push(next);
                }
            }
            var border = Math.Max(
                (double)Math.Max(onLeft, onRight) / height,
                (double)Math.Max(onTop, onBottom) / width
            );
            parts.Add(new InkPart(label, new PixelBox(left, top, right - left, bottom - top), area, sum, border));
        }
        return new InkParts(width, height, labels, parts);
    }

    /// <summary>Whether a part is the outline of a rectangle, tilted or not: what it surrounds fills one, and it is hollow.</summary>
    public bool IsFrame(InkPart part)
    {
        const double hollow = 0.45;
        return Surrounded(part, out var filled) && part.Area < hollow * filled;
    }

    /// <summary>Whether a part is a sheet with something on it: it fills a rectangle, but for holes.</summary>
    public bool IsSheet(InkPart part)
    {
        const double solid = 0.97;
        return Surrounded(part, out var filled) && part.Area < solid * filled;
    }

    /// <summary>Whether a part and what it surrounds fill a rectangle.</summary>
    private bool Surrounded(InkPart part, out int filled)
    {
        // An ellipse fills 0.79 of the smallest rectangle around it, a rectangle whose corners are rounded or lie in shadow 0.9.
        const double rectangular = 0.88;
        filled = part.Box.Width * part.Box.Height - Outside(part);
        return filled > rectangular * SmallestRectangle(part);
    }

    /// <summary>How many pixels of a part's box can be reached from its edge without crossing the part.</summary>
    private int Outside(InkPart part)
    {
        var box = part.Box;
        var (width, height) = (box.Width + 2, box.Height + 2);
        var seen = new bool[width * height];
        var open = new Stack<int>();
        var count = -2 * (width + height) + 4;
        seen[0] = true;
        open.Push(0);
        while (open.TryPop(out var at))
        {
            count++;
            var (x, y) = (at % width, at / width);
            Visit(x - 1, y);
            Visit(x + 1, y);
            Visit(x, y - 1);
            Visit(x, y + 1);
        }
        return count;

        void Visit(int x, int y)
        {
            if (x < 0 || y < 0 || x >= width || y >= height || seen[y * width + x])
                return;
            var isInside = x > 0 && y > 0 && x <= box.Width && y <= box.Height;
            if (isInside && Labels[(box.Top + y - 1) * Width + box.Left + x - 1] == part.Label)
                return;
            seen[y * width + x] = true;
            open.Push(y * width + x);
        }
    }

    /// <summary>The area of the smallest rectangle around a part, over turns by five degrees.</summary>
    private double SmallestRectangle(InkPart part)
    {
        var ends = new List<(int X, int Y)>();
        for (var y = part.Box.Top; y < part.Box.Top + part.Box.Height; y++)
        {
            var row = Labels.AsSpan(y * Width + part.Box.Left, part.Box.Width);
            var (first, last) = (row.IndexOf(part.Label), row.LastIndexOf(part.Label));
            if (first >= 0)
            {
                ends.Add((first, y));
                ends.Add((last, y));
            }
        }
        var least = double.MaxValue;
        for (var degrees = 0; degrees < 90; degrees += 5)
        {
            var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
            var (left, right, top, bottom) = (double.MaxValue, double.MinValue, double.MaxValue, double.MinValue);
            foreach (var (x, y) in ends)
            {
                var (u, v) = (x * cos + y * sin, y * cos - x * sin);
                (left, right, top, bottom) = (
                    Math.Min(left, u),
                    Math.Max(right, u),
                    Math.Min(top, v),
                    Math.Max(bottom, v)
                );
            }
            least = Math.Min(least, (right - left + 1) * (bottom - top + 1));
        }
        return least;
    }
}
