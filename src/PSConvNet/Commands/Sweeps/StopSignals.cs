using System.Runtime.InteropServices;

namespace PSConvNet.Commands;

/// <summary>
/// Has a worker stop when the system asks it to end, as schedulers do: pwsh itself would end at once, in the middle of a batch.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Listens until disposed of.</summary>
    /// <param name="pipeline">Is cancelled when the pipeline is stopped.</param>
    public StopSignals(CancellationToken pipeline)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(pipeline);
        _terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                Stop();
            }
        );
    }

    /// <summary>Is cancelled by whatever asks for a stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Asks for a stop.</summary>
    public void Stop()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself at this very moment.
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _terminate.Dispose();
        _source.Dispose();
    }
}
