using System.Text;

namespace PSConvNet.Notebook;

/// <summary>
/// What a running cell writes on. Gathers small pieces of text for a twentieth of a second, so that a loop of ten thousand lines is
/// not ten thousand messages, and keeps text, displays and progress in their order.
/// </summary>
internal sealed class CellScreen : IDisposable
{
    private const int Full = 16 * 1024;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private readonly object _lock = new();
    private readonly StringBuilder _text = new();
    private readonly ICellOutput _output;
    private readonly ProgressDisplay _progress;
    private readonly Timer _timer;
    private bool _isError;
    private bool _ended;

    [ThreadStatic]
    private static StringBuilder? t_capture;

    /// <summary>A screen that passes on to an output.</summary>
    public CellScreen(ICellOutput output)
    {
        _output = output;
        _progress = new ProgressDisplay(output);
        _timer = new Timer(_ => Tick(), null, s_pause, s_pause);
    }

    /// <summary>Writes text.</summary>
    public void Write(bool isError, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        if (t_capture is { } capture)
        {
            capture.Append(text);
            return;
        }
        lock (_lock)
        {
            if (_isError != isError)
                Flush(all: true);
            _isError = isError;
            _text.Append(text);
            if (_text.Length >= Full || _ended)
                Flush(all: _ended);
        }
    }

    /// <summary>Shows progress.</summary>
    public void Report(long sourceId, System.Management.Automation.ProgressRecord record)
    {
        lock (_lock)
        {
            if (_ended)
                return;
            Flush(all: true);
            _progress.Report(sourceId, record);
        }
    }

    /// <summary>Does something to the output, after the text so far.</summary>
    public void Post(Action<ICellOutput> action)
    {
        lock (_lock)
        {
            Flush(all: true);
            action(_output);
        }
    }

    /// <summary>Passes on what is gathered.</summary>
    public void Flush()
    {
        lock (_lock)
            Flush(all: true);
    }

    /// <summary>Whether what this thread writes is taken as a text, which has no colours.</summary>
    public static bool IsCapturing => t_capture is not null;

    /// <summary>What an action writes on this thread, instead of showing it.</summary>
    public static string Capture(Action write)
    {
        var outer = t_capture;
        var text = t_capture = new StringBuilder();
        try
        {
            write();
        }
        finally
        {
            t_capture = outer;
        }
        return text.ToString();
    }

    /// <summary>Passes on the rest. What is written later, by something the cell left behind, still arrives.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            Flush(all: true);
            _progress.End();
            _ended = true;
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            Flush(all: false);
            _progress.Tick();
        }
    }

    private void Flush(bool all)
    {
        // The second half of a character may be still on its way.
        var held = !all && _text.Length > 0 && char.IsHighSurrogate(_text[^1]) ? 1 : 0;
        var length = _text.Length - held;
        if (length == 0)
            return;
        var text = _text.ToString(0, length);
        _text.Remove(0, length);
        _output.Stream(_isError, text);
    }
}
