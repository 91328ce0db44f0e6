namespace PSConvNet;

/// <summary>Names in the order of how much they look like one that was mistyped.</summary>
internal static class AlikeNames
{
    /// <summary>The names, the one that is meant most likely first.</summary>
    /// <param name="names">The names that there are.</param>
    /// <param name="typed">What was typed.</param>
    public static IReadOnlyList<string> Nearest(IEnumerable<string> names, string typed) =>
        [.. names.OrderBy(name => Edits(name.ToUpperInvariant(), typed.ToUpperInvariant()))];

    /// <summary>How many characters must be put in, taken out or changed to make one text of the other (Levenshtein).</summary>
    private static int Edits(string one, string other)
    {
        var above = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var corner = above[0];
            above[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = corner + (one[i - 1] == other[j - 1] ? 0 : 1);
                corner = above[j];
                above[j] = Math.Min(changed, Math.Min(above[j], above[j - 1]) + 1);
            }
        }
        return above[^1];
    }
}
