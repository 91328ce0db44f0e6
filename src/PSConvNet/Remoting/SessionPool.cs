using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;

namespace PSConvNet.Commands;

/// <summary>Workers in PowerShell sessions on other machines, one a session. The sessions are somebody's: they are used, and left open.</summary>
internal sealed class SessionPool : WorkerPool
{
    private readonly RemoteStudy _study;
    private readonly SessionWorker[] _workers;
    private readonly ConcurrentDictionary<string, RemotePlace> _places = new();
    private readonly string _token;
    private bool _stopping;

    /// <summary>Begins to prepare the sessions.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>: the study's folder can't be written to.</exception>
    public SessionPool(Study study, IReadOnlyList<PSSession> sessions)
    {
        _study = new RemoteStudy(study);
        _token = _study.NewToken();
        _workers =
        [
            .. sessions.Select(session => new SessionWorker(new RemoteShell(session), _study, _token, PlaceOf)),
        ];
    }

    /// <inheritdoc />
    public override string Place
    {
        get
        {
            var there = _workers.Count(worker => !worker.HasEnded);
            return there == 1 ? "one session" : $"{there} sessions";
        }
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> Notes => [.. _workers.Select(worker => worker.Complaint).OfType<string>()];

    /// <inheritdoc />
    public override bool IsAlive => _workers.Any(worker => !worker.HasEnded);

    /// <inheritdoc />
    /// <exception cref="ConvNetException"><c>SweepWorkerFailed</c>: no session is left that can work.</exception>
    public override void Tend(int open, long progress = 0)
    {
        if (_stopping)
            return;
        if (!IsAlive)
        {
            throw new ConvNetException(
                ErrorIds.SweepWorkerFailed,
                ErrorKind.Unavailable,
                $"No usable session is left. {string.Join(" ", Notes)} Run Invoke-Sweep in other sessions to continue the study.",
                _workers.Length
            );
        }
        var isThereMore = open > 0;
        foreach (var worker in _workers.Where(worker => worker.IsIdle))
        {
            if (!isThereMore)
                return;
            if (worker.SeesStudy)
                worker.Begin(null);
            else if (_study.Take() is { } turn)
                worker.Begin(turn);
            else
                isThereMore = false;
        }
    }

    /// <inheritdoc />
    public override void RequestStop()
    {
        _stopping = true;
        foreach (var worker in _workers)
            worker.RequestStop();
    }

    /// <inheritdoc />
    public override void Kill()
    {
        _stopping = true;
        foreach (var worker in _workers)
            worker.Kill();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Kill();
        foreach (var worker in _workers)
            worker.Dispose();
        RemoteStudy.RemoveToken(_token);
    }

    private RemotePlace PlaceOf(MachineFacts facts) =>
        _places.GetOrAdd(facts.Machine, _ => new RemotePlace(facts, _study));
}
