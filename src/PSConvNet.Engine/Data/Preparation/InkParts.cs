namespace PSConvNet.Data;

/// <summary>Connected ink, neighbours at corners included.</summary>
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

    /// <summary>The highest label that was given.</summary>
    public int LastLabel => _lastLabel;

    /// <summary>A label that no part has.</summary>
    public int NextLabel() => ++_lastLabel;

    /// <summary>The same with labels of its own.</summary>
    public InkParts Copy() => new(Width, Height, (int[])Labels.Clone(), [.. Parts]) { _lastLabel = _lastLabel };

    /// <summary>Finds the parts among pixels above a level.</summary>
    public static InkParts Find(Plane ink, int level)
    {
        var (width, height) = (ink.Width, ink.Height);
        var labels = new int[width * height];
        var runs = new InkRuns(ink, level).Led();
        var labelOf = new int[runs.Length];
        var found = new List<Extent>();
        for (var i = 0; i < runs.Length; i++)
        {
            var (y, start, end, leader) = runs[i];
            if (leader == i)
            {
                found.Add(new Extent());
                labelOf[i] = found.Count;
            }
            var label = labelOf[leader];
            found[label - 1].Add(ink, y, start, end);
            labels.AsSpan(y * width + start, end - start).Fill(label);
        }
        return new InkParts(width, height, labels, [.. found.Select((extent, i) => extent.Part(i + 1, width, height))]);
    }

    /// <summary>The measures of a part, gathered run by run.</summary>
    private sealed class Extent
    {
        private int _left = int.MaxValue;
        private int _top = int.MaxValue;
        private int _right;
        private int _bottom;
        private int _area;
        private long _ink;
        private int _onLeft;
        private int _onTop;
        private int _onRight;
        private int _onBottom;

        public void Add(Plane ink, int y, int start, int end)
        {
            foreach (var level in ink.Levels.AsSpan(y * ink.Width + start, end - start))
                _ink += level;
            _area += end - start;
            (_left, _right) = (Math.Min(_left, start), Math.Max(_right, end));
            (_top, _bottom) = (Math.Min(_top, y), y + 1);
            _onLeft += start == 0 ? 1 : 0;
            _onRight += end == ink.Width ? 1 : 0;
            _onTop += y == 0 ? end - start : 0;
            _onBottom += y == ink.Height - 1 ? end - start : 0;
        }

        public InkPart Part(int label, int width, int height) =>
            new(
                label,
                new PixelBox(_left, _top, _right - _left, _bottom - _top),
                _area,
                _ink,
                Math.Max((double)Math.Max(_onLeft, _onRight) / height, (double)Math.Max(_onTop, _onBottom) / width)
            );
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
        filled = 0;
        var ends = Ends(part);
        var most = 0;
        for (var i = 0; i < ends.Count; i += 2)
            most += ends[i + 1].X - ends[i].X + 1;
        var least = rectangular * SmallestRectangle(ends);
        // No more than each row from its first pixel to its last can be filled, and counting that is quicker.
        if (most <= least)
            return false;
        filled = part.Box.Width * part.Box.Height - Outside(part);
        return filled > least;
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

    /// <summary>Of each row of a part that has any its first pixel and its last.</summary>
    private List<(int X, int Y)> Ends(InkPart part)
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
        return ends;
    }

    /// <summary>The area of the smallest rectangle around a part, over turns by five degrees.</summary>
    private static double SmallestRectangle(List<(int X, int Y)> ends)
    {
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
