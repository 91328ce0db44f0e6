using System.Collections.Concurrent;
using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>
/// A worker in a session on another machine. Where that sees the study's folder it works as one here does; where not, it is given one turn after another, with what that
/// needs, and brings back what came of it. Has a thread of its own; its methods are called from another.
/// </summary>
internal sealed class SessionWorker : IDisposable
{
    /// <summary>Failures in a row, no fault of the trials', after which a session is of no use.</summary>
    private const int MostFailures = 3;

    private readonly RemoteShell _shell;
    private readonly RemoteStudy _study;
    private readonly Func<MachineFacts, RemotePlace> _placeOf;
    private readonly string _token;
    private readonly BlockingCollection<RemoteTurn?> _given = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, (DateTime Written, long Length)> _sent = [];
    private readonly Thread _thread;
    private RemotePlace _place = null!;
    private string _manifest = "";
    private string? _copy;
    private int _failures;
    private volatile bool _isIdle;

    /// <summary>Begins to prepare the session.</summary>
    /// <param name="shell">The session.</param>
    /// <param name="study">The study.</param>
    /// <param name="token">A file in the study's folder, whose name is its contents: who sees it sees the folder.</param>
    /// <param name="placeOf">What is shared by the sessions of a machine.</param>
    public SessionWorker(RemoteShell shell, RemoteStudy study, string token, Func<MachineFacts, RemotePlace> placeOf)
    {
        (_shell, _study, _token, _placeOf) = (shell, study, token, placeOf);
        _thread = new Thread(Live) { IsBackground = true, Name = $"PSConvNet {shell.Name}" };
        _thread.Start();
    }

    /// <summary>Whether it waits for something to do.</summary>
    public bool IsIdle => _isIdle && !HasEnded;

    /// <summary>Whether it can be given nothing any more.</summary>
    public bool HasEnded => !_thread.IsAlive;

    /// <summary>Whether its machine sees the study's folder, and finds its turns itself; known once it is idle.</summary>
    public bool SeesStudy { get; private set; }

    /// <summary>Why it ended, where that was not asked of it.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Gives an idle one a turn, or null where it finds its turns itself.</summary>
    public void Begin(RemoteTurn? turn)
    {
        _isIdle = false;
        _given.Add(turn);
    }

    /// <summary>Asks it to end within a batch, so that its trial can be continued.</summary>
    public void RequestStop()
    {
        if (!_stop.IsCancellationRequested)
        {
            _given.CompleteAdding();
            _stop.Cancel();
        }
    }

    /// <summary>Ends it with its session, whatever it does.</summary>
    public void Kill()
    {
        RequestStop();
        if (!HasEnded)
            _shell.Close();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        RequestStop();
        // A thread that still runs is in a session that is closing; it holds on to what it needs.
        if (!_thread.Join(TimeSpan.FromSeconds(1)))
            return;
        _given.Dispose();
        _stop.Dispose();
    }

    private void Live()
    {
        try
        {
            Prepare();
            _isIdle = true;
            foreach (var turn in _given.GetConsumingEnumerable())
            {
                Work(turn);
                _isIdle = true;
            }
        }
        catch (OperationCanceledException)
        {
            // As it was asked to.
        }
        catch (RuntimeException) when (_stop.IsCancellationRequested && !_shell.IsOpen)
        {
            // Its session was closed by Kill.
        }
        catch (Exception e)
        {
            // Whatever it is, it is this session's end and not that of the sweep.
            Complaint = $"{_shell.Name}: {e.Message}";
        }
        finally
        {
            while (_given.TryTake(out var left))
            {
                using (left)
                    left?.GiveBack();
            }
            CleanUp();
        }
    }

    private static bool IsOfSession(Exception e) => e is RuntimeException or InvalidOperationException or IOException;

    private void Prepare()
    {
        var facts = MachineFacts.Ask(_shell, _token, _stop.Token);
        _place = _placeOf(facts);
        _manifest = _place.Module(_shell, _stop.Token);
        SeesStudy = facts.SeesStudy;
        if (SeesStudy)
            return;
        _copy = _place.NewCopy();
        _place.LayCopy(_shell, _copy, _stop.Token);
    }

    private void Work(RemoteTurn? turn)
    {
        try
        {
            if (turn is null)
                _shell.Ask(RemoteScripts.Work, _stop.Token, _manifest, _study.Folder);
            else
                Run(turn);
            _failures = 0;
        }
        catch (Exception e) when (IsOfSession(e) && _shell.IsOpen)
        {
            if (++_failures >= MostFailures)
                throw;
        }
    }

    private void Run(RemoteTurn turn)
    {
        using (turn)
        {
            try
            {
                Send(turn);
                if (Follow(turn))
                    End(turn);
            }
            catch when (!_shell.IsOpen)
            {
                turn.Lose();
                throw;
            }
            catch
            {
                turn.GiveBack();
                throw;
            }
        }
    }

    /// <summary>Has the turn run, and files what is told of it; false where others have taken the trial up.</summary>
    private bool Follow(RemoteTurn turn)
    {
        try
        {
            var records = _shell.Run(
                RemoteScripts.Turn,
                [_manifest, _copy, turn.Id.FileName, turn.Number, turn.Until],
                _stop.Token
            );
            return records.All(record => turn.Report($"{record}"));
        }
        catch (OperationCanceledException)
        {
            // It has stopped within a batch and saved what it had.
            return true;
        }
    }

    /// <summary>Sends what is not there as it is here.</summary>
    private void Send(RemoteTurn turn)
    {
        var files = turn
            .Files.Select(name => (Name: name, File: new FileInfo(Path.Combine(_study.Folder, name))))
            .Where(item => item.File.Exists)
            .Select(item =>
                (item.Name, Path: item.File.FullName, State: (item.File.LastWriteTimeUtc, item.File.Length))
            )
            .Where(item => !_sent.TryGetValue(item.Name, out var before) || before != item.State)
            .ToList();
        _shell.Send(files.Select(item => (item.Path, item.Name)), _copy!, _stop.Token);
        // Only now: what did not arrive has to be sent again.
        foreach (var (name, _, state) in files)
            _sent[name] = state;
    }

    private void End(RemoteTurn turn)
    {
        var back = Directory.CreateTempSubdirectory("psconvnet-").FullName;
        try
        {
            _shell.Fetch(turn.Results, _copy!, back);
            turn.End(back);
            string[] results = [.. turn.Results.Select(name => $"{_copy}/{name}")];
            _shell.Ask(RemoteScripts.Remove, CancellationToken.None, [results]);
        }
        finally
        {
            Directory.Delete(back, recursive: true);
        }
    }

    private void CleanUp()
    {
        try
        {
            if (_copy is not null)
                _place.Forget(_shell, _copy);
        }
        catch (Exception e) when (IsOfSession(e))
        {
            // The session went meanwhile; its machine has a folder more in its cache.
        }
    }
}
