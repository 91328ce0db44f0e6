namespace PSConvNet.Shell;

/// <summary>A walk through past commands; what was being typed waits at its newer end.</summary>
internal sealed class HistoryCursor(IReadOnlyList<string> entries)
{
    private int _index = entries.Count;
    private string _draft = "";
    private string? _search;
    private string? _found;

    /// <summary>The command before, or null at the oldest.</summary>
    public string? Older(string current)
    {
        KeepDraft(current);
        return _index > 0 ? entries[--_index] : null;
    }

    /// <summary>The command after, at the end what was being typed, or null behind that.</summary>
    public string? Newer(string current)
    {
        if (_index >= entries.Count)
            return null;
        KeepDraft(current);
        return ++_index < entries.Count ? entries[_index] : _draft;
    }

    /// <summary>The next older command that contains what was typed when the search began, or null.</summary>
    public string? OlderWith(string current)
    {
        KeepDraft(current);
        // Any other text than what the last search brought begins a new one.
        if (_search is null || current != _found)
            _search = current;
        for (var i = _index - 1; i >= 0; i--)
        {
            if (entries[i].Contains(_search, StringComparison.OrdinalIgnoreCase))
                return _found = entries[_index = i];
        }
        return null;
    }

    private void KeepDraft(string current)
    {
        if (_index == entries.Count)
            _draft = current;
    }
}
