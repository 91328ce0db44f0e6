using System.Management.Automation;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using PSConvNet.Notebook;

namespace PSConvNet.Polyglot;

/// <summary>Progress of the cell that runs, as displays that are replaced in their place; what is left of each is one line that says how it ended.</summary>
internal sealed class PolyglotProgress
{
    private readonly object _lock = new();
    private KernelInvocationContext? _cell;
    private ProgressDisplay? _display;
    private KernelInvocationContext? _stopped;

    /// <summary>Shows a record in the cell that the calling thread runs.</summary>
    public void Report(long sourceId, ProgressRecord record)
    {
        if (KernelInvocationContext.Current is not { } cell)
            return;
        lock (_lock)
        {
            // Work that is about to stop may still report that it is done, which a reader would take for its end.
            if (cell == _stopped)
                return;
            if (cell != _cell)
                (_cell, _display) = (cell, new ProgressDisplay(new CellDisplays(cell)));
            _display!.Report(sourceId, record);
        }
    }

    /// <summary>Shows of each activity of the cell that runs that it was stopped, and nothing more of that cell.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_cell is null)
                return;
            _display!.Stop();
            (_cell, _display, _stopped) = (null, null, _cell);
        }
    }

    /// <summary>Shows the last of each activity of a cell, which has ended.</summary>
    public void End(KernelInvocationContext cell)
    {
        lock (_lock)
        {
            if (cell != _cell)
                return;
            _display!.End();
            (_cell, _display) = (null, null);
        }
    }

    private sealed class CellDisplays(KernelInvocationContext cell) : IDisplays
    {
        public void Display(MimeBundle data, string? displayId = null) =>
            cell.Publish(new DisplayedValueProduced(data.Plain, cell.Command, Values(data), displayId));

        public void Update(string displayId, MimeBundle data) =>
            cell.Publish(new DisplayedValueUpdated(data.Plain, displayId, cell.Command, Values(data)));

        private static FormattedValue[] Values(MimeBundle data) =>
            [
                .. (data.View?.Data ?? new Dictionary<string, string>()).Select(form => new FormattedValue(
                    form.Key,
                    form.Value
                )),
                new("text/plain", data.Plain),
            ];
    }
}
