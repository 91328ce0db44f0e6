using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>The cells of this session, with the results of those that had one. It is kept in memory only, for any thread.</summary>
internal sealed class KernelHistory
{
    // Frontends show a few; a kernel that runs for weeks must not keep everything it was ever told.
    private const int Kept = 10_000;

    // The current session's number; those before it are not kept.
    private const int Session = 1;
    private readonly List<Entry> _entries = [];

    /// <summary>Adds a cell that was run.</summary>
    public void Add(int line, string code, string? result)
    {
        lock (_entries)
        {
            _entries.Add(new(line, code, result));
            if (_entries.Count > Kept)
                _entries.RemoveAt(0);
        }
    }

    /// <summary>Answers a <c>history_request</c>.</summary>
    public JsonArray Find(WireMessage request)
    {
        Entry[] entries;
        lock (_entries)
            entries = [.. _entries];
        var found = request.Text("hist_access_type") switch
        {
            "range" => Range(entries, request),
            "tail" => Tail(entries, request.Number("n")),
            "search" => Search(entries, request),
            _ => [],
        };
        var withOutput = request.Flag("output", otherwise: false);
        return
        [
            .. found.Select(entry => new JsonArray(
                Session,
                entry.Line,
                withOutput ? new JsonArray(entry.Code, entry.Result) : JsonValue.Create(entry.Code)
            )),
        ];
    }

    private static IEnumerable<Entry> Range(Entry[] entries, WireMessage request)
    {
        // 0 is the current session, and numbers below it count back from there; those are not kept.
        if (request.Number("session") is not (null or 0 or Session))
            return [];
        var start = request.Number("start") ?? 0;
        var stop = request.Number("stop") ?? int.MaxValue;
        return entries.Where(entry => entry.Line >= start && entry.Line < stop);
    }

    private static IEnumerable<Entry> Search(Entry[] entries, WireMessage request)
    {
        var glob = new Glob(request.Text("pattern", "*"));
        var found = entries.Where(entry => glob.IsMatch(entry.Code));
        if (request.Flag("unique", otherwise: false))
            found = found.Reverse().DistinctBy(entry => entry.Code).Reverse();
        return Tail([.. found], request.Number("n"));
    }

    private static IEnumerable<Entry> Tail(IReadOnlyList<Entry> entries, int? count) =>
        count is { } n ? entries.Skip(Math.Max(0, entries.Count - Math.Max(0, n))) : entries;

    private sealed record Entry(int Line, string Code, string? Result);
}
