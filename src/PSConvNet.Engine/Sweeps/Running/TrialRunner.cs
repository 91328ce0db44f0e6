using System.Diagnostics;

namespace PSConvNet.Sweeps;

/// <summary>Makes the layers of a trial.</summary>
/// <param name="point">What it is run with.</param>
/// <exception cref="ConvNetException">They can't be made; the trial fails for that reason.</exception>
internal delegate IReadOnlyList<LayerSpec> LayerBuilder(SweepPoint point);

/// <summary>Runs one turn at a trial: from its beginning or from where it was left, to its end, a rung, or until it is stopped.</summary>
internal sealed class TrialRunner(Study study, Dataset data, ImageSet validation, LayerBuilder layers)
{
    /// <summary>What is no fault of the trial: the machine's, so another worker may do better.</summary>
    private static readonly string[] s_faultsOfPlace =
    [
        ErrorIds.FileNotWritten,
        ErrorIds.FileNotReadable,
        ErrorIds.CheckpointNotWritten,
        ErrorIds.CheckpointFolderBusy,
        ErrorIds.NativeLibraryMissing,
        ErrorIds.StudyInvalid,
    ];

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Runs it; its record and its claim say how it ended.</summary>
    /// <param name="work">The turn.</param>
    /// <param name="told">Is given the trial whenever its record is written, or null.</param>
    /// <param name="cancellation">Ends it within a batch.</param>
    /// <returns>The trial as it is now; null where others had taken it up meanwhile.</returns>
    /// <exception cref="ConvNetException">A fault of the place; the trial can be continued.</exception>
    public SweepTrial? Run(TrialWork work, Action<SweepTrial>? told, CancellationToken cancellation)
    {
        using var turn = new TrialTurn(study, work, told, cancellation);
        try
        {
            return Run(work, turn, cancellation);
        }
        catch (ClaimLostException)
        {
            return null;
        }
    }

    private SweepTrial Run(TrialWork work, TrialTurn turn, CancellationToken cancellation)
    {
        try
        {
            return turn.End(Train(work, turn));
        }
        catch (ConvNetException e) when (s_faultsOfPlace.Contains(e.ErrorId))
        {
            turn.Leave();
            throw;
        }
        catch (Exception e) when (e is not ClaimLostException && cancellation.IsCancellationRequested)
        {
            // A script block that was stopped, or a wait: before there was anything to train.
            turn.Stop();
            throw;
        }
        catch (ConvNetException e)
        {
            return turn.Fail(e.ErrorId, e.Message);
        }
        catch (Exception e) when (e is not ClaimLostException)
        {
            // Memory that can't be had, an error of libtorch: the next trial may well run.
            return turn.Fail(ErrorIds.TrialFailed, e.Message);
        }
    }

    private TrainingRun Train(TrialWork work, TrialTurn turn)
    {
        var trial = work.Trial;
        var options = study.Settings.OptionsOf(trial.Parameters) with
        {
            Seed = trial.Seed,
            ValidationSplit = 0,
            ValidationData = validation,
        };
        var checkpoints = new CheckpointOptions(study.Place.CheckpointsOf(trial.Id))
        {
            Every = CheckpointInterval.OfTime(study.Settings.CheckpointEvery),
            KeepLast = 1,
            Replace = true,
            OnlyWhenDue = true,
        };
        for (var since = Stopwatch.GetTimestamp(); ; )
        {
            var saved = Saved(checkpoints.Folder);
            if (saved is not null)
                turn.GoOnFrom(saved);
            var trainer = saved is not null
                ? new Trainer(saved, data, validation, turn) { Checkpoints = checkpoints }
                : new Trainer(Model(trial), data, options, turn) { Checkpoints = checkpoints };
            try
            {
                return trainer.Run(turn.Stopping);
            }
            catch (ConvNetException e)
                when (e.ErrorId == ErrorIds.CheckpointFolderBusy && Stopwatch.GetElapsedTime(since) < s_patience)
            {
                // Who had the trial before stood still until it was taken for dead; it lets go when it finds out.
                turn.Stopping.WaitHandle.WaitOne(s_pause);
                turn.Stopping.ThrowIfCancellationRequested();
            }
        }
    }

    private Model Model(SweepTrial trial) => new(layers(trial.Parameters), data.Shape, $"trial {trial.Id}", trial.Seed);

    private Checkpoint? Saved(string folder)
    {
        try
        {
            return CheckpointFolder.List(folder).Count > 0
                ? Checkpoint.Newest(folder, use: found => _ = new Trainer(found, data, validation))
                : null;
        }
        catch (ConvNetException e) when (e.ErrorId is ErrorIds.CheckpointNotFound)
        {
            // None is whole: from the beginning, then.
            return null;
        }
    }
}
