namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>What came of the trials of a simulated study.</summary>
/// <param name="Lost">Trials that are not completed though nobody will do them any more.</param>
/// <param name="Wrong">Trials whose record has other numbers than the trial comes to.</param>
internal sealed record SimulationCheck(int Lost, int Wrong)
{
    /// <summary>Reads the study as anybody would.</summary>
    public static SimulationCheck Of(string folder, SimulationPlan plan)
    {
        var trials = Study.Open(folder).ReadTrials();
        var over = trials.Where(trial =>
            trial.State == TrialState.Completed
            || (trial.State == TrialState.Pruned && plan.Pruner.Kind != SweepPruner.None)
        );
        return new SimulationCheck(plan.Trials - over.Count(), over.Count(trial => !IsRight(trial)));
    }

    private static bool IsRight(SweepTrial trial) =>
        trial
            .History.Select(epoch => epoch.ValidationLoss)
            .SequenceEqual(
                Enumerable
                    .Range(1, trial.Epochs)
                    .Select(epoch => SimulatedStudy.Epoch(trial.Number, epoch).ValidationLoss)
            ) && (trial.State != TrialState.Completed || trial.Epochs == trial.PlannedEpochs);
}
