namespace PSConvNet.Sweeps;

/// <summary>
/// A regression tree over the unit cube (Breiman et al. 1984): boxes with a value each. What has no order is split into two sets of
/// values.
/// </summary>
internal sealed class RegressionTree
{
    private readonly int?[] _categories;
    private readonly double[][] _rows;
    private readonly double[] _values;
    private readonly int _leastInLeaf;
    private readonly List<Box> _leaves = [];

    /// <summary>Grows the tree.</summary>
    /// <param name="categories">For each dimension the number of values without order; null for a range.</param>
    /// <param name="rows">Points of the unit cube; of a value without order the middle of its stretch.</param>
    /// <param name="values">The value at each.</param>
    /// <param name="chosen">The rows to learn from; some may come several times.</param>
    /// <param name="leastInLeaf">No box is made from fewer rows.</param>
    public RegressionTree(int?[] categories, double[][] rows, double[] values, int[] chosen, int leastInLeaf)
    {
        (_categories, _rows, _values, _leastInLeaf) = (categories, rows, values, leastInLeaf);
        Grow(
            chosen,
            categories
                .Select(count => new Side(
                    0,
                    1,
                    count is { } n
                        ? new bool[n]
                            .Select(_ => true)
                            .ToArray()
                        : null
                ))
                .ToArray()
        );
    }

    /// <summary>The boxes; they fill the cube.</summary>
    public IReadOnlyList<Box> Leaves => _leaves;

    private void Grow(int[] rows, Side[] sides)
    {
        var mean = rows.Average(i => _values[i]);
        Split? best = null;
        if (rows.Length >= 2 * _leastInLeaf && rows.Any(i => _values[i] != _values[rows[0]]))
        {
            for (var d = 0; d < sides.Length; d++)
            {
                var split = _categories[d] is { } count ? BySet(rows, d, count) : ByPlace(rows, d);
                if (split is not null && (best is null || split.Gain > best.Gain))
                    best = split;
            }
        }
        // What rounding leaves is no gain.
        if (best is null || !(best.Gain > 1e-12 * rows.Sum(i => _values[i] * _values[i])))
        {
            _leaves.Add(new Box(sides, mean));
            return;
        }
        Side[] low = [.. sides],
            high = [.. sides];
        (low[best.Dimension], high[best.Dimension]) = sides[best.Dimension].Divide(best.At, best.LowSet);
        Grow(rows.Where(i => best.IsLow(_rows[i])).ToArray(), low);
        Grow(rows.Where(i => !best.IsLow(_rows[i])).ToArray(), high);
    }

    private Split? ByPlace(int[] rows, int dimension)
    {
        var sorted = rows.OrderBy(i => _rows[i][dimension]).ToArray();
        Split? best = null;
        var (low, all) = (0.0, sorted.Sum(i => _values[i]));
        for (var n = 1; n < sorted.Length; n++)
        {
            low += _values[sorted[n - 1]];
            var (below, above) = (_rows[sorted[n - 1]][dimension], _rows[sorted[n]][dimension]);
            if (below == above || n < _leastInLeaf || sorted.Length - n < _leastInLeaf)
                continue;
            var gain = Gain(low, n, all, sorted.Length);
            if (best is null || gain > best.Gain)
                best = new Split(dimension, gain, (below + above) / 2, null);
        }
        return best;
    }

    /// <summary>In the order of their means the best of all divisions into two sets is found by going along (Breiman, theorem 4.5).</summary>
    private Split? BySet(int[] rows, int dimension, int count)
    {
        var groups = rows.GroupBy(i => (int)(_rows[i][dimension] * count))
            .Select(g => (Value: g.Key, Count: g.Count(), Sum: g.Sum(i => _values[i])))
            .OrderBy(g => g.Sum / g.Count)
            .ToArray();
        Split? best = null;
        var (n, low, all) = (0, 0.0, groups.Sum(g => g.Sum));
        for (var k = 0; k < groups.Length - 1; k++)
        {
            n += groups[k].Count;
            low += groups[k].Sum;
            if (n < _leastInLeaf || rows.Length - n < _leastInLeaf)
                continue;
            var gain = Gain(low, n, all, rows.Length);
            if (best is not null && gain <= best.Gain)
                continue;
            // Values that were not seen here go to the other side; another tree has them elsewhere.
            var set = new bool[count];
            foreach (var (value, _, _) in groups[..(k + 1)])
                set[value] = true;
            best = new Split(dimension, gain, 0, set);
        }
        return best;
    }

    /// <summary>By how much two means explain the rows better than one does, as a sum of squares.</summary>
    private static double Gain(double low, int n, double all, int count) =>
        low * low / n + (all - low) * (all - low) / (count - n) - all * all / count;

    private sealed record Split(int Dimension, double Gain, double At, bool[]? LowSet)
    {
        public bool IsLow(double[] row) =>
            LowSet is null ? row[Dimension] < At : LowSet[(int)(row[Dimension] * LowSet.Length)];
    }

    /// <summary>One side of a box: a stretch of the unit interval, or some of several values.</summary>
    internal readonly record struct Side(double Low, double High, bool[]? Set)
    {
        /// <summary>The share of the unit interval it is.</summary>
        public double Length => Set is null ? High - Low : (double)Set.Count(yes => yes) / Set.Length;

        public (Side Low, Side High) Divide(double at, bool[]? low) =>
            Set is null
                ? (this with { High = at }, this with { Low = at })
                : (
                    this with
                    {
                        Set = Set.Zip(low!, (a, b) => a && b).ToArray(),
                    },
                    this with
                    {
                        Set = Set.Zip(low!, (a, b) => a && !b).ToArray(),
                    }
                );
    }

    /// <summary>A box and the value in it.</summary>
    internal sealed record Box(Side[] Sides, double Value)
    {
        /// <summary>The share of the cube it is.</summary>
        public double Volume { get; } = Sides.Aggregate(1.0, (volume, side) => volume * side.Length);
    }
}
