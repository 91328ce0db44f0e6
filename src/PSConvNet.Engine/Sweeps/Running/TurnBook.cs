namespace PSConvNet.Sweeps;

/// <summary>
/// What is written of a turn into its study, wherever it is run: its trial's record, its model where that is among the best, and how it
/// ended. Nothing, once others have taken the trial up.
/// </summary>
internal sealed class TurnBook(Study study, TrialClaim claim)
{
    /// <summary>Writes the trial as it is now.</summary>
    /// <exception cref="ClaimLostException">Others have taken it up.</exception>
    public void Write(SweepTrial trial) => study.Files.Write(trial);

    /// <summary>The turn is over, and others may go on with the trial where anything is left to do.</summary>
    /// <param name="trial">It, as it ended.</param>
    /// <exception cref="ClaimLostException">Others have taken it up.</exception>
    public void End(SweepTrial trial)
    {
        Write(trial);
        if (IsOver(trial.State))
        {
            ClaimFile.MarkDone(study.Place, trial.Id);
            DeleteCheckpoints(trial.Id);
        }
        claim.Leave();
    }

    /// <summary>
    /// Saves a completed trial's model where it is among the best so far, and lets go of those that no longer are: who is not among the best once
    /// will not be again.
    /// </summary>
    /// <param name="trial">The trial, completed.</param>
    /// <param name="save">Saves its model to a path.</param>
    /// <returns>The trial with what became of its model.</returns>
    public SweepTrial Keep(SweepTrial trial, Action<string> save)
    {
        if (trial.Replicate > 0)
            return trial with { ModelPath = null };
        var settings = study.Settings;
        var path = study.Place.ModelOf(trial.Id);
        if (settings.KeepAllModels)
        {
            save(path);
            return trial with { ModelPath = path };
        }
        var others = study.Files.ReadKept().Where(other => other.Id != trial.Id);
        var ranked = Study.Winners(others.Append(trial), settings).ToList();
        if (!ranked.Take(settings.Best).Contains(trial))
            return trial with { ModelPath = null };
        save(path);
        foreach (var behind in ranked.Skip(settings.Best))
            FileFault.Ignore(() => File.Delete(study.Place.ModelOf(behind.Id)));
        return trial with { ModelPath = path };
    }

    /// <summary>Whom Asha has given up it may go on with; of all others nothing is to be expected.</summary>
    private bool IsOver(TrialState state) =>
        state switch
        {
            TrialState.Completed or TrialState.Failed => true,
            TrialState.Pruned => study.Settings.Pruner.Kind != SweepPruner.Asha,
            _ => false,
        };

    private void DeleteCheckpoints(TrialId id)
    {
        var folder = study.Place.CheckpointsOf(id);
        FileFault.Ignore(() =>
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        });
    }
}
