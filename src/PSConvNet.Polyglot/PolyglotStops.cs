using System.Runtime.InteropServices;

namespace PSConvNet.Polyglot;

/// <summary>
/// Every way in which Polyglot Notebooks says stop: a cell's token, which VS Code's stop button cancels; the signal that Jupyter's sends; and
/// the end of the process, after a Quit or Jupyter's shutdown. Each stops the commands of ours that run, and those end the cell.
/// </summary>
/// <param name="onStop">What else is done at a stop.</param>
/// <param name="isStopped">Whether the latest cell was stopped.</param>
internal sealed class PolyglotStops(Action onStop, Func<bool> isStopped)
{
    // Kept, because the registration ends when it is collected.
    private PosixSignalRegistration? _interrupts;

    /// <summary>Listens to the process, to its end.</summary>
    public void Listen()
    {
        _interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            // A checkpoint of the stop is written whole before the process ends.
            if (Stop())
                RunningWork.OfProcess.WaitForAll();
        };
    }

    /// <summary>Listens to a cell's token until disposed of.</summary>
    public IDisposable Listen(CancellationToken cell) => cell.Register(() => Stop());

    private bool Stop()
    {
        if (!RunningWork.OfProcess.StopAll())
            return false;
        onStop();
        return true;
    }

    private void Interrupt(PosixSignalContext context)
    {
        // With no work of ours to stop, the signal means to this program what it always has: its end. Not so when a person presses stop twice.
        if (!Stop() && !isStopped())
            return;
        context.Cancel = true;
        // Listeners are called one after another on a thread made for this signal, the latest first. Those after this one are the program's own, which end it
        // whatever a listener says: they are not reached.
        Thread.Sleep(Timeout.Infinite);
    }
}
