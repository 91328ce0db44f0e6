namespace PSConvNet.Sweeps;

/// <summary>Finds what there is to do in a study's folder, and whether who has the rest is still there. Takes nothing.</summary>
/// <param name="study">The study.</param>
/// <param name="trials">The trials there will be, repetitions left out.</param>
/// <param name="life">Judges who is there.</param>
/// <param name="watch">Names whom this worker watches.</param>
internal sealed class WorkFinder(Study study, int trials, WorkerLife life, int watch)
{
    private readonly StudySettings _settings = study.Settings;
    private readonly TrialFiles _files = study.Files;

    /// <summary>How the study stands.</summary>
    /// <param name="watched">Of how many others it is looked whether they are there. Who is not watched is taken to be: others watch.</param>
    /// <param name="within">How old what is known of them may be.</param>
    public WorkBoard Look(int watched, TimeSpan within)
    {
        var turns = _files.Turns();
        var records = Records(turns);
        var begun = turns
            .Where(pair => pair.Value is { IsDone: false, Turn: > 0 } && pair.Key.Number < trials)
            // With Asha thousands may wait on a rung: their records say so.
            .Where(pair =>
                records.GetValueOrDefault(pair.Key) is not { State: TrialState.Pruned } record
                || !record.HasEnded(pair.Value.Turn)
            )
            .ToList();
        // The same ones again while they are there: to be taken for dead one has to be seen twice.
        if (begun.Count > watched)
            begun.Sort((a, b) => Order(a.Key).CompareTo(Order(b.Key)));
        var running = new List<RunningTrial>();
        var left = new List<(TrialId Id, int Turn)>();
        for (var i = 0; i < begun.Count; i++)
        {
            var (id, turn) = begun[i];
            ClaimContent? content = null;
            if (i >= watched || life.IsAlive(ClaimFile.PathOf(study.Place, id, turn.Turn), out content, within))
                running.Add(new RunningTrial(id, content?.Epoch ?? 0, content?.Completed ?? 0));
            else if (!WaitsOnRung(id))
                left.Add((id, turn.Turn + 1));
        }
        left.Sort();
        var fresh = Enumerable
            .Range(0, trials)
            .Select(number => new TrialId(number))
            .Where(id => !turns.ContainsKey(id))
            .Select(id => (id, 1))
            .ToList();
        var state = TooManyFailures(turns) ? WorkState.TooManyFailures : WorkState.Taken;
        var choices =
            left.Count > 0 ? left
            : Promotion(turns, records, isLast: false) is { Count: > 0 } promoted ? promoted
            : fresh.Count > 0 ? fresh
            : running.Any(trial => trial.Id.Replicate == 0) ? []
            // All trials are through: now it is known which are the best.
            : Promotion(turns, records, isLast: true) is { Count: > 0 } last ? last
            : Repetitions(turns);
        if (choices.Count == 0 && state == WorkState.Taken)
            state = running.Count > 0 ? WorkState.Wait : WorkState.Finished;
        var open = left.Count + fresh.Count;
        return new WorkBoard(state, choices, Math.Max(open, choices.Count), running);
    }

    private bool WaitsOnRung(TrialId id) =>
        _settings.Pruner.Kind == SweepPruner.Asha && _files.Read(id)?.State == TrialState.Pruned;

    /// <summary>What Asha goes by: the records of all trials, repetitions left out. None without Asha.</summary>
    private Dictionary<TrialId, SweepTrial> Records(Dictionary<TrialId, TrialTurns> turns) =>
        _settings.Pruner.Kind != SweepPruner.Asha
            ? []
            : turns
                .Where(pair => pair.Key.Replicate == 0 && pair.Key.Number < trials)
                .Select(pair => _files.Read(pair.Key, pair.Value))
                .OfType<SweepTrial>()
                .ToDictionary(trial => trial.Id);

    /// <summary>Chance, but for one worker always the same.</summary>
    private ulong Order(TrialId id) => RandomStream.Key(watch, id.Number, id.Replicate);

    /// <summary>The turn at the trial that Asha goes on with; none where there is no such trial, or Asha has no say.</summary>
    private List<(TrialId Id, int Turn)> Promotion(
        Dictionary<TrialId, TrialTurns> turns,
        Dictionary<TrialId, SweepTrial> records,
        bool isLast
    )
    {
        if (_settings.Pruner.Kind != SweepPruner.Asha)
            return [];
        var known = records
            .Values.Where(trial => trial.State != TrialState.Failed)
            .OrderBy(trial => trial.Id)
            .ToArray();
        var promoted = isLast ? AshaRule.Last(known, LossAfter) : AshaRule.Promote(known, _settings.Pruner, LossAfter);
        return promoted is null ? [] : [(promoted.Id, turns[promoted.Id].Turn + 1)];
    }

    private double LossAfter(SweepTrial trial, int epochs) =>
        _settings.LossOf(_settings.ValueOf(trial.History[epochs - 1]));

    /// <summary>The best of the trials, to be run again with other seeds.</summary>
    private List<(TrialId Id, int Turn)> Repetitions(Dictionary<TrialId, TrialTurns> turns) =>
        _settings.Replicate == 0
            ? []
            :
            [
                .. Study
                    .Winners(_files.ReadAll().Where(trial => trial.Number < trials), _settings)
                    .Take(_settings.Best)
                    .SelectMany(trial =>
                        Enumerable.Range(1, _settings.Replicate).Select(which => new TrialId(trial.Number, which))
                    )
                    .Where(id => !turns.ContainsKey(id))
                    .Select(id => (id, 1)),
            ];

    private bool TooManyFailures(Dictionary<TrialId, TrialTurns> turns) =>
        _settings.MaxFailures is { } most
        && turns.Count(pair => pair.Value.IsDone && _files.Read(pair.Key)?.State == TrialState.Failed) > most;
}
