namespace PSConvNet.Sweeps;

/// <summary>How a worker ended.</summary>
public enum WorkerEnd
{
    /// <summary>Nothing is left to do, or it has done as many trials as it should.</summary>
    Done,

    /// <summary>It was stopped; its trial can be continued.</summary>
    Stopped,

    /// <summary>More trials failed than may.</summary>
    TooManyFailures,
}

/// <summary>Works on a study, one trial after another, until nothing is left.</summary>
internal static class SweepWorker
{
    /// <summary>Works.</summary>
    /// <param name="study">The study, opened with conditions that can be judged.</param>
    /// <param name="layers">Makes the layers of a trial.</param>
    /// <param name="mostTrials">Ends after so many turns; null for no limit.</param>
    /// <param name="told">Is given each trial when its turn is over, or null.</param>
    /// <param name="cancellation">Ends it within a batch.</param>
    /// <exception cref="ConvNetException">A fault of this place: a disk, a library. The trial under way can be continued.</exception>
    public static WorkerEnd Run(
        Study study,
        LayerBuilder layers,
        int? mostTrials = null,
        Action<SweepTrial>? told = null,
        CancellationToken cancellation = default
    )
    {
        var (data, validation) = study.ReadData();
        var queue = new WorkQueue(study);
        var runner = new TrialRunner(study, data, validation, layers);
        for (var done = 0; mostTrials is null || done < mostTrials; )
        {
            if (cancellation.IsCancellationRequested)
                return WorkerEnd.Stopped;
            switch (queue.Take(out var work))
            {
                case WorkState.Taken:
                    try
                    {
                        if (runner.Run(work!, told: null, cancellation) is { } trial)
                            told?.Invoke(trial);
                    }
                    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                    {
                        return WorkerEnd.Stopped;
                    }
                    done++;
                    break;
                case WorkState.Wait:
                    cancellation.WaitHandle.WaitOne(queue.Pause);
                    break;
                case WorkState.TooManyFailures:
                    return WorkerEnd.TooManyFailures;
                default:
                    return WorkerEnd.Done;
            }
        }
        return WorkerEnd.Done;
    }
}
