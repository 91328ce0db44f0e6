namespace PSConvNet.Data;

/// <summary>Fits strokes into a box and lays them into a frame, as the authors of MNIST did: aspect kept, centred by mass.</summary>
internal static class DigitFrame
{
    /// <summary>The room kept around the box while it is fitted, in pixels of the sample: strokes have soft edges.</summary>
    private const int Room = 2;

    /// <summary>Less ink than this share of the strokes' insides is taken for paper's dirt.</summary>
    private const double Dirt = 0.1;

    /// <summary>The widths that MNIST's strokes have, in pixels where the digit is 20 high or wide: one in a hundred is thinner, two in a hundred thicker.</summary>
    private const double Thin = 1.4;

    private const double Thick = 4.4;

    /// <summary>What thinner and thicker ones are made.</summary>
    private const double ThinTo = 1.7;

    private const double ThickTo = 3.8;

    /// <summary>MNIST's digits fit into this.</summary>
    private const double Usual = 20;

    /// <summary>The least that the darkest pixel of a sample may be lifted from, as a share of full ink.</summary>
    private const double LeastLift = 0.5;

    /// <summary>The strokes of one object, cut out with room around them.</summary>
    /// <param name="reading">The picture.</param>
    /// <param name="labels">The parts that the object consists of.</param>
    /// <param name="box">The box around them.</param>
    /// <param name="margin">The room, in the picture's pixels.</param>
    /// <param name="contrast">Whether strokes are made full ink.</param>
    public static Plane Cut(InkReading reading, IReadOnlySet<int> labels, PixelBox box, int margin, bool contrast)
    {
        var ink = reading.Ink;
        var cut = new Plane(box.Width + 2 * margin, box.Height + 2 * margin);
        var full = contrast ? Math.Max(1, reading.Inside) : 255;
        var dirt = Dirt * full;
        var shares = new byte[256];
        for (var level = 0; level < 256; level++)
            shares[level] = (byte)(255 * Math.Clamp((level - dirt) / (full - dirt), 0, 1) + 0.5);
        // Near its own strokes a soft edge belongs to the object; near another object's it does not.
        var around = new PixelBox(box.Left - margin, box.Top - margin, cut.Width, cut.Height).Within(
            ink.Width,
            ink.Height
        );
        var mine = Near(reading, labels, around);
        for (var y = around.Top; y < around.Bottom; y++)
        for (var x = around.Left; x < around.Right; x++)
        {
            if (mine[(y - around.Top) * around.Width + x - around.Left])
                cut.Levels[(y - box.Top + margin) * cut.Width + x - box.Left + margin] = shares[
                    ink.Levels[y * ink.Width + x]
                ];
        }
        return cut;
    }

    /// <summary>Which pixels of a box can be reached from the object's own strokes, through ink, without meeting another's strokes.</summary>
    private static bool[] Near(InkReading reading, IReadOnlySet<int> labels, PixelBox around)
    {
        var (levels, strokes, length) = (reading.Ink.Levels, reading.Strokes!, reading.Ink.Width);
        var isOwn = new bool[strokes.LastLabel + 1];
        foreach (var label in labels)
            isOwn[label] = true;
        var mine = new bool[around.Width * around.Height];
        var open = new Stack<(int X, int Y)>();
        for (var y = around.Top; y < around.Bottom; y++)
        for (var x = around.Left; x < around.Right; x++)
        {
            if (isOwn[strokes.Labels[y * length + x]])
                mine[(y - around.Top) * around.Width + x - around.Left] = true;
        }
        for (var y = around.Top; y < around.Bottom; y++)
        for (var x = around.Left; x < around.Right; x++)
        {
            if (isOwn[strokes.Labels[y * length + x]])
                VisitAround(x, y);
        }
        while (open.TryPop(out var at))
            VisitAround(at.X, at.Y);
        return mine;

        void VisitAround(int x, int y)
        {
            var level = levels[y * length + x];
            if (x > around.Left)
                Visit(level, x - 1, y);
            if (x < around.Right - 1)
                Visit(level, x + 1, y);
            if (y > around.Top)
                Visit(level, x, y - 1);
            if (y < around.Bottom - 1)
                Visit(level, x, y + 1);
        }

        void Visit(byte from, int x, int y)
        {
            ref var isMine = ref mine[(y - around.Top) * around.Width + x - around.Left];
            var at = y * length + x;
            // Down a soft edge the ink grows less.
            if (isMine || levels[at] == 0 || levels[at] > from || strokes.Labels[at] != 0)
                return;
            isMine = true;
            open.Push((x, y));
        }
    }

    /// <summary>How much wider, on either side, strokes must be to be as wide as MNIST's; negative for narrower, 0 where they are.</summary>
    /// <param name="cut">The strokes.</param>
    /// <param name="longSide">The longer side of the box around them, in pixels.</param>
    public static double Growth(Plane cut, int longSide)
    {
        var scale = Usual / longSide;
        var width = StrokeWidth.Of(cut, 0) * scale;
        return width switch
        {
            <= 0 => 0,
            < Thin => (ThinTo - width) / 2 / scale,
            > Thick => (ThickTo - width) / 2 / scale,
            _ => 0,
        };
    }

    /// <summary>Makes the sample.</summary>
    /// <param name="cut">Strokes with room around them.</param>
    /// <param name="box">The strokes' box within it.</param>
    /// <param name="height">The sample's height.</param>
    /// <param name="width">The sample's width.</param>
    /// <param name="fit">The side of the square that the strokes are fitted into.</param>
    /// <param name="byMass">Whether the centre of mass goes to the middle, and not that of the box.</param>
    /// <param name="contrast">Whether faint strokes are lifted.</param>
    public static byte[] Fit(Plane cut, PixelBox box, int height, int width, int fit, bool byMass, bool contrast)
    {
        var scale = (double)fit / box.LongSide;
        var (fittedWidth, fittedHeight) = (
            Math.Max(1, (int)Math.Ceiling(box.Width * scale - 1e-9)),
            Math.Max(1, (int)Math.Ceiling(box.Height * scale - 1e-9))
        );
        var (across, down) = (fittedWidth + 2 * Room, fittedHeight + 2 * Room);
        // The box lies in the middle of the whole pixels that it needs.
        var left = Room + (fittedWidth - box.Width * scale) / 2;
        var top = Room + (fittedHeight - box.Height * scale) / 2;
        var columns = Coverage(cut.Width, across, box.Left, left, scale);
        var rows = Coverage(cut.Height, down, box.Top, top, scale);
        var fitted = new double[across * down];
        var (mass, massX, massY, most) = (0.0, 0.0, 0.0, 0.0);
        for (var y = 0; y < down; y++)
        for (var x = 0; x < across; x++)
        {
            var sum = 0.0;
            foreach (var (row, rowWeight) in rows[y])
            {
                var levels = cut.Levels.AsSpan(row * cut.Width, cut.Width);
                foreach (var (column, weight) in columns[x])
                {
                    if (levels[column] != 0)
                        sum += rowWeight * weight * levels[column];
                }
            }
            fitted[y * across + x] = sum;
            mass += sum;
            massX += sum * (x + 0.5);
            massY += sum * (y + 0.5);
            most = Math.Max(most, sum);
        }
        var sample = new byte[height * width];
        if (mass == 0)
            return sample;
        var (centreX, centreY) = byMass ? (massX / mass, massY / mass) : (across / 2.0, down / 2.0);
        // As in MNIST, where the centre lies in the pixel right of and below the middle, whose own middle is 14.5, 14.5 of 28.
        var (toX, toY) = ((int)Math.Ceiling(width / 2.0 - centreX), (int)Math.Ceiling(height / 2.0 - centreY));
        var lift = contrast ? 255 / Math.Max(most, LeastLift * 255) : 1;
        for (var y = 0; y < down; y++)
        for (var x = 0; x < across; x++)
        {
            var (sx, sy) = (toX + x, toY + y);
            if (sx >= 0 && sy >= 0 && sx < width && sy < height)
                sample[sy * width + sx] = (byte)Math.Min(255, lift * fitted[y * across + x] + 0.5);
        }
        return sample;
    }

    /// <summary>Of which old pixels along one side each new one is made: the mean of those it covers, or between two where it is smaller.</summary>
    /// <param name="length">How many old pixels there are.</param>
    /// <param name="newLength">How many new ones.</param>
    /// <param name="origin">A place among the old ones.</param>
    /// <param name="newOrigin">The same place among the new ones.</param>
    /// <param name="scale">New pixels for an old one.</param>
    private static (int At, double Weight)[][] Coverage(
        int length,
        int newLength,
        double origin,
        double newOrigin,
        double scale
    )
    {
        var covers = new (int, double)[newLength][];
        var cover = new List<(int, double)>();
        for (var to = 0; to < newLength; to++)
        {
            cover.Clear();
            var (from, until) = (origin + (to - newOrigin) / scale, origin + (to + 1 - newOrigin) / scale);
            if (scale > 1)
            {
                var at = (from + until) / 2 - 0.5;
                var first = (int)Math.Floor(at);
                Add(first, 1 - (at - first));
                Add(first + 1, at - first);
            }
            else
            {
                for (var at = (int)Math.Floor(from); at < until; at++)
                    Add(at, (Math.Min(at + 1, until) - Math.Max(at, from)) * scale);
            }
            covers[to] = [.. cover];
        }
        return covers;

        void Add(int at, double weight)
        {
            if (at >= 0 && at < length && weight > 1e-12)
                cover.Add((at, weight));
        }
    }
}
