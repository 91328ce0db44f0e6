namespace PSConvNet.Data;

/// <summary>Images divided into two parts.</summary>
/// <param name="Kept">The numbers of those in the first part, in their order.</param>
/// <param name="Picked">The numbers of those in the second part, in their order.</param>
/// <param name="Single">The classes whose only image is in the first part.</param>
/// <param name="Small">The classes with more images, of which the second part has none: their share is less than one image.</param>
internal sealed record Division(int[] Kept, int[] Picked, IReadOnlyList<int> Single, IReadOnlyList<int> Small)
{
    /// <summary>Which classes the second part has no images of, and why, in sentences; null where it has some of each.</summary>
    public string? Warning(IReadOnlyList<string> names)
    {
        string[] reasons =
        [
            .. Reason(Single, "a class of one image keeps it to learn from"),
            .. Reason(Small, "the share is less than one image"),
        ];
        return reasons.Length == 0
            ? null
            : $"no image is held out of {string.Join(", nor of ", reasons)}. A measurement on the held-out images says nothing about {(Single.Count + Small.Count == 1 ? "this class" : "these classes")}.";

        IEnumerable<string> Reason(IReadOnlyList<int> classes, string reason) =>
            classes.Count == 0 ? [] : [$"{ClassName.Quote([.. classes.Select(c => names[c])])} ({reason})"];
    }
}

/// <summary>Divides images into two parts with the same mix of classes.</summary>
internal static class StratifiedSplit
{
    /// <summary>
    /// Picks images for the second part: of each class its share of <paramref name="fraction"/>, rounded so that the total is
    /// right (largest remainders; classes whose share is below one image come first), chosen at random by <paramref name="seed"/>.
    /// Every class keeps at least one image in the first part, so the total is smaller where that takes it. Both parts keep the images'
    /// order.
    /// </summary>
    /// <param name="labels">The class of each image, below <paramref name="classes"/>.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="fraction">The second part's share, between 0 and 1.</param>
    /// <param name="seed">The same seed picks the same images.</param>
    public static Division Divide(ReadOnlySpan<int> labels, int classes, double fraction, long seed)
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
        int[] without = [.. Enumerable.Range(0, classes).Where(c => members[c].Count > 0 && quotas[c] == 0)];
        var bySize = without.ToLookup(c => members[c].Count == 1);
        return new Division([.. all[false]], [.. all[true]], [.. bySize[true]], [.. bySize[false]]);
    }

    private static int[] Quotas(int[] counts, double fraction)
    {
        int[] quotas = [.. counts.Select(count => Math.Min((int)Math.Floor(count * fraction), Most(count)))];
        var missing = (int)Math.Round(counts.Sum() * fraction) - quotas.Sum();
        var byRemainder = Enumerable
            .Range(0, counts.Length)
            .Where(c => quotas[c] < Most(counts[c]) && Remainder(c) > 1e-9)
            .OrderByDescending(c => quotas[c] == 0)
            .ThenByDescending(Remainder);
        foreach (var c in byRemainder.Take(Math.Max(0, missing)).ToList())
            quotas[c]++;
        return quotas;

        double Remainder(int c) => counts[c] * fraction - quotas[c];
    }

    /// <summary>As many of a class as can go: one has to stay.</summary>
    private static int Most(int count) => Math.Max(0, count - 1);
}
