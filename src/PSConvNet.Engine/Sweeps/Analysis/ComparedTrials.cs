namespace PSConvNet.Sweeps;

/// <summary>Trials whose values can be held against each other, since they came equally far.</summary>
internal static class ComparedTrials
{
    /// <summary>
    /// The completed trials; where they are few and more were given up on the way, all trials at the largest number of epochs that enough
    /// of them had done, as Falkner et al. (BOHB, ICML 2018) choose what to learn from.
    /// </summary>
    /// <returns>Points and values, and the number of epochs; null for completed trials.</returns>
    public static (IReadOnlyList<(SweepPoint Point, double Value)> Trials, int? Epochs) Of(
        SweepSpace space,
        IReadOnlyList<SweepTrial> trials,
        SweepObjective objective
    )
    {
        var own = trials.Where(t => t.Replicate == 0 && t.State != TrialState.Failed).ToArray();
        var completed = own.Where(t => t.State == TrialState.Completed && Finite(t.Value))
            .Select(t => (t.Parameters, t.Value!.Value))
            .ToArray();
        var enough = Math.Max(2 * SweepImportance.LeastTrials, 4 * space.Parameters.Count);
        if (completed.Length >= enough)
            return (completed, null);
        for (var epochs = own.Max(t => (int?)t.Epochs) ?? 0; epochs > 0; epochs--)
        {
            var there = own.Where(t => t.Epochs >= epochs && Finite(Of(t.History[epochs - 1], objective))).ToArray();
            if (there.Length > completed.Length && (there.Length >= enough || epochs == 1))
                return (
                    there.Select(t => (t.Parameters, Of(t.History[epochs - 1], objective)!.Value)).ToArray(),
                    epochs
                );
        }
        return (completed, null);
    }

    /// <summary>What an epoch came to; null where nothing was validated.</summary>
    public static double? Of(EpochRecord epoch, SweepObjective objective) =>
        objective == SweepObjective.Accuracy ? epoch.ValidationAccuracy : epoch.ValidationLoss;

    private static bool Finite(double? value) => value is { } number && double.IsFinite(number);
}
