using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.InteropServices;

namespace PSConvNet.Commands;

/// <summary>Follows a study while a pool of workers works on it: shows how it stands, tells what ends, and stops the workers.</summary>
internal sealed class SweepRun(Cmdlet cmdlet, Study study, WorkerPool pool)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Ample for a batch and a checkpoint of each worker.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SweepScreen _screen = new(cmdlet, study);

    /// <summary>Returns when nothing is left to do, or all workers have stopped.</summary>
    /// <returns>Whether the study is done.</returns>
    /// <exception cref="ConvNetException"><c>SweepTooManyFailures</c>, <c>SweepNothingCompleted</c>, and what a pool throws.</exception>
    public bool Follow(bool quiet, CancellationToken stop)
    {
        using var second = new SecondInterrupt(pool.Kill);
        try
        {
            var over = Watch(quiet, stop);
            // Who still waits in a queue has nothing to do any more.
            StopWorkers();
            foreach (var note in pool.Notes)
                cmdlet.WriteWarning(note);
            return over is not null && Conclude(over);
        }
        catch (PipelineStoppedException)
        {
            // A stop that comes while something is written is told by what is written next.
            StopWorkers();
            throw;
        }
        finally
        {
            if (!quiet && !stop.IsCancellationRequested)
                _screen.Hide();
        }
    }

    /// <summary>Has workers work until nothing is left to do.</summary>
    /// <returns>How the study stands then; null when it was stopped.</returns>
    private SweepProgress? Watch(bool quiet, CancellationToken stop)
    {
        var watch = new SweepWatch(study);
        while (true)
        {
            var looked = Stopwatch.GetTimestamp();
            var progress = watch.Look(out var ended);
            Tell(ended);
            if (progress.IsFinished || progress.TooManyFailures)
                return progress;
            pool.Tend(progress.Open);
            if (!quiet)
                _screen.Show(progress, pool.Place);
            // A large study on a slow disk is not to be looked at all the time.
            var pause = TimeSpan.FromTicks(Math.Max(s_pause.Ticks, 4 * Stopwatch.GetElapsedTime(looked).Ticks));
            if (stop.WaitHandle.WaitOne(pause))
                return null;
        }
    }

    private void Tell(IReadOnlyList<SweepTrial> ended)
    {
        foreach (var trial in ended)
            cmdlet.WriteVerbose(trial.Reason is { } reason ? $"{trial}: {reason}" : $"{trial}");
    }

    /// <summary>They end by themselves where there is nothing to do, and soon where they were asked to; whoever does not is ended.</summary>
    private void StopWorkers()
    {
        pool.RequestStop();
        var since = Stopwatch.GetTimestamp();
        while (pool.IsAlive && Stopwatch.GetElapsedTime(since) < s_patience)
            Thread.Sleep(50);
        pool.Kill();
    }

    private bool Conclude(SweepProgress progress)
    {
        var failed = study.ReadTrials().Where(trial => trial.State == TrialState.Failed).ToArray();
        var first = failed.FirstOrDefault()?.Reason;
        if (progress.TooManyFailures)
        {
            throw new ConvNetException(
                "SweepTooManyFailures",
                ErrorKind.InvalidResult,
                $"{failed.Length} trials failed, and -MaxFailures is {study.Settings.MaxFailures}. The first one: {first} Get-SweepTrial -State Failed tells them all; Invoke-Sweep -Study goes on with a higher -MaxFailures.",
                study.Folder
            );
        }
        if (progress.Best is null)
        {
            throw new ConvNetException(
                "SweepNothingCompleted",
                ErrorKind.InvalidResult,
                $"No trial was completed: {failed.Length} of {progress.Total} failed. The first one: {first}",
                study.Folder
            );
        }
        if (failed.Length > 0)
        {
            cmdlet.WriteWarning(
                $"{failed.Length} of {progress.Total} trials failed; Get-SweepTrial -State Failed tells why. The first one: {first}"
            );
        }
        return true;
    }

    /// <summary>The first Ctrl-C is the pipeline's stop; what follows means: now.</summary>
    private sealed class SecondInterrupt : IDisposable
    {
        private readonly PosixSignalRegistration _registration;
        private int _count;

        public SecondInterrupt(Action act) =>
            _registration = PosixSignalRegistration.Create(
                PosixSignal.SIGINT,
                context =>
                {
                    context.Cancel = true;
                    if (Interlocked.Increment(ref _count) > 1)
                        act();
                }
            );

        public void Dispose() => _registration.Dispose();
    }
}
