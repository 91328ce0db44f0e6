namespace PSConvNet.Data;

/// <summary>What is odd about a picture in which ink was found.</summary>
internal static class PictureDoubts
{
    /// <summary>No object stands out where there are more parts than this, and the largest has no more than this share of the ink.</summary>
    private const int ManyParts = 40;

    private const double LargestOfMany = 0.25;

    /// <summary>An object reaches from one side of the picture to the other with this share of its width or height.</summary>
    private const double Across = 0.98;

    /// <summary>One that does so, and is this many times as wide as high, isn't a digit.</summary>
    private const double BandShape = 2;

    /// <summary>Nor is one whose strokes are narrower than this share of their longer side, and fainter than this level: a fold.</summary>
    private const double FoldWidth = 0.07;

    private const int FoldInk = 110;

    /// <summary>What has less of its outline than this on edges is shading: digits out of focus have 0.7, most have 0.95.</summary>
    private const double ClearEdges = 0.6;

    /// <summary>Where the ink is less than so many times the faintest that counts, the grain of paper may be all there is to it.</summary>
    private const double ClearInk = 1.8;

    /// <summary>Unless this much of the outline lies on edges.</summary>
    private const double SharpEdges = 0.9;

    /// <summary>Another object is one that is this large, as a share of the largest.</summary>
    private const double Rival = 0.5;

    /// <summary>And has this much ink, as a share of what the one with the most has: the edge of a shadow may leave a faint line.</summary>
    private const double RivalInk = 0.15;

    /// <summary>And its ink is at least this share as dark: digits on a sheet have one ink, and pieces of a shadow are fainter.</summary>
    private const double RivalLevel = 0.65;

    /// <summary>Looks for what is odd.</summary>
    /// <param name="reading">What was found; some ink at least.</param>
    /// <param name="main">The object with the most ink.</param>
    /// <param name="strokeWidth">The strokes' mean width; null for a sheet that is to be split, which may have several objects and much of anything.</param>
    public static List<PictureDoubt> Of(InkReading reading, InkObjects.InkObject main, double? strokeWidth)
    {
        var strokes = reading.Strokes!;
        var doubts = new List<PictureDoubt>();
        if (strokeWidth is not null && IsTexture(strokes))
            doubts.Add(PictureDoubt.Texture);
        var largest = strokes.Parts.Where(part => main.Labels.Contains(part.Label)).MaxBy(part => part.Ink)!;
        var (edges, width) = StrokeOutline.OfThin(reading, largest);
        if (strokeWidth is not null && IsBand(reading, main.Box, width / largest.Box.LongSide))
            doubts.Add(PictureDoubt.Band);
        else if (edges < ClearEdges || (edges < SharpEdges && reading.Inside < ClearInk * reading.Faintest))
            doubts.Add(PictureDoubt.Unclear);
        if (doubts.Count == 0 && strokeWidth is { } pen && HasRivals(strokes, pen))
            doubts.Add(PictureDoubt.SeveralObjects);
        return doubts;
    }

    private static bool IsTexture(InkParts strokes) =>
        strokes.Parts.Count > ManyParts
        && strokes.Parts.Max(part => part.Ink) < LargestOfMany * strokes.Parts.Sum(part => part.Ink);

    private static bool IsBand(InkReading reading, PixelBox box, double width)
    {
        var isAcross = box.Width >= Across * reading.Ink.Width;
        return (isAcross && box.Width > BandShape * box.Height)
            || (
                (isAcross || box.Height >= Across * reading.Ink.Height) && width < FoldWidth && reading.Inside < FoldInk
            );
    }

    private static bool HasRivals(InkParts strokes, double strokeWidth)
    {
        if (strokes.Parts.Count < 2)
            return false;
        // A copy: to look for objects may give touching ones new labels.
        var copy = strokes.Copy();
        var largest = copy.Parts.MaxBy(part => part.Ink)!;
        copy.Parts.RemoveAll(part => (double)part.Ink / part.Area < RivalLevel * largest.Ink / largest.Area);
        var objects = InkObjects.Find(copy, strokeWidth, out _);
        if (objects.Count < 2)
            return false;
        var (longest, most) = (objects.Max(found => found.Box.LongSide), objects.Max(found => found.Ink));
        return objects.Count(found => found.Box.LongSide >= Rival * longest && found.Ink >= RivalInk * most) > 1;
    }
}
