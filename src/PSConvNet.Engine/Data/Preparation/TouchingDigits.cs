namespace PSConvNet.Data;

/// <summary>
/// Parts digits that touch or overlap: many cuts are proposed, and the network chooses among them, for pieces between the right ones look like
/// digits (segmentation by recognition; Casey and Lecolinet 1996).
/// </summary>
/// <param name="strokes">The parts; pieces are given labels of their own.</param>
/// <param name="strokeWidth">The strokes' mean width in pixels.</param>
/// <param name="usual">The usual height of an object.</param>
/// <param name="probabilities">How probable the network's answer is for each of some objects.</param>
internal sealed class TouchingDigits(
    InkParts strokes,
    double strokeWidth,
    int usual,
    Func<IReadOnlyList<InkObjects.InkObject>, IReadOnlyList<double>> probabilities
)
{
    /// <summary>An object narrower than this share of its height is one digit.</summary>
    private const double Narrow = 0.8;

    /// <summary>Cuts through more widths of a stroke than this aren't proposed.</summary>
    private const double ThickestCut = 3.2;

    /// <summary>Or than this share of the usual height: two rounds touch along their sides.</summary>
    private const double LongestCut = 0.45;

    private const int MostCuts = 18;

    /// <summary>A piece wider than this share of the usual height isn't a digit.</summary>
    private const double Widest = 1.9;

    /// <summary>What a digit wider than high costs, as a logarithm of probability: of MNIST's one in twenty is 1.1 times as wide, one in a hundred 1.4 times.</summary>
    private const double WidthCost = 6;

    /// <summary>What a piece lower than the usual height costs.</summary>
    private const double HeightCost = 10;

    private const double Low = 0.7;

    /// <summary>What each cut costs, and each width of a stroke beyond the first that it goes through.</summary>
    private const double CutCost = 0.3;

    private const double ThickCost = 0.5;

    /// <summary>Another number of digits that is less than so much less likely may as well be right; less is enough to leave an object whole.</summary>
    private const double SureToPart = 1;

    private const double SureWhole = 0.5;

    /// <summary>A single object as wide as this share of the usual height, and with no place to cut, is one digit.</summary>
    private const double WidestSure = 1.2;

    /// <summary>The pieces of an object that is wide enough to be several digits.</summary>
    /// <param name="found">The object.</param>
    /// <param name="isSure">Whether no other way to part it is nearly as likely.</param>
    public IReadOnlyList<InkObjects.InkObject> Part(InkObjects.InkObject found, out bool isSure)
    {
        isSure = true;
        var box = found.Box;
        if (box.Width <= Narrow * Math.Min(box.Height, usual))
            return [found];
        var ink = new bool[box.Width * box.Height];
        for (var y = 0; y < box.Height; y++)
        for (var x = 0; x < box.Width; x++)
            ink[y * box.Width + x] = found.Labels.Contains(
                strokes.Labels[(box.Top + y) * strokes.Width + box.Left + x]
            );
        var seams = InkSeams.Find(
            ink,
            box.Width,
            box.Height,
            usual,
            Math.Max(ThickestCut * strokeWidth, LongestCut * usual),
            MostCuts
        );
        if (seams.Count == 0)
        {
            isSure = box.Width <= WidestSure * usual;
            return [found];
        }
        var slices = Slices(box, ink, seams);
        var chosen = Choose(Likely(slices), [.. seams.Select(CostOf)], out var lead);
        isSure = lead >= (chosen.Count == 1 ? SureWhole : SureToPart);
        return [.. chosen.Select(piece => Together(slices, piece.From, piece.Until)!)];
    }

    /// <summary>Of each piece, which goes from one cut or the left end to another or the right end, how likely it is to be a digit.</summary>
    private Dictionary<(int From, int Until), double> Likely(List<InkObjects.InkObject?> slices)
    {
        var pieces = new List<((int, int) Ends, InkObjects.InkObject Object)>();
        for (var from = 0; from < slices.Count; from++)
        for (var until = from + 1; until <= slices.Count; until++)
        {
            if (Together(slices, from, until) is { } piece && piece.Box.Width <= Widest * usual)
                pieces.Add(((from, until), piece));
        }
        var answers = probabilities(pieces.ConvertAll(piece => piece.Object));
        return pieces
            .Zip(answers)
            .ToDictionary(pair => pair.First.Ends, pair => Likelihood(pair.First.Object.Box, pair.Second));
    }

    private double CostOf(InkSeams.Seam seam) => CutCost + ThickCost * Math.Max(0, seam.Ink / strokeWidth - 1);

    /// <summary>The most likely way to part an object, by dynamic programming over its cuts and the number of pieces to their left.</summary>
    /// <param name="likely">Of each piece the logarithm of how likely it is.</param>
    /// <param name="costs">Of each cut what it costs, from left to right.</param>
    /// <param name="lead">How much less likely the best way with another number of pieces is; negative where no way is known at all.</param>
    /// <returns>The pieces from left to right; the whole object where no way is known.</returns>
    internal static List<(int From, int Until)> Choose(
        Dictionary<(int From, int Until), double> likely,
        double[] costs,
        out double lead
    )
    {
        var last = costs.Length + 1;
        var scores = new double[last + 1, last + 1];
        var froms = new int[last + 1, last + 1];
        for (var at = 0; at <= last; at++)
        for (var count = 0; count <= last; count++)
            scores[at, count] = at == 0 && count == 0 ? 0 : double.NegativeInfinity;
        foreach (var ((from, until), value) in likely.OrderBy(piece => piece.Key.Until).ThenBy(piece => piece.Key.From))
        {
            var cost = until == last ? 0 : costs[until - 1];
            for (var count = 1; count <= last; count++)
            {
                var score = scores[from, count - 1] + value - cost;
                if (score > scores[until, count])
                    (scores[until, count], froms[until, count]) = (score, from);
            }
        }
        var counts = Enumerable.Range(1, last).OrderByDescending(count => scores[last, count]).ToArray();
        var best = scores[last, counts[0]];
        lead = double.IsNegativeInfinity(best) ? best : best - scores[last, counts[1]];
        if (double.IsNegativeInfinity(best))
            return [(0, last)];
        var chosen = new List<(int, int)>();
        for (var (at, count) = (last, counts[0]); at > 0; count--)
        {
            chosen.Add((froms[at, count], at));
            at = froms[at, count];
        }
        chosen.Reverse();
        return chosen;
    }

    private double Likelihood(PixelBox box, double probability)
    {
        var height = (double)usual;
        return Math.Log(Math.Clamp(probability, 1e-6, 1))
            - WidthCost * Math.Max(0, box.Width / Math.Max(box.Height, height) - 1)
            - HeightCost * Math.Max(0, Low - box.Height / height);
    }

    /// <summary>What lies between neighbouring cuts, each with a label of its own; null where there is nothing.</summary>
    private List<InkObjects.InkObject?> Slices(PixelBox box, bool[] ink, List<InkSeams.Seam> seams)
    {
        var labels = Enumerable.Range(0, seams.Count + 1).Select(_ => strokes.NextLabel()).ToArray();
        var boxes = new PixelBox?[labels.Length];
        var counts = new int[labels.Length];
        for (var y = 0; y < box.Height; y++)
        for (var x = 0; x < box.Width; x++)
        {
            if (!ink[y * box.Width + x])
                continue;
            var slice = 0;
            foreach (var seam in seams)
                slice += x >= seam.Columns[y] ? 1 : 0;
            strokes.Labels[(box.Top + y) * strokes.Width + box.Left + x] = labels[slice];
            var pixel = new PixelBox(box.Left + x, box.Top + y, 1, 1);
            boxes[slice] = boxes[slice]?.With(pixel) ?? pixel;
            counts[slice]++;
        }
        return
        [
            .. labels.Select(
                (label, i) =>
                    boxes[i] is { } around
                        ? new InkObjects.InkObject(new HashSet<int> { label }, around, (long)counts[i] * byte.MaxValue)
                        : null
            ),
        ];
    }

    private static InkObjects.InkObject? Together(List<InkObjects.InkObject?> slices, int from, int until)
    {
        var some = slices.GetRange(from, until - from).OfType<InkObjects.InkObject>().ToArray();
        return some.Length == 0
            ? null
            : new InkObjects.InkObject(
                some.SelectMany(slice => slice.Labels).ToHashSet(),
                some.Select(slice => slice.Box).Aggregate((a, b) => a.With(b)),
                some.Sum(slice => slice.Ink)
            );
    }
}
