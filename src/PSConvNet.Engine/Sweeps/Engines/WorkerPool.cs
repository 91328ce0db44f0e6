namespace PSConvNet.Sweeps;

/// <summary>How a worker of a study is started: a program and its arguments, the study's folder among them.</summary>
/// <param name="Program">The full path of pwsh or psconvnet.</param>
/// <param name="Arguments">One after another, not quoted.</param>
public sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The same worker, that ends after so many trials.</summary>
    public WorkerCommand WithMostTrials(int trials) =>
        this with
        {
            Arguments =
            [
                .. Arguments,
                "-MostTrials",
                trials.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ],
        };
}

/// <summary>
/// Has workers run, somewhere. Workers find their work in the study's folder by themselves and end by themselves when there is none; a
/// pool only starts them, sees that enough are there, and ends them. Its methods are called on one thread.
/// </summary>
public abstract class WorkerPool : IDisposable
{
    /// <summary>Where the workers run, in a few words: <c>2 processes here</c>, <c>Slurm job 17</c>.</summary>
    public abstract string Place { get; }

    /// <summary>What a person should know when it is over: how workers ended that did not end well.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>
    /// Starts workers where some are missing. Called once to begin with and then about once a second until the study is done.
    /// </summary>
    /// <param name="open">The trials that are neither done nor in the hands of a live worker, as far as is known; may be 0.</param>
    /// <param name="progress">A number that grows whenever anything of the study gets done.</param>
    /// <exception cref="ConvNetException">Workers can't be had; the message says why and what to do.</exception>
    public abstract void Tend(int open, long progress = 0);

    /// <summary>Asks all workers to stop within a batch, so that their trials can be continued; returns at once.</summary>
    public abstract void RequestStop();

    /// <summary>Whether a worker may still be running.</summary>
    public abstract bool IsAlive { get; }

    /// <summary>Ends all workers at once, whatever they do.</summary>
    public abstract void Kill();

    /// <summary>Ends what still runs.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the pool holds; workers that still run are killed.</summary>
    protected abstract void Dispose(bool disposing);
}
