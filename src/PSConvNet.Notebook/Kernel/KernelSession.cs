namespace PSConvNet.Notebook;

/// <summary>
/// The session as frontends use it: cells, one at a time, and questions about code. Between cells a question is answered in the session
/// itself; while a cell runs, in a second session that has the module and the names the first one had when the cell began.
/// </summary>
/// <remarks>
/// These are not subshells (JEP 91): a subshell runs code among the kernel's own variables, and a runspace runs one pipeline at a time.
/// </remarks>
internal sealed class KernelSession : IDisposable
{
    private readonly CellRunner _runner;
    private readonly Task<CellRunner> _second;
    private readonly object _free = new();
    private volatile SessionNames? _names;
    private SessionNames? _taught;

    /// <summary>Takes over an open session, and begins to open the second one.</summary>
    /// <param name="runner">The session cells run in.</param>
    /// <param name="open">Opens a session like it.</param>
    public KernelSession(CellRunner runner, Func<CellRunner> open)
    {
        _runner = runner;
        // Now: in a training, which keeps every core busy, it would take long.
        _second = Task.Run(() =>
        {
            var second = open();
            // The first help and the first completion take their time.
            CodeInspector.Prepare(second);
            CodeCompleter.Complete(second, "Invoke-Tr", int.MaxValue);
            return second;
        });
    }

    /// <summary>Runs cells, or whatever else belongs to a request to run one, with nothing else in the session.</summary>
    public T Use<T>(Func<CellRunner, T> work)
    {
        lock (_free)
        {
            _names = SessionNames.Of(_runner);
            return work(_runner);
        }
    }

    /// <summary>Answers a question. Only one thread asks.</summary>
    /// <param name="question">Takes the session to ask, and, where it is the second one, what is known of the first.</param>
    public T Ask<T>(Func<CellRunner, SessionNames?, T> question)
    {
        if (Monitor.TryEnter(_free))
        {
            try
            {
                return question(_runner, null);
            }
            finally
            {
                Monitor.Exit(_free);
            }
        }
        var second = _second.GetAwaiter().GetResult();
        var names = _names;
        if (names is not null && !ReferenceEquals(names, _taught))
            names.Teach(second);
        _taught = names;
        return question(second, names);
    }

    /// <summary>Asks the running cell to stop, and returns at once.</summary>
    public void StopCell() => _runner.Stop();

    /// <inheritdoc />
    public void Dispose()
    {
        _runner.Dispose();
        if (_second.IsCompletedSuccessfully)
            _second.Result.Dispose();
    }
}
