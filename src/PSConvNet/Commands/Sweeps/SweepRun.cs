using System.Diagnostics;

namespace PSConvNet.Commands;

/// <summary>Follows a study while a pool of workers works on it: shows its state, reports what ends, and stops the workers.</summary>
internal sealed class SweepRun(LongCommand cmdlet, Study study, WorkerPool pool, StudyLog? log)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Ample for a batch and a checkpoint of each worker.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns when nothing is left to do, or all workers have stopped.</summary>
    /// <returns>Whether the study is done.</returns>
    /// <exception cref="ConvNetException"><c>SweepTooManyFailures</c>, <c>SweepNothingCompleted</c>, and what a pool throws.</exception>
    public bool Follow(SweepScreen? screen, CancellationToken stop)
    {
        // The first Ctrl-C is the pipeline's stop; a second one means: now.
        using var second = ProcessSignals.OfProcess.OnSecondInterrupt(pool.Kill);
        var over = Watch(screen, stop);
        // A worker that still waits in a queue has nothing left to do.
        StopWorkers();
        foreach (var note in pool.Notes)
            cmdlet.Tell(() => cmdlet.WriteWarning(note));
        if (over is null)
            return false;
        if (SweepConclusion.Of(study, over) is { } warning)
            cmdlet.WriteWarning(warning);
        return true;
    }

    /// <summary>Has workers work until nothing is left to do.</summary>
    /// <returns>How the study stands then; null when it was stopped.</returns>
    private SweepProgress? Watch(SweepScreen? screen, CancellationToken stop)
    {
        var watch = new SweepWatch(study);
        while (true)
        {
            var looked = Stopwatch.GetTimestamp();
            var progress = watch.Look(out var ended);
            Tell(ended);
            log?.Update(watch.Trials);
            if (progress.IsFinished || progress.TooManyFailures)
                return progress;
            pool.Tend(progress.Open, progress.Done);
            screen?.Show(progress, pool.Place);
            // A large study on a slow disk must not be read all the time.
            var pause = TimeSpan.FromTicks(Math.Max(s_pause.Ticks, 4 * Stopwatch.GetElapsedTime(looked).Ticks));
            if (stop.WaitHandle.WaitOne(pause))
                return null;
        }
    }

    private void Tell(IReadOnlyList<SweepTrial> ended)
    {
        foreach (var trial in ended)
            cmdlet.Tell(() =>
                cmdlet.WriteVerbose(trial.Reason is { } reason ? $"{trial}: {reason:lines}" : $"{trial}")
            );
    }

    /// <summary>Workers end by themselves when nothing is left to do, and soon after they are asked to; those that do not are killed.</summary>
    private void StopWorkers()
    {
        pool.RequestStop();
        var since = Stopwatch.GetTimestamp();
        while (pool.IsAlive && Stopwatch.GetElapsedTime(since) < s_patience)
            Thread.Sleep(50);
        pool.Kill();
    }
}
