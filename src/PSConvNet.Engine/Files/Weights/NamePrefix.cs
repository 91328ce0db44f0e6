namespace PSConvNet.Files;

/// <summary>The part that stands before a network's own names in a file: <c>module.</c> of DataParallel, <c>model.</c> of a wrapper.</summary>
internal static class NamePrefix
{
    /// <summary>Finds the prefix under which most names are those of places.</summary>
    /// <param name="tensors">The file's tensors.</param>
    /// <param name="places">The network's places.</param>
    /// <returns>The prefix with its dot, "" for none; and another under which as many fit, or null.</returns>
    public static (string Prefix, string? Other) Find(
        IReadOnlyList<FileTensor> tensors,
        IReadOnlyList<WeightPlace> places
    )
    {
        var names = places.Select(place => place.Name).ToHashSet(StringComparer.Ordinal);
        // No more of a name is looked at than could be a place's: a stranger's may be a million dots.
        var longest = names.Select(name => name.Length).DefaultIfEmpty().Max();
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var key in tensors.Select(tensor => tensor.Key))
        {
            var from = key.Length - longest;
            for (var start = from <= 0 ? 0 : Next(key, from - 1); start >= 0; start = Next(key, start))
            {
                if (names.Contains(key[start..]))
                    votes[key[..start]] = votes.GetValueOrDefault(key[..start]) + 1;
            }
        }
        if (votes.Count == 0)
            return (Common(tensors), null);
        var best = votes.OrderByDescending(vote => vote.Value).ThenBy(vote => vote.Key.Length).ToList();
        var prefix = best[0].Key;
        // Without a prefix the names are the network's own, whatever else fits.
        var other = best.Skip(1).FirstOrDefault(vote => vote.Value == best[0].Value).Key;
        return (prefix, prefix.Length == 0 ? null : other);
    }

    /// <summary>The first component of all names, where they have one in common and something is left of each.</summary>
    private static string Common(IReadOnlyList<FileTensor> tensors)
    {
        if (tensors.Count == 0 || tensors[0].Module.IndexOf('.') is not (> 0 and var dot))
            return "";
        var first = tensors[0].Module[..(dot + 1)];
        return tensors.All(tensor => tensor.Module.StartsWith(first, StringComparison.Ordinal)) ? first : "";
    }

    private static int Next(string key, int start) => key.IndexOf('.', start) is >= 0 and var dot ? dot + 1 : -1;
}
