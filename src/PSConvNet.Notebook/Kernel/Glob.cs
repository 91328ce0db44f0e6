namespace PSConvNet.Notebook;

/// <summary>
/// A pattern in which <c>*</c> stands for any characters and <c>?</c> for one. Of any length: as a regular expression one of a few thousand characters
/// would be refused.
/// </summary>
internal sealed class Glob(string pattern)
{
    private readonly string[] _parts = pattern.Split('*');

    /// <summary>Whether a whole text is as the pattern says.</summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        var (first, last) = (_parts[0], _parts[^1]);
        if (_parts.Length == 1)
            return text.Length == first.Length && StartsWith(text, first);
        if (text.Length < first.Length + last.Length || !StartsWith(text, first))
            return false;
        if (!StartsWith(text[^last.Length..], last))
            return false;
        var rest = text[first.Length..^last.Length];
        // Each part where it comes first: what follows has the most room then.
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var at = IndexOf(rest, part);
            if (at < 0)
                return false;
            rest = rest[(at + part.Length)..];
        }
        return true;
    }

    private static int IndexOf(ReadOnlySpan<char> text, string part)
    {
        if (!part.Contains('?', StringComparison.Ordinal))
            return text.IndexOf(part);
        for (var at = 0; at + part.Length <= text.Length; at++)
        {
            if (StartsWith(text[at..], part))
                return at;
        }
        return -1;
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string part)
    {
        if (text.Length < part.Length)
            return false;
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] != '?' && part[i] != text[i])
                return false;
        }
        return true;
    }
}
