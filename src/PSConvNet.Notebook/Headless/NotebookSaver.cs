namespace PSConvNet.Notebook;

/// <summary>
/// Writes a notebook while it is run: once a second where there is something new, so that a cell that trains for an hour can be
/// watched, and at the end.
/// </summary>
internal sealed class NotebookSaver : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly NotebookFile _notebook;
    private readonly string? _path;
    private readonly Timer _timer;
    private ConvNetException? _fault;
    private bool _ended;

    /// <summary>Begins to save.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="path">Where it goes; null saves nothing.</param>
    public NotebookSaver(NotebookFile notebook, string? path)
    {
        _notebook = notebook;
        _path = path;
        _timer = new Timer(_ => Tick(), null, s_interval, s_interval);
    }

    /// <summary>Held by the code that changes the notebook.</summary>
    public object Gate { get; } = new();

    /// <summary>Writes the notebook now.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>, now or in the meantime.</exception>
    public void Save()
    {
        lock (Gate)
        {
            if (_fault is not null)
                throw _fault;
            if (_path is not null)
                _notebook.Save(_path);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        lock (Gate)
            _ended = true;
    }

    private void Tick()
    {
        // The last one may still be at it, on a slow disk.
        if (!Monitor.TryEnter(Gate))
            return;
        try
        {
            if (!_ended && _fault is null)
                Save();
        }
        catch (ConvNetException e)
        {
            _fault = e;
        }
        finally
        {
            Monitor.Exit(Gate);
        }
    }
}
