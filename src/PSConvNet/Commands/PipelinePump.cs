using System.Collections.Concurrent;

namespace PSConvNet.Commands;

/// <summary>
/// Runs asynchronous work for a command and brings what it reports back to the pipeline's thread, the only one on which a command may write.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    private readonly BlockingCollection<Action> _reports = [];
    private readonly int _pipelineThread = Environment.CurrentManagedThreadId;

    /// <summary>Writes now on the pipeline's thread; from another thread, as soon as that one comes by.</summary>
    public void Post(Action report)
    {
        if (Environment.CurrentManagedThreadId == _pipelineThread)
            report();
        else
            _reports.Add(report);
    }

    /// <summary>Runs the work to its end, writing its reports meanwhile; throws what it throws.</summary>
    /// <param name="work">The work.</param>
    /// <param name="stop">Asks it to stop: where a report throws, for it must not outlive the command.</param>
    public T Run<T>(Func<Task<T>> work, Action stop)
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
            if (!_reports.IsCompleted)
                stop();
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
        return task.GetAwaiter().GetResult();
    }

    public void Dispose() => _reports.Dispose();
}
