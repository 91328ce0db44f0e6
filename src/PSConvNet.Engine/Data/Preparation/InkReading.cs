namespace PSConvNet.Data;

/// <summary>
/// One way to read a picture, as dark ink on light paper: where the ink is, and how sure that is. A picture with light ink is read so after its
/// colours were inverted, so there are two readings, and the one with the higher <see cref="Score"/> is right.
/// </summary>
internal sealed class InkReading
{
    /// <summary>Strokes are narrower than this share of the picture's mean side, and paper is wider.</summary>
    private const double WidestStroke = 0.4;

    /// <summary>Of a long narrow picture, as a share of the longer side.</summary>
    private const double WidestOfLong = 0.25;

    /// <summary>From this much noise on, in levels, a picture is smoothed.</summary>
    private const double Noisy = 3;

    /// <summary>Smaller pictures have too few pixels to be smoothed.</summary>
    private const int SmallestToSmooth = 64;

    /// <summary>No ink is fainter than this, in levels of the picture.</summary>
    private const int FaintestInk = 12;

    /// <summary>Nor than this many standard deviations of the noise.</summary>
    private const double AboveNoise = 6;

    /// <summary>The level of strokes' insides: so much of the ink, weighted by the square of its level, is below.</summary>
    private const double InsideShare = 0.6;

    /// <summary>What has more than this share of that level is part of a stroke.</summary>
    private const double StrokeShare = 0.4;

    /// <summary>Smaller parts than this share of the picture's longer side are specks, too, even where there is nothing else.</summary>
    private const double SpeckSide = 0.015;

    /// <summary>Parts with less ink than this share of the largest are specks.</summary>
    private const double Speck = 0.02;

    /// <summary>What reaches the picture's edge, and is fainter than this share of an object that doesn't, is a piece of a shadow.</summary>
    private const double ShadowShare = 0.78;

    /// <summary>A part that covers this share of one of the picture's four sides is what the paper lies on, where there is other ink.</summary>
    private const double Margin = 0.9;

    /// <summary>
    /// A margin reaches the picture's border with this share of a side at least where it is as dark as its strokes: noise in a dark corner doesn't,
    /// and a desk that is mostly in the light does.
    /// </summary>
    private const double SolidMargin = 0.02;

    /// <summary>Other ink is this large at least, as a share of the picture's shorter side.</summary>
    private const double OtherInk = 0.12;

    /// <summary>A frame has at least this share of the picture's width and height.</summary>
    private const double FrameShare = 0.4;

    /// <summary>By what a reading is less likely that had to leave out a margin.</summary>
    private const double MarginDoubt = 0.9;

    /// <summary>A part whose mean width is this share of its longer side is as likely no stroke as one.</summary>
    private const double BroadStroke = 0.35;

    /// <summary>Strokes with at least this share of the score of what they surround are the digit, and that is a hole in it.</summary>
    private const double HoleScore = 0.85;

    /// <summary>A sheet of paper on something fills at least this share of the picture.</summary>
    private const double SheetShare = 0.15;

    /// <summary>The power to which the share of the outline on edges counts.</summary>
    private const double EdgeWeight = 5;

    private InkReading(bool isLightOnDark, Plane grey, Plane paper, Plane ink) =>
        (IsLightOnDark, Grey, Paper, Ink) = (isLightOnDark, grey, paper, ink);

    /// <summary>Whether light and dark were exchanged before reading.</summary>
    public bool IsLightOnDark { get; }

    /// <summary>The picture in grey levels, in which ink of any colour is dark.</summary>
    public Plane Grey { get; }

    /// <summary>The same without the ink.</summary>
    public Plane Paper { get; }

    /// <summary>The ink, from 0 for paper to 255, after lines, margins and frames were taken out.</summary>
    public Plane Ink { get; }

    /// <summary>The level of strokes' insides.</summary>
    public int Inside { get; private set; }

    /// <summary>Above it a pixel is part of a stroke.</summary>
    public int Stroke { get; private set; }

    /// <summary>The strokes, specks left out.</summary>
    public InkParts? Strokes { get; private set; }

    /// <summary>The lines of ruled paper that were taken out.</summary>
    public int Lines { get; private set; }

    /// <summary>How many parts were left out as margins, frames or specks.</summary>
    public int LeftOut { get; private set; }

    /// <summary>No ink is fainter than this.</summary>
    public int Faintest { get; private init; }

    /// <summary>How likely it is that this is the right reading; 0 where nothing was found.</summary>
    public double Score { get; private set; }

    /// <summary>The box around the part with the most ink; null where nothing was found.</summary>
    public PixelBox? Largest { get; private set; }

    /// <summary>Which of two readings is right: the one with the higher score, but strokes rather than the hole that they surround.</summary>
    public static InkReading Better(InkReading first, InkReading second)
    {
        var (better, other) = first.Score >= second.Score ? (first, second) : (second, first);
        return other.Score >= HoleScore * better.Score && other.Surrounds(better) ? other : better;
    }

    /// <summary>Reads an opaque picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="isLightOnDark">Whether its ink is lighter than its paper.</param>
    /// <param name="settings">What is to be done.</param>
    public static InkReading Of(PixelPicture picture, bool isLightOnDark, ImagePreparation settings)
    {
        var grey = InkLevels.Grey(picture, isLightOnDark, out var stretch);
        var noise = PaperFilter.Noise(grey);
        var smooth = grey;
        if (noise > Noisy && Math.Min(grey.Width, grey.Height) >= SmallestToSmooth)
        {
            smooth = PaperFilter.Median(grey);
            if (PaperFilter.Noise(smooth) > Noisy)
                smooth = PaperFilter.Blur(PaperFilter.Blur(smooth));
            noise = PaperFilter.Noise(smooth);
        }
        var side = Math.Max(
            WidestStroke * Math.Sqrt((double)grey.Width * grey.Height),
            WidestOfLong * Math.Max(grey.Width, grey.Height)
        );
        var paper = settings.KeepBackground
            ? InkLevels.FlatPaper(smooth)
            : PaperFilter.Close(smooth, Math.Max(1, (int)(side / 2)));
        // Ink is a share of the paper's lightness: on dark paper a level of the picture is more of it, and so is a level of noise.
        var light = InkLevels.Light(paper);
        var faintest = Math.Min(254, (int)(Math.Max(FaintestInk * stretch, AboveNoise * noise) * 255 / light));
        var reading = new InkReading(isLightOnDark, grey, paper, InkLevels.Ink(smooth, paper)) { Faintest = faintest };
        var hasMargin = reading.LeaveOutMargins(faintest);
        if (!settings.KeepLines)
            reading.Lines = RuledLines.Remove(reading.Ink, faintest);
        reading.FindStrokes(faintest);
        reading.Judge(hasMargin);
        reading.LeaveOutShadows();
        return reading;
    }

    /// <summary>Takes out what the paper lies on and frames around the ink.</summary>
    /// <returns>Whether there was a margin.</returns>
    private bool LeaveOutMargins(int level)
    {
        var parts = InkParts.Find(Ink, level);
        var margins = parts.Parts.Where(part => IsMargin(parts, part, level)).ToHashSet();
        var smallest = OtherInk * Math.Min(Ink.Width, Ink.Height);
        var hasMargin = false;
        foreach (var part in parts.Parts)
        {
            var isFrame =
                part.Box.Width > FrameShare * Ink.Width
                && part.Box.Height > FrameShare * Ink.Height
                && parts.IsFrame(part);
            if (
                (margins.Contains(part) || isFrame)
                && parts.Parts.Exists(other =>
                    other != part
                    && other.Box.LongSide >= smallest
                    && !margins.Contains(other)
                    && (!isFrame || Contains(part.Box, other.Box))
                )
            )
            {
                Erase(parts, part);
                hasMargin |= !isFrame;
            }
        }
        return hasMargin;
    }

    /// <summary>
    /// Whether a part covers a side of the picture. Noise in a dark corner can cover one, too, and be connected to strokes; it vanishes
    /// at the level of the part's strokes.
    /// </summary>
    private bool IsMargin(InkParts parts, InkPart part, int level)
    {
        if (part.Border <= Margin)
            return false;
        var own = new Plane(Ink.Width, Ink.Height);
        for (var i = part.Box.Top * Ink.Width; i < part.Box.Bottom * Ink.Width; i++)
            own.Levels[i] = parts.Labels[i] == part.Label ? Ink.Levels[i] : (byte)0;
        return InkParts
            .Find(own, StrokeLevel(InsideOf(own, level), level))
            .Parts.Exists(solid => solid.Border > SolidMargin);
    }

    private bool Surrounds(InkReading inner) => Largest is { } box && inner.Largest is { } hole && Contains(box, hole);

    private static bool Contains(PixelBox outer, PixelBox inner) =>
        inner.Left > outer.Left && inner.Top > outer.Top && inner.Right < outer.Right && inner.Bottom < outer.Bottom;

    /// <summary>The level of strokes' insides; 0 where there is no ink.</summary>
    private static int InsideOf(Plane ink, int faintest)
    {
        var counts = ink.Histogram();
        var weights = new double[256];
        for (var level = faintest + 1; level < 256; level++)
            weights[level] = (double)counts[level] * level * level;
        var total = weights.Sum();
        var sum = 0.0;
        for (var level = 0; level < 256 && total > 0; level++)
        {
            sum += weights[level];
            if (sum >= InsideShare * total)
                return level;
        }
        return 0;
    }

    private static int StrokeLevel(int inside, int faintest) => Math.Max(faintest, (int)(StrokeShare * inside));

    private void FindStrokes(int faintest)
    {
        Inside = InsideOf(Ink, faintest);
        Stroke = StrokeLevel(Inside, faintest);
        var parts = InkParts.Find(Ink, Stroke);
        var largest = parts.Parts.Count == 0 ? 0 : parts.Parts.Max(part => part.Ink);
        parts.Parts.RemoveAll(part =>
        {
            if (part.Ink >= Speck * largest && part.Box.LongSide >= SpeckSide * Math.Max(Ink.Width, Ink.Height))
                return false;
            LeftOut++;
            return true;
        });
        Strokes = parts;
    }

    /// <summary>
    /// Of a shadow with a hard edge corners are left that are too narrow for the paper filter's square: they reach the picture's edge, and are
    /// fainter than the digit. The score isn't touched: in the wrong reading the paper around strokes is such a piece, too.
    /// </summary>
    private void LeaveOutShadows()
    {
        var smallest = OtherInk * Math.Min(Ink.Width, Ink.Height);
        var digit = Strokes!
            .Parts.Where(part => part.Border == 0 && part.Box.LongSide >= smallest)
            .MaxBy(part => part.Ink);
        if (digit is not null)
            LeftOut += Strokes.Parts.RemoveAll(part =>
                part.Border > 0 && (double)part.Ink / part.Area < ShadowShare * digit.Ink / digit.Area
            );
    }

    /// <summary>
    /// Both readings find something in most pictures: one the strokes, the other a piece of the paper between strokes that is too narrow to hold
    /// the paper filter's square. Strokes end in an edge of the picture all around; such pieces end where nothing is to be seen.
    /// </summary>
    private void Judge(bool hasMargin)
    {
        if (Strokes!.Parts.Count == 0)
            return;
        var largest = Strokes.Parts.MaxBy(part => part.Ink)!;
        Largest = largest.Box;
        var picture = (double)Ink.Width * Ink.Height;
        if (SheetShare * picture < (double)largest.Box.Width * largest.Box.Height && Strokes.IsSheet(largest))
            return;
        var outline = StrokeOutline.Of(this, largest);
        var width = outline.Width / largest.Box.LongSide;
        Score =
            Math.Pow(outline.Edges, EdgeWeight)
            / (1 + Math.Pow(width / BroadStroke, 4))
            * largest.Box.LongSide
            * Math.Sqrt(Inside)
            * (hasMargin ? MarginDoubt : 1);
    }

    private void Erase(InkParts parts, InkPart part)
    {
        LeftOut++;
        var box = part.Box;
        for (var y = box.Top; y < box.Bottom; y++)
        for (var x = box.Left; x < box.Right; x++)
        {
            if (parts.Labels[y * Ink.Width + x] == part.Label)
                Ink.Levels[y * Ink.Width + x] = 0;
        }
    }
}
