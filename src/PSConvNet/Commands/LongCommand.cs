using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>
/// A cmdlet that works for a while. Ctrl-C and SIGTERM cancel <see cref="StopToken"/>; the work then ends by itself, with all that it leaves behind,
/// and the pipeline ends here. Progress and what other threads report are written here too.
/// </summary>
public abstract class LongCommand : ConvNetCmdlet, IDisposable
{
    /// <summary>The activity ids of one command: its own, and those of what it shows below.</summary>
    private const int IdsPerCommand = 100;

    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<string> _doubts = [];
    private RunningWork.Entry? _entry;
    private CommandProgress? _progress;
    private PipelinePump? _pump;

    /// <summary>Creates the command.</summary>
    protected LongCommand() => StopToken = _stopping.Token;

    /// <summary>Is cancelled when the work is to stop: by the pipeline, a SIGTERM, or <see cref="Stop"/>.</summary>
    private protected CancellationToken StopToken { get; }

    /// <summary>
    /// Whether the command writes how a stop ended it, and its caller sees to the end of the process. The others end the pipeline, and after a SIGTERM
    /// the process.
    /// </summary>
    private protected virtual bool ReportsStop => false;

    /// <summary>The progress of what is done for one input; taken away when that is done.</summary>
    private protected CommandProgress Progress =>
        _progress ??= new CommandProgress(
            record => Tell(() => WriteProgress(record)),
            1 + (_entry!.Number * IdsPerCommand),
            TimeProvider.System
        );

    /// <inheritdoc />
    protected sealed override void BeginProcessing()
    {
        base.BeginProcessing();
        Run(Begin);
    }

    /// <inheritdoc />
    protected sealed override void ProcessRecord() => Run(ProcessInput);

    /// <inheritdoc />
    protected sealed override void EndProcessing() => Run(End);

    /// <inheritdoc />
    protected sealed override void StopProcessing() => Stop();

    /// <summary>What is done before the first input.</summary>
    private protected virtual void Begin() { }

    /// <summary>What is done for each input.</summary>
    private protected virtual void ProcessInput() { }

    /// <summary>What is done after the last input.</summary>
    private protected virtual void End() { }

    /// <summary>Asks the work to stop.</summary>
    private protected void Stop()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command ended by itself at this very moment; a stop comes from a thread of its own.
        }
    }

    /// <summary>
    /// Writes something while work is under way. A pipeline that is being stopped throws at what is written into it; the work is to end by
    /// itself, as it does when it is asked to, with all that it leaves behind then.
    /// </summary>
    /// <param name="write">Calls one of the cmdlet's methods that write.</param>
    internal void Tell(Action write)
    {
        try
        {
            write();
        }
        catch (PipelineStoppedException)
        {
            Stop();
        }
    }

    /// <summary>Writes as <see cref="Tell"/> does; what comes from another thread during <see cref="Await"/> is written on the pipeline's.</summary>
    private protected void Post(Action write)
    {
        if (_pump is { } pump)
            pump.Post(() => Tell(write));
        else
            Tell(write);
    }

    /// <summary>Runs asynchronous work to its end, and writes meanwhile what it posts; throws what it throws.</summary>
    private protected T Await<T>(Func<Task<T>> work)
    {
        using var pump = new PipelinePump();
        _pump = pump;
        try
        {
            return pump.Run(work, Stop);
        }
        finally
        {
            _pump = null;
        }
    }

    /// <summary>Options that show the progress of <paramref name="activity"/> over <paramref name="count"/> images.</summary>
    private protected PredictionOptions Measuring(string activity, int count, Precision precision)
    {
        Show(0);
        return new PredictionOptions(precision, Progress: Show);

        void Show(int done)
        {
            var status = FormattableString.Invariant($"{done:N0} of {Counted.Of(count, "image")}");
            if (done >= count)
                Progress.Complete(status: status);
            else if (Progress.IsDue())
                Progress.Show(activity, status, (double)done / count);
        }
    }

    /// <summary>Warns of what is odd about pictures, of each oddity once.</summary>
    private protected void Warn(IEnumerable<string> doubts)
    {
        foreach (var doubt in doubts.Where(_doubts.Add))
            Tell(() => WriteWarning(doubt));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the command holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stopping.Dispose();
    }

    private void Run(Action step)
    {
        using (_entry = RunningWork.OfProcess.Enter(Stop, endsProcess: ReportsStop))
        {
            try
            {
                if (OuterHost is { IsStopped: true })
                    Stop();
                // After a SIGTERM a script that goes on all the same begins no more work.
                if (ReportsStop || !StopToken.IsCancellationRequested)
                    step();
            }
            catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
            {
                // The stop that was asked for.
            }
            finally
            {
                _progress?.Clear();
                _progress = null;
            }
        }
        // Where the pipeline itself is not being stopped this ends it, and the script with it.
        if (StopToken.IsCancellationRequested && !ReportsStop)
            throw new PipelineStoppedException();
    }
}
