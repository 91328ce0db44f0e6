using System.Collections.Concurrent;

namespace PSConvNet.Commands;

/// <summary>
/// Runs asynchronous work for a cmdlet and brings what it reports back to the pipeline's thread, the only one on which a cmdlet
/// may write.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    private readonly BlockingCollection<Action> _reports = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _pipelineThread = Environment.CurrentManagedThreadId;

    /// <summary>Cancelled by <see cref="Stop"/>.</summary>
    public CancellationToken Cancellation => _stop.Token;

    /// <summary>Writes now on the pipeline's thread; from another thread, as soon as that one comes by.</summary>
    public void Post(Action report)
    {
        if (Environment.CurrentManagedThreadId == _pipelineThread)
            report();
        else
            _reports.Add(report);
    }

    /// <summary>Runs the work to its end, writing its reports meanwhile; throws what it throws.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var task = Task.Run(
            async () =>
            {
                try
                {
                    return await work().ConfigureAwait(false);
                }
                finally
                {
                    _reports.CompleteAdding();
                }
            },
            CancellationToken.None
        );
        try
        {
            foreach (var report in _reports.GetConsumingEnumerable())
                report();
        }
        finally
        {
            // Writing throws when the pipeline is stopping; the work must not outlive the cmdlet.
            if (!_reports.IsCompleted)
                _stop.Cancel();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Cancels the work; called from StopProcessing, on a thread of its own.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work ended by itself at this very moment.
        }
    }

    public void Dispose()
    {
        _reports.Dispose();
        _stop.Dispose();
    }
}
