namespace PSConvNet.Sweeps;

/// <summary>
/// Which parameters matter: functional analysis of variance on a random forest (Hutter, Hoos and Leyton-Brown, "An efficient approach for
/// assessing hyperparameter importance", ICML 2014). A forest learns the objective from the trials; since its trees are boxes, the mean
/// over all other parameters, and so what one parameter alone does, is summed up exactly. The same at every call.
/// </summary>
public sealed record SweepImportance
{
    /// <summary>Fewer trials than this say nothing.</summary>
    public const int LeastTrials = 6;

    private const int Trees = 64;
    private const int LeastInLeaf = 2;

    private SweepImportance() { }

    /// <summary>The parameters, the one that matters most first.</summary>
    public required IReadOnlyList<ParameterShare> Shares { get; init; }

    /// <summary>From 0 to 1: what parameters do together and not each by itself.</summary>
    public required double Together { get; init; }

    /// <summary>How many trials it was learned from.</summary>
    public required int Trials { get; init; }

    /// <summary>
    /// The number of epochs after which their values were compared; null where they are those of completed trials. A study that gives
    /// trials up early completes few; then the values are taken where enough had come to.
    /// </summary>
    public int? Epochs { get; init; }

    /// <summary>Measures it.</summary>
    /// <param name="space">What was varied.</param>
    /// <param name="trials">The trials; failed ones and repetitions are passed over.</param>
    /// <param name="objective">What was made good.</param>
    /// <exception cref="ConvNetException"><c>SweepTooFewTrials</c>: fewer than <see cref="LeastTrials"/> can be compared.</exception>
    public static SweepImportance Measure(SweepSpace space, IReadOnlyList<SweepTrial> trials, SweepObjective objective)
    {
        var (compared, epochs) = ComparedTrials.Of(space, trials, objective);
        if (compared.Count < LeastTrials)
        {
            throw new ConvNetException(
                ErrorIds.SweepTooFewTrials,
                ErrorKind.InvalidData,
                $"{Counted.Of(compared.Count, "trial is", "trials are"):text} too few to tell which parameters matter: at least {LeastTrials} that were trained for equally many epochs are needed.",
                trials
            );
        }
        var shares = Measure(space, [.. compared.Select(c => c.Point)], [.. compared.Select(c => c.Value)]);
        return new SweepImportance
        {
            Shares = space
                .Parameters.Select((p, i) => new ParameterShare(p.Name, shares[i]))
                .OrderByDescending(share => share.Share)
                .ToArray(),
            Together = Math.Max(0, shares.Sum() > 0 ? 1 - shares.Sum() : 0),
            Trials = compared.Count,
            Epochs = epochs,
        };
    }

    /// <summary>Each parameter's share, in their order; all 0 where the values don't differ.</summary>
    internal static double[] Measure(SweepSpace space, SweepPoint[] points, double[] values)
    {
        var parameters = space.Parameters;
        var categories = parameters.Select(p => p.IsCategorical ? p.Count : null).ToArray();
        var clipped = Clip(values);
        var shares = new double[parameters.Count];
        var counted = 0;
        for (var t = 0; t < Trees; t++)
        {
            var random = new RandomStream(0, t);
            // Where a parameter is not active it may be anything, and makes no difference: so it is, another thing for every tree.
            var rows = points
                .Select(point =>
                    parameters
                        .Select(p =>
                        {
                            var unit = random.NextDouble();
                            return point.TryGetValue(p.Name, out var value) ? p.UnitOf(value)
                                : p.Count is null ? unit
                                : p.UnitOf(p.At(unit));
                        })
                        .ToArray()
                )
                .ToArray();
            var chosen = rows.Select(_ => random.NextInt(rows.Length)).ToArray();
            var tree = new RegressionTree(categories, rows, clipped, chosen, LeastInLeaf);
            if (Variances(tree, categories) is not { } parts)
                continue;
            counted++;
            for (var d = 0; d < shares.Length; d++)
                shares[d] += parts[d];
        }
        return shares.Select(share => counted > 0 ? share / counted : 0).ToArray();
    }

    /// <summary>Each dimension's share of a tree's variance; null where that is 0.</summary>
    private static double[]? Variances(RegressionTree tree, int?[] categories)
    {
        var mean = tree.Leaves.Sum(box => box.Volume * box.Value);
        var all = tree.Leaves.Sum(box => box.Volume * Math.Pow(box.Value - mean, 2));
        if (!(all > 0))
            return null;
        return categories.Select((count, d) => OfOne(tree, d, count, mean) / all).ToArray();
    }

    private static double OfOne(RegressionTree tree, int d, int? categories, double mean)
    {
        if (categories is { } count)
        {
            return Enumerable
                .Range(0, count)
                .Sum(k =>
                    Math.Pow(
                        tree.Leaves.Where(box => box.Sides[d].Set![k]).Sum(box => Weight(box, d) * box.Value) - mean,
                        2
                    ) / count
                );
        }
        var ends = tree.Leaves.SelectMany(box => new[] { box.Sides[d].Low, box.Sides[d].High }).Distinct().Order();
        return ends.Zip(ends.Skip(1))
            .Sum(stretch =>
            {
                var middle = (stretch.First + stretch.Second) / 2;
                var value = tree
                    .Leaves.Where(box => box.Sides[d].Low < middle && middle < box.Sides[d].High)
                    .Sum(box => Weight(box, d) * box.Value);
                return (stretch.Second - stretch.First) * Math.Pow(value - mean, 2);
            });
    }

    /// <summary>The share of a slice through the cube that a box fills.</summary>
    private static double Weight(RegressionTree.Box box, int d)
    {
        var weight = 1.0;
        for (var i = 0; i < box.Sides.Length; i++)
            weight *= i == d ? 1 : box.Sides[i].Length;
        return weight;
    }

    /// <summary>
    /// Values far out on one side, a loss of thousands, would be all the variance there is: they count as Tukey's outer fence, three
    /// quartile distances out.
    /// </summary>
    private static double[] Clip(double[] values)
    {
        var sorted = values.Order().ToArray();
        var (low, high) = (sorted[sorted.Length / 4], sorted[(sorted.Length - 1) * 3 / 4]);
        var reach = 3 * (high - low);
        return reach > 0 ? values.Select(v => Math.Clamp(v, low - reach, high + reach)).ToArray() : values;
    }
}
