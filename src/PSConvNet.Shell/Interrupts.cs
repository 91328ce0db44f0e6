using System.Runtime.InteropServices;

namespace PSConvNet.Shell;

/// <summary>Ctrl-C stops the pipeline and not the host; SIGTERM stops it and then ends the process.</summary>
internal sealed class Interrupts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ShellSession _session;
    private readonly ConsoleReader _reader;
    private readonly Terminal _terminal;
    private readonly PosixSignalRegistration[] _registrations;
    private long _stoppingSince;

    /// <summary>Listens until disposed.</summary>
    public Interrupts(ShellSession session, ConsoleReader reader, Terminal terminal)
    {
        _session = session;
        _reader = reader;
        _terminal = terminal;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate),
        ];
    }

    /// <summary>Whether the process was asked to end.</summary>
    public bool Terminated { get; private set; }

    /// <summary>To be called before a pipeline: the next Ctrl-C is a first one again.</summary>
    public void Reset()
    {
        Interlocked.Exchange(ref _stoppingSince, 0);
        _reader.Reset();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        var since = Interlocked.CompareExchange(ref _stoppingSince, Environment.TickCount64, 0);
        if (since == 0)
        {
            // Nothing to stop: the script has just ended, or the prompt waits.
            if (!StopPipeline())
                Reset();
        }
        else if (_session.IsRunning && Environment.TickCount64 - since > Patience.TotalMilliseconds)
        {
            _terminal.WriteError($"psconvnet: the pipeline did not stop; ended.{Environment.NewLine}");
            Environment.Exit(ExitCode.Interrupted);
        }
    }

    private void OnTerminate(PosixSignalContext context)
    {
        context.Cancel = true;
        Terminated = true;
        // The main thread ends by itself once the pipeline has; nothing else would end its wait for a key at a prompt.
        if (!StopPipeline() || !SpinWait.SpinUntil(() => !_session.IsRunning, Patience))
            Environment.Exit(ExitCode.Terminated);
    }

    private bool StopPipeline()
    {
        _reader.Cancel();
        return _session.Stop();
    }
}
