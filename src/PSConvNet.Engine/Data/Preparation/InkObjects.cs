namespace PSConvNet.Data;

/// <summary>Objects made of parts: a digit may be broken, and two may touch.</summary>
internal static class InkObjects
{
    /// <summary>Parts of one object lie no further apart than this share of the largest one's longer side.</summary>
    private const double Near = 0.2;

    /// <summary>Parts one above the other belong together where they share this much of the narrower one's width.</summary>
    private const double SharedWidth = 0.4;

    /// <summary>And lie no further apart than this share of the usual height.</summary>
    private const double GapDown = 0.4;

    /// <summary>A part lower than this share of its neighbour, close beside it, is a piece of it.</summary>
    private const double PieceHeight = 0.65;

    /// <summary>As close as this share of the usual height.</summary>
    private const double GapAcross = 0.1;

    /// <summary>A whole object is at most this much higher than the highest part.</summary>
    private const double Higher = 1.5;

    /// <summary>What is smaller than this share of the usual height is a dot, not a digit.</summary>
    private const double Dot = 0.35;

    /// <summary>An object this much wider than high is several that touch.</summary>
    private const double Wide = 1.3;

    /// <summary>The width of one digit, as a share of the height.</summary>
    private const double UsualWidth = 0.75;

    /// <summary>Digits are parted at places no thicker than so many widths of a stroke.</summary>
    private const double ThinPlace = 1.6;

    /// <summary>Or by no more than this share of their height: two rounds that touch do so along their sides.</summary>
    private const double ThinShare = 0.4;

    /// <summary>An object: the labels of its parts, the box around them, and its line, from 1.</summary>
    public sealed record InkObject(IReadOnlySet<int> Labels, PixelBox Box, long Ink)
    {
        public int Line { get; init; } = 1;
    }

    /// <summary>The one object that a picture is of: the parts that lie close together and have the most ink.</summary>
    public static InkObject Main(InkParts strokes)
    {
        var near = Near * strokes.Parts.Max(part => part.Box.LongSide);
        return Joined(strokes.Parts, (a, b) => a.Box.GapTo(b.Box) <= near).MaxBy(found => found.Ink)!;
    }

    /// <summary>All objects, line after line from left to right.</summary>
    /// <param name="strokes">The parts; touching objects are given labels of their own.</param>
    /// <param name="strokeWidth">The strokes' mean width in pixels.</param>
    /// <param name="touching">Whether there are objects that may touch, and it isn't sure where one ends.</param>
    /// <param name="probabilities">How probable a network's answer is for each of some objects; null without a network.</param>
    public static IReadOnlyList<InkObject> Find(
        InkParts strokes,
        double strokeWidth,
        out bool touching,
        Func<IReadOnlyList<InkObject>, IReadOnlyList<double>>? probabilities = null
    )
    {
        touching = false;
        if (strokes.Parts.Count == 0)
            return [];
        var highest = strokes.Parts.Max(part => part.Box.Height);
        int[] high = [.. strokes.Parts.Select(part => part.Box.Height).Where(h => 2 * h >= highest).Order()];
        var usual = high[high.Length / 2];
        var objects = Joined(strokes.Parts, (a, b) => AreOne(a.Box, b.Box, usual));
        objects.RemoveAll(found => found.Box.LongSide < Dot * usual);
        var parted = new List<InkObject>();
        if (probabilities is not null)
        {
            var digits = new TouchingDigits(strokes, strokeWidth, usual, probabilities);
            foreach (var found in objects)
            {
                parted.AddRange(digits.Part(found, out var isSure));
                touching |= !isSure;
            }
            return InLines(parted);
        }
        foreach (var found in objects)
        {
            if (found.Box.Width <= Wide * Math.Max(found.Box.Height, usual))
            {
                parted.Add(found);
                continue;
            }
            parted.AddRange(Part(strokes, found, strokeWidth, out var isSure));
            touching |= !isSure;
        }
        return InLines(parted);
    }

    private static bool AreOne(PixelBox a, PixelBox b, int usual)
    {
        if (a.With(b).Height > Higher * usual)
            return false;
        var (across, down) = (a.GapAcross(b), a.GapDown(b));
        // Digits of two lines lie above one another, too, and are as high as any.
        var isAbove =
            -across >= SharedWidth * Math.Min(a.Width, b.Width)
            && down <= GapDown * usual
            && Math.Min(a.Height, b.Height) < 0.8 * usual;
        var isBeside =
            across <= GapAcross * usual
            && down <= 0
            && Math.Min(a.Height, b.Height) < PieceHeight * Math.Max(a.Height, b.Height);
        return isAbove || isBeside;
    }

    private static List<InkObject> Joined(List<InkPart> parts, Func<InkPart, InkPart, bool> areOne)
    {
        var groups = new List<List<InkPart>>();
        foreach (var part in parts)
        {
            var touched = groups.FindAll(group => group.Exists(other => areOne(other, part)));
            groups.RemoveAll(touched.Contains);
            groups.Add([.. touched.SelectMany(group => group), part]);
        }
        return groups.ConvertAll(group => new InkObject(
            group.Select(part => part.Label).ToHashSet(),
            group.Select(part => part.Box).Aggregate((a, b) => a.With(b)),
            group.Sum(part => part.Ink)
        ));
    }

    /// <summary>Parts objects that touch, by straight cuts where they are thinnest.</summary>
    private static List<InkObject> Part(InkParts strokes, InkObject found, double strokeWidth, out bool isSure)
    {
        var box = found.Box;
        var count = Math.Max(2, (int)Math.Round(box.Width / (UsualWidth * box.Height)));
        var columns = new int[box.Width];
        for (var y = box.Top; y < box.Bottom; y++)
        for (var x = box.Left; x < box.Right; x++)
            columns[x - box.Left] += found.Labels.Contains(strokes.Labels[y * strokes.Width + x]) ? 1 : 0;
        var cuts = new List<int> { 0 };
        isSure = true;
        for (var i = 1; i < count; i++)
        {
            var (share, reach) = ((double)box.Width / count, 0.3 * box.Width / count);
            var (from, until) = ((int)(i * share - reach), (int)(i * share + reach));
            var best = from;
            for (var x = from; x <= until && x < columns.Length; x++)
            {
                var isNearer = Math.Abs(x - i * share) < Math.Abs(best - i * share);
                if (columns[x] < columns[best] || (columns[x] == columns[best] && isNearer))
                    best = x;
            }
            isSure &= columns[best] <= ThinPlace * strokeWidth;
            if (columns[best] <= Math.Max(ThinPlace * strokeWidth, ThinShare * box.Height))
                cuts.Add(best);
        }
        cuts.Add(box.Width);
        var result = new List<InkObject>();
        for (var i = 0; i + 1 < cuts.Count; i++)
        {
            // Of what lies between two cuts a new part is made.
            var label = strokes.NextLabel();
            var (left, top, right, bottom, ink) = (int.MaxValue, int.MaxValue, 0, 0, 0L);
            for (var y = box.Top; y < box.Bottom; y++)
            for (var x = box.Left + cuts[i]; x < box.Left + cuts[i + 1]; x++)
            {
                ref var at = ref strokes.Labels[y * strokes.Width + x];
                if (!found.Labels.Contains(at))
                    continue;
                at = label;
                ink += byte.MaxValue;
                (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y + 1));
            }
            if (ink > 0)
                result.Add(
                    new InkObject(new HashSet<int> { label }, new PixelBox(left, top, right - left, bottom - top), ink)
                );
        }
        return result;
    }

    private static List<InkObject> InLines(List<InkObject> objects)
    {
        var lines = new List<List<InkObject>>();
        foreach (var found in objects.OrderBy(o => o.Box.Top + o.Box.Bottom))
        {
            // The nearest on the same line: lines may slope.
            var line = lines.Find(line =>
            {
                var next = line.MinBy(other => Math.Abs(other.Box.GapAcross(found.Box)))!.Box;
                return -next.GapDown(found.Box) >= 0.4 * Math.Min(next.Height, found.Box.Height);
            });
            if (line is null)
                lines.Add([found]);
            else
                line.Add(found);
        }
        return [.. lines.SelectMany((line, i) => line.OrderBy(o => o.Box.Left).Select(o => o with { Line = i + 1 }))];
    }
}
