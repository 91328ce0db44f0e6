namespace PSConvNet;

/// <summary>Divides images into two parts with the same mix of classes.</summary>
internal static class StratifiedSplit
{
    /// <summary>
    /// Picks images for the second part: of each class its share of <paramref name="fraction"/>, rounded so that the total is
    /// right (largest remainders), chosen at random by <paramref name="seed"/>. Both parts keep the images' order.
    /// </summary>
    /// <param name="labels">The class of each image, below <paramref name="classes"/>.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="fraction">The second part's share, between 0 and 1.</param>
    /// <param name="seed">The same seed picks the same images.</param>
    public static (int[] Kept, int[] Picked) Divide(ReadOnlySpan<int> labels, int classes, double fraction, long seed)
    {
        var members = new List<int>[classes];
        for (var c = 0; c < classes; c++)
            members[c] = [];
        for (var i = 0; i < labels.Length; i++)
            members[labels[i]].Add(i);

        var quotas = Quotas([.. members.Select(m => m.Count)], fraction);
        var isPicked = new bool[labels.Length];
        var random = new RandomStream(seed, 2, 0);
        for (var c = 0; c < classes; c++)
        {
            // The first steps of a Fisher-Yates shuffle.
            var pool = members[c];
            for (var i = 0; i < quotas[c]; i++)
            {
                var at = i + random.NextInt(pool.Count - i);
                (pool[i], pool[at]) = (pool[at], pool[i]);
                isPicked[pool[i]] = true;
            }
        }
        var all = Enumerable.Range(0, labels.Length).ToLookup(i => isPicked[i]);
        return ([.. all[false]], [.. all[true]]);
    }

    private static int[] Quotas(int[] counts, double fraction)
    {
        var quotas = counts.Select(count => (int)Math.Floor(count * fraction)).ToArray();
        var missing = (int)Math.Round(counts.Sum() * fraction) - quotas.Sum();
        var byRemainder = Enumerable
            .Range(0, counts.Length)
            .Where(c => quotas[c] < counts[c])
            .OrderByDescending(c => counts[c] * fraction - quotas[c]);
        foreach (var c in byRemainder.Take(missing).ToList())
            quotas[c]++;
        return quotas;
    }
}
