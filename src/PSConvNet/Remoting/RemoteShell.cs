using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSConvNet.Commands;

/// <summary>
/// A PowerShell session on another machine, whatever carries it: runs scripts there and moves files, over the session alone, so that nothing
/// else has to be open between the machines. One script at a time; used by one thread.
/// </summary>
internal sealed class RemoteShell(PSSession session)
{
    /// <summary>So much of a file goes at once: few round trips, and no file is ever in memory.</summary>
    private const int PieceSize = 4 << 20;

    /// <summary>What people know it by.</summary>
    public string Name =>
        session.ComputerName == session.Name ? session.Name : $"{session.ComputerName} ({session.Name})";

    /// <summary>Whether it can still be used.</summary>
    public bool IsOpen => session.Runspace.RunspaceStateInfo.State == RunspaceState.Opened;

    /// <summary>Runs a script; its errors are exceptions.</summary>
    /// <param name="script">Its text, which has a param block.</param>
    /// <param name="parameters">Its parameters, in their order.</param>
    /// <param name="stop">Stops it.</param>
    /// <returns>What it writes, as it comes.</returns>
    /// <exception cref="RuntimeException">It failed, or the session broke.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<PSObject> Run(string script, IReadOnlyList<object?> parameters, CancellationToken stop)
    {
        using var shell = PowerShell.Create();
        shell.Runspace = session.Runspace;
        shell.AddScript(script);
        foreach (var parameter in parameters)
            shell.AddArgument(parameter);
        using var output = new PSDataCollection<PSObject>();
        using var nothing = new PSDataCollection<PSObject>();
        nothing.Complete();
        var running = shell.BeginInvoke(nothing, output);
        using var registration = stop.Register(() => shell.BeginStop(null, null));
        var isOver = false;
        try
        {
            // Ends when the script does.
            foreach (var item in output)
                yield return item;
            isOver = true;
        }
        finally
        {
            // Who asked has heard enough.
            if (!isOver)
                shell.Stop();
        }
        End(shell, running, stop);
    }

    /// <summary>Runs a script and gives all it wrote, as texts.</summary>
    public IReadOnlyList<string> Ask(string script, CancellationToken stop, params IReadOnlyList<object?> parameters) =>
        [.. Run(script, parameters, stop).Select(item => $"{item}")];

    /// <summary>Copies files there; what is there of that name is replaced.</summary>
    /// <param name="files">Their paths here, and below the folder there.</param>
    /// <param name="folder">The folder there; made where it is not there.</param>
    /// <param name="stop">Stops it; files may then be missing there.</param>
    public void Send(IEnumerable<(string Path, string Name)> files, string folder, CancellationToken stop)
    {
        using var archive = TemporaryArchive.Of(files);
        var there = Ask(RemoteScripts.NewFile, stop)[0];
        try
        {
            using var stream = archive.Read();
            var piece = new byte[PieceSize];
            for (int length; (length = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false)) > 0; )
                Ask(RemoteScripts.Append, stop, there, length == piece.Length ? piece : piece[..length]);
            Ask(RemoteScripts.Unpack, stop, there, folder);
        }
        finally
        {
            Forget(there);
        }
    }

    /// <summary>Brings files here.</summary>
    /// <param name="paths">Files and folders below the folder there; those that are not there are left out.</param>
    /// <param name="folder">The folder there.</param>
    /// <param name="target">The folder here.</param>
    public void Fetch(IReadOnlyList<string> paths, string folder, string target)
    {
        var there = Ask(RemoteScripts.Pack, CancellationToken.None, folder, paths.ToArray())[0];
        try
        {
            using var archive = new TemporaryArchive();
            using (var stream = archive.Write())
            {
                for (byte[] piece; (piece = Piece(there, stream.Position)).Length > 0; )
                    stream.Write(piece);
            }
            archive.Unpack(target);
        }
        finally
        {
            Forget(there);
        }
    }

    /// <summary>Ends the session, and with it whatever it runs.</summary>
    public void Close()
    {
        try
        {
            session.Runspace.CloseAsync();
        }
        catch (Exception e) when (e is RuntimeException or InvalidOperationException)
        {
            // It is closing, or broken.
        }
    }

    /// <summary>Throws what a script ended with, if it did not end well.</summary>
    private void End(PowerShell shell, IAsyncResult running, CancellationToken stop)
    {
        try
        {
            shell.EndInvoke(running);
        }
        catch (RuntimeException e)
            when (stop.IsCancellationRequested && IsOpen && e is RemoteException or PipelineStoppedException)
        {
            // A session reports a stop as one or the other.
            throw new OperationCanceledException(e.Message, e, stop);
        }
        if (shell.InvocationStateInfo.State == PSInvocationState.Stopped)
            stop.ThrowIfCancellationRequested();
        if (shell.Streams.Error.Count > 0)
            throw new RuntimeException(shell.Streams.Error[0].ToString(), null, shell.Streams.Error[0]);
    }

    private byte[] Piece(string path, long position) =>
        Run(RemoteScripts.Read, [path, position, PieceSize], CancellationToken.None).FirstOrDefault()?.BaseObject
            as byte[]
        ?? [];

    private void Forget(string path)
    {
        try
        {
            Ask(RemoteScripts.Remove, CancellationToken.None, path);
        }
        catch (RuntimeException)
        {
            // The session is gone; a temporary file is left.
        }
    }
}
