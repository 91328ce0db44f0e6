using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Text;

namespace PSConvNet.Notebook;

/// <summary>Progress records as displays that are replaced in their place, at most five times a second each.</summary>
internal sealed class ProgressDisplay(IDisplays output)
{
    private const int Cells = 30;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<(long, int), Bar> _bars = [];

    /// <summary>Takes a record.</summary>
    public void Report(long sourceId, ProgressRecord record)
    {
        var key = (sourceId, record.ActivityId);
        if (!_bars.TryGetValue(key, out var bar))
        {
            // What was never shown need not be shown as done.
            if (record.RecordType == ProgressRecordType.Completed)
                return;
            bar = new Bar(Guid.NewGuid().ToString("N"));
            _bars.Add(key, bar);
        }
        (bar.Record, bar.Next) = (record, Draw(record));
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Show(bar);
            _bars.Remove(key);
        }
        else if (bar.IsDue)
        {
            Show(bar);
        }
    }

    /// <summary>Shows what came too soon after another and has waited long enough.</summary>
    public void Tick()
    {
        foreach (var bar in _bars.Values)
        {
            if (bar is { Next: not null, IsDue: true })
                Show(bar);
        }
    }

    /// <summary>Shows of each that it was stopped, and where.</summary>
    public void Stop()
    {
        foreach (var bar in _bars.Values)
            bar.Next = DrawStopped(bar.Record!);
        End();
    }

    /// <summary>Shows the last of each.</summary>
    public void End()
    {
        foreach (var bar in _bars.Values)
            Show(bar);
        _bars.Clear();
    }

    private void Show(Bar bar)
    {
        if (bar.Next is not { } picture)
            return;
        bar.Next = null;
        if (bar.ShownAt == 0)
            output.Display(picture, bar.Id);
        else
            output.Update(bar.Id, picture);
        bar.ShownAt = Stopwatch.GetTimestamp();
    }

    private static MimeBundle Draw(ProgressRecord record)
    {
        var done = record.RecordType == ProgressRecordType.Completed;
        int? percent =
            done ? 100
            : record.PercentComplete is >= 0 and <= 100 and var known ? known
            : null;
        var words = new StringBuilder(record.Activity);
        // "Processing" is what Write-Progress -Completed says where it is told nothing.
        if (!string.IsNullOrWhiteSpace(record.StatusDescription) && !(done && record.StatusDescription == "Processing"))
            words.Append(": ").Append(record.StatusDescription);
        if (!done && !string.IsNullOrWhiteSpace(record.CurrentOperation))
            words.Append(", ").Append(record.CurrentOperation);
        if (!done && record.SecondsRemaining >= 0)
            words.Append(CultureInfo.InvariantCulture, $", {record.SecondsRemaining} s left");
        var label = words.ToString();
        var bar = percent is { } part
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"[{new string('#', part * Cells / 100).PadRight(Cells)}] {part, 3} %  "
            )
            : "";
        var value = percent is { } shown ? string.Create(CultureInfo.InvariantCulture, $" value=\"{shown}\"") : "";
        var html = $"<div><label><progress max=\"100\"{value}></progress> {WebUtility.HtmlEncode(label)}</label></div>";
        return new MimeBundle(bar + label, new RichView(new Dictionary<string, string> { ["text/html"] = html }));
    }

    private static MimeBundle DrawStopped(ProgressRecord record)
    {
        var label = string.IsNullOrWhiteSpace(record.StatusDescription)
            ? $"{record.Activity}: stopped"
            : $"{record.Activity}: stopped at {record.StatusDescription}";
        return new MimeBundle(
            label,
            new RichView(
                new Dictionary<string, string> { ["text/html"] = $"<div>{WebUtility.HtmlEncode(label)}</div>" }
            )
        );
    }

    private sealed class Bar(string id)
    {
        public string Id => id;
        public ProgressRecord? Record { get; set; }
        public long ShownAt { get; set; }
        public MimeBundle? Next { get; set; }
        public bool IsDue => ShownAt == 0 || Stopwatch.GetElapsedTime(ShownAt) >= s_interval;
    }
}
