using System.IO.Pipes;

namespace PSConvNet.Sweeps;

/// <summary>
/// The worker's end of the pipe it hangs on: when the other end closes, because the process that started it says so or is gone, the worker is
/// asked to stop, and if it does not, the process ends. Nothing is ever sent.
/// </summary>
internal sealed class Leash : IDisposable
{
    /// <summary>Ample for a batch and a checkpoint.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly AnonymousPipeClientStream _pipe;
    private volatile bool _over;

    /// <summary>Hangs on.</summary>
    /// <param name="handle">What the starter's <c>GetClientHandleAsString</c> gave.</param>
    /// <param name="stop">Asks this worker to stop.</param>
    /// <exception cref="ConvNetException"><c>SweepOptionInvalid</c>: that is no pipe.</exception>
    public Leash(string handle, Action stop)
    {
        try
        {
            _pipe = new AnonymousPipeClientStream(PipeDirection.In, handle);
        }
        catch (Exception e) when (e is ArgumentException or IOException or FormatException)
        {
            throw SweepFault.Option(
                $"Only a sweep gives its workers a leash, and '{handle}' isn't a pipe of a sweep.",
                handle
            );
        }
        new Thread(() => Watch(stop)) { IsBackground = true, Name = "PSConvNet leash" }.Start();
    }

    /// <summary>Lets go: the work is over.</summary>
    public void Dispose() => _over = true;

    private void Watch(Action stop)
    {
        using (_pipe)
        {
            try
            {
                while (_pipe.ReadByte() >= 0) { }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The same: the other end is gone.
            }
        }
        if (_over)
            return;
        stop();
        Thread.Sleep(s_patience);
        if (!_over)
            Environment.Exit(WorkerExit.Stopped);
    }
}

/// <summary>How worker processes end.</summary>
public static class WorkerExit
{
    /// <summary>The study has nothing left, or it has done what it should.</summary>
    public const int Done = 0;

    /// <summary>By an error, which it has said.</summary>
    public const int Failed = 1;

    /// <summary>It was stopped; others can go on with its trial.</summary>
    public const int Stopped = 3;
}
