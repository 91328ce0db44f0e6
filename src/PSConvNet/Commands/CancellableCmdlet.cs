using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>A cmdlet whose work can be stopped: Ctrl-C cancels <see cref="StopToken"/>.</summary>
public abstract class CancellableCmdlet : ConvNetCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Is cancelled when the pipeline is stopped.</summary>
    private protected CancellationToken StopToken => _stopping.Token;

    /// <inheritdoc />
    protected override void StopProcessing()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended by itself at this very moment; PowerShell stops it from a thread of its own.
        }
    }

    /// <summary>
    /// Writes something while work is under way. A pipeline that is being stopped throws at what is written into it; the work is to end by
    /// itself, as it does when it is asked to, with all that it leaves behind then.
    /// </summary>
    /// <param name="write">Calls one of the cmdlet's methods that write.</param>
    private protected void Tell(Action write)
    {
        try
        {
            write();
        }
        catch (PipelineStoppedException)
        {
            StopProcessing();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stopping.Dispose();
    }
}
