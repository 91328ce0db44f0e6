namespace PSConvNet.Sweeps;

/// <summary>
/// Who goes on: asynchronous successive halving (Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020,
/// algorithm 2). A trial that has reached a rung waits there until it is among the best of those that have; nobody waits for a rung to
/// fill.
/// </summary>
internal static class AshaRule
{
    /// <summary>The trial to go on with, from the highest rung down; null where there is none.</summary>
    /// <param name="trials">The trials of the study, repetitions left out.</param>
    /// <param name="pruner">The rungs.</param>
    /// <param name="loss">A trial's loss after so many epochs, lower is better.</param>
    public static SweepTrial? Promote(
        IReadOnlyList<SweepTrial> trials,
        PrunerSpec pruner,
        Func<SweepTrial, int, double> loss
    )
    {
        var most = trials.Count == 0 ? 0 : trials.Max(trial => trial.PlannedEpochs);
        foreach (var rung in pruner.Rungs(most).Reverse())
        {
            var there = trials
                .Where(trial => trial.Epochs >= rung && rung < trial.PlannedEpochs)
                .OrderBy(trial => loss(trial, rung))
                .ThenBy(trial => trial.Id)
                .ToList();
            var next = there
                .Take(there.Count / pruner.ReductionFactor)
                .FirstOrDefault(trial => trial.State == TrialState.Pruned && trial.Epochs == rung);
            if (next is not null)
                return next;
        }
        return null;
    }

    /// <summary>
    /// Who goes on when nobody has come to the end and nothing else is left to do: the best of those that came farthest. The paper's stream
    /// of trials never ends; a study's does, maybe before any rung had as many as the factor.
    /// </summary>
    public static SweepTrial? Last(IReadOnlyList<SweepTrial> trials, Func<SweepTrial, int, double> loss) =>
        trials.Any(trial => trial.State == TrialState.Completed)
            ? null
            : trials
                .Where(trial => trial.State == TrialState.Pruned)
                .OrderByDescending(trial => trial.Epochs)
                .ThenBy(trial => loss(trial, trial.Epochs))
                .ThenBy(trial => trial.Id)
                .FirstOrDefault();

    /// <summary>The epochs after which a trial that has done so many waits, or ends.</summary>
    public static double Next(PrunerSpec pruner, int done, double planned) =>
        pruner.Rungs(planned).Cast<int?>().FirstOrDefault(rung => rung > done) ?? planned;
}
