using System.Globalization;

namespace PSConvNet.Reports;

/// <summary>What trials came to, in words.</summary>
internal static class TrialText
{
    /// <summary>What a study makes good.</summary>
    public static string Named(SweepObjective objective) =>
        objective == SweepObjective.Accuracy ? "validation accuracy" : "validation loss";

    /// <summary>A value; nothing where there is none.</summary>
    public static string Value(double? value, SweepObjective objective) =>
        value is { } number ? ValueAxis.Text(number, objective) : "";

    /// <summary>The mean of a trial's repetitions with half its 95 % interval; nothing where there are none.</summary>
    public static string Mean(SweepTrial trial, SweepObjective objective) =>
        (trial.Mean, trial.MeanMargin) switch
        {
            ({ } mean, { } margin) when objective == SweepObjective.Accuracy => ReportText.Of(
                $"{Percentage.Number(mean)} ± {Percentage.Of(margin)}"
            ),
            ({ } mean, { } margin) =>
                $"{ValueAxis.Text(mean, objective)} ± {margin.ToString("G2", CultureInfo.InvariantCulture)}",
            var (mean, _) => Value(mean, objective),
        };

    /// <summary>The best trial in sentences; that there is none where there is none.</summary>
    public static string Verdict(StudyFindings findings)
    {
        var (ranked, trials, objective) = (findings.Ranked, findings.Trials, findings.Objective);
        if (trials.Count == 0)
            return $"No trial of this sweep has been started yet; {Counted.Of(findings.Settings.Trials, "trial")} are asked for.";
        if (ranked.Count == 0)
            return "No trial is completed yet.";
        var best = ranked[0];
        var judges = findings.Study.Data.Validation.Images;
        var value =
            objective == SweepObjective.Accuracy
                ? $"{Value(best.Value, objective)} of {Counted.Of(judges, "held-out image")} right"
                : $"a loss of {Value(best.Value, objective)} on {Counted.Of(judges, "held-out image")}";
        var repeated = best.Replicates.Count switch
        {
            0 => "",
            1 =>
                $" Trained again with another seed, it reaches {Mean(best, objective)}; one repetition says nothing about the spread.",
            var count when best.MeanMargin is null => ReportText.Of(
                $" Trained again with {count:N0} other seeds, it reaches {Mean(best, objective)} each time; that is too few to know the spread."
            ),
            var count => ReportText.Of(
                $" Trained again with {count:N0} other seeds, it reaches {Mean(best, objective)} (mean and 95 % interval)."
            ),
        };
        return ReportText.Of(
            $"Trial {best.Id} is the best of {trials.Count:N0}: {value}, with {best.Parameters}.{repeated}"
        );
    }

    /// <summary>How many trials ended how, and what that took.</summary>
    public static string Counts(StudyFindings findings)
    {
        var trials = findings.Trials;
        var counts = trials
            .GroupBy(trial => trial.State)
            .OrderBy(group => group.Key == TrialState.Running ? TrialState.Waiting : group.Key)
            .Select(group => ReportText.Of($"{group.Count():N0} {State(group.Key)}"));
        var spent = trials.Sum(trial => trial.Epochs);
        var planned = trials.Sum(trial => Math.Ceiling(trial.PlannedEpochs));
        var saved =
            findings.Settings.Pruner.Kind == SweepPruner.None
                ? ""
                : ReportText.Of($" of the {planned:N0} that all of them would take");
        var again = findings.Repetitions.Sum(trial => trial.Epochs);
        var repeated = again == 0 ? "" : $", and repetitions {Counted.Of(again, "epoch")} more";
        return $"Of {Counted.Of(trials.Count, "trial")}: {string.Join(", ", counts)}. They took {Counted.Of(spent, "epoch")}{saved}{repeated}.";
    }

    /// <summary>How a trial stands, as a word.</summary>
    public static string State(TrialState state) => state.ToString().ToLowerInvariant();
}
