namespace PSConvNet;

/// <summary>Names for things that are shown together: where two are alike, a number is put behind the later one.</summary>
internal sealed class DistinctNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>The name, or the first of "name (2)", "name (3)" that nothing before it has.</summary>
    public string Take(string name)
    {
        var distinct = name;
        for (var i = 2; !_taken.Add(distinct); i++)
            distinct = $"{name} ({i})";
        return distinct;
    }
}
