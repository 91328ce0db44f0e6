namespace PSConvNet;

/// <summary>
/// Finds work in a study's folder and takes it: trials that were begun and nobody has, those that Asha goes on with, new ones, and when
/// all are through, repetitions of the best. Which trial a worker gets depends on the others; what a trial is does not, but that Tpe and
/// Asha go by the results that are there.
/// </summary>
internal sealed class WorkQueue
{
    private const int ReplicateStream = 1;

    private readonly Study _study;
    private readonly StudySettings _settings;
    private readonly ISampler _sampler;
    private readonly WorkerLife _life;
    private readonly Random _jitter = new();

    /// <summary>Looks into a study that was opened with conditions that can be judged.</summary>
    public WorkQueue(Study study, WorkerLife? life = null)
    {
        (_study, _settings, _life) = (study, study.Settings, life ?? new WorkerLife(host: study.Place.Host));
        _sampler = SamplerFactory.Create(_settings.Sampler, _settings.Space, _settings.Seed, _settings.GridPoints);
        Trials = Math.Min(_settings.Trials, _sampler.Count ?? int.MaxValue);
    }

    /// <summary>The trials there will be, repetitions left out.</summary>
    public int Trials { get; }

    /// <summary>Takes the next turn there is.</summary>
    /// <param name="work">It, where one was taken.</param>
    /// <exception cref="ConvNetException"><c>StudyInvalid</c>, <c>FileNotReadable</c>, <c>FileNotWritten</c>.</exception>
    public WorkState Take(out TrialWork? work)
    {
        // Whoever comes second to a turn looks further on the next time: with hundreds of workers all would else try the same.
        for (var window = 1; ; window = Math.Min(window * 2, 1 << 16))
        {
            var board = Look();
            work = null;
            if (board.State != WorkState.Taken)
                return board.State;
            var (id, turn) = board.Choices[_jitter.Next(Math.Min(window, board.Choices.Count))];
            if (TrialClaim.TryTake(_study.Place, id, turn) is not { } claim)
                continue;
            try
            {
                work = Begin(claim);
            }
            catch
            {
                claim.Leave();
                claim.Dispose();
                throw;
            }
            if (work is not null)
                return WorkState.Taken;
            claim.Dispose();
        }
    }

    /// <summary>How the study stands, without taking anything.</summary>
    public WorkBoard Look()
    {
        var turns = _study.Files.Turns();
        var running = new List<RunningTrial>();
        var left = new List<(TrialId Id, int Turn)>();
        foreach (var (id, turn) in turns)
        {
            if (turn.IsDone || turn.Turn == 0 || id.Number >= Trials)
                continue;
            if (_life.IsAlive(ClaimFile.PathOf(_study.Place, id, turn.Turn), out var content))
                running.Add(new RunningTrial(id, content?.Epoch ?? 0, content?.Completed ?? 0));
            else if (!WaitsOnRung(id))
                left.Add((id, turn.Turn + 1));
        }
        left.Sort();
        var fresh = Enumerable
            .Range(0, Trials)
            .Select(number => new TrialId(number))
            .Where(id => !turns.ContainsKey(id))
            .Select(id => (id, 1))
            .ToList();
        var state = TooManyFailures(turns) ? WorkState.TooManyFailures : WorkState.Taken;
        var choices =
            left.Count > 0 ? left
            : Promotion(turns, isLast: false) is { Count: > 0 } promoted ? promoted
            : fresh.Count > 0 ? fresh
            : running.Any(trial => trial.Id.Replicate == 0) ? []
            // All trials are through: now it is known which are the best.
            : Promotion(turns, isLast: true) is { Count: > 0 } last ? last
            : Repetitions(turns);
        if (choices.Count == 0 && state == WorkState.Taken)
            state = running.Count > 0 ? WorkState.Wait : WorkState.Finished;
        var open = left.Count + fresh.Count;
        return new WorkBoard(state, choices, Math.Max(open, choices.Count), running);
    }

    private bool WaitsOnRung(TrialId id) =>
        _settings.Pruner.Kind == SweepPruner.Asha && _study.Files.Read(id)?.State == TrialState.Pruned;

    /// <summary>The turn at the trial that Asha goes on with; none where there is no such trial, or Asha has no say.</summary>
    private List<(TrialId Id, int Turn)> Promotion(Dictionary<TrialId, TrialTurns> turns, bool isLast)
    {
        if (_settings.Pruner.Kind != SweepPruner.Asha)
            return [];
        SweepTrial[] trials =
        [
            .. turns
                .Keys.Where(id => id.Replicate == 0 && id.Number < Trials)
                .Order()
                .Select(_study.Files.Read)
                .OfType<SweepTrial>()
                .Where(trial => trial.State != TrialState.Failed),
        ];
        var promoted = isLast
            ? AshaRule.Last(trials, LossAfter)
            : AshaRule.Promote(trials, _settings.Pruner, LossAfter);
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
                    .Winners(_study.Files.ReadAll().Where(trial => trial.Number < Trials), _settings)
                    .Take(_settings.Best)
                    .SelectMany(trial =>
                        Enumerable.Range(1, _settings.Replicate).Select(which => new TrialId(trial.Number, which))
                    )
                    .Where(id => !turns.ContainsKey(id))
                    .Select(id => (id, 1)),
            ];

    private bool TooManyFailures(Dictionary<TrialId, TrialTurns> turns) =>
        _settings.MaxFailures is { } most
        && turns.Count(pair => pair.Value.IsDone && _study.Files.Read(pair.Key)?.State == TrialState.Failed) > most;

    /// <summary>What the turn is for; null where it turned out that there is nothing to do in it.</summary>
    private TrialWork? Begin(TrialClaim claim)
    {
        var id = claim.Id;
        var before = _study.Files.Read(id);
        if (before is { State: TrialState.Completed or TrialState.Failed })
        {
            // Its worker died after the record and before the marker.
            ClaimFile.MarkDone(_study.Place, id);
            return null;
        }
        var trial = (before ?? New(id)) with
        {
            State = TrialState.Running,
            Turn = claim.Turn,
            Machine = Environment.MachineName,
            Reason = null,
            EndedAt = null,
        };
        if (Deaths(claim) is var deaths && deaths > _settings.Retry)
        {
            _study.Files.Write(
                trial with
                {
                    State = TrialState.Failed,
                    ErrorId = "TrialKilled",
                    Reason =
                        $"Its worker died {deaths} times, and -Retry {_settings.Retry} lets it be taken up no more; most likely it needs more memory than there is.",
                    EndedAt = DateTimeOffset.Now,
                }
            );
            ClaimFile.MarkDone(_study.Place, id);
            return null;
        }
        _study.Files.Write(trial);
        var until =
            id.Replicate == 0
                ? AshaRule.Next(_settings.Pruner, trial.Epochs, trial.PlannedEpochs)
                : trial.PlannedEpochs;
        return new TrialWork(claim, trial, until);
    }

    /// <summary>How many of the turns before this one ended without anybody saying so.</summary>
    private int Deaths(TrialClaim claim) =>
        Enumerable
            .Range(1, claim.Turn - 1)
            .Count(turn => ClaimFile.Read(ClaimFile.PathOf(_study.Place, claim.Id, turn)) is not { Left: true });

    private SweepTrial New(TrialId id)
    {
        var point = id.Replicate == 0 ? Sample(id.Number) : _study.Files.Read(new TrialId(id.Number))!.Parameters;
        var options = Options(point);
        return new SweepTrial
        {
            Id = id,
            State = TrialState.Running,
            Parameters = point,
            // The repetitions of two trials share their seeds, as the trials do: 31 bits, for people to read.
            Seed =
                id.Replicate == 0
                    ? options.Seed
                    : (long)(RandomStream.Key(options.Seed, ReplicateStream, id.Replicate) >> 33),
            PlannedEpochs = options.Epochs,
            StartedAt = DateTimeOffset.Now,
            Study = _study.Folder,
        };
    }

    /// <summary>The trial's options; the shared ones where its own can't be, for then the trial fails when it is run.</summary>
    private TrainingOptions Options(SweepPoint point)
    {
        try
        {
            return _settings.OptionsOf(point);
        }
        catch (ConvNetException)
        {
            return _settings.Training;
        }
    }

    private SweepPoint Sample(int number)
    {
        var history = _settings.Sampler == SweepSampler.Tpe ? History(number) : [];
        return _sampler.Sample(number, history);
    }

    private List<Observation> History(int number) =>
        [
            .. _study
                .Files.ReadAll()
                .Where(trial => trial.Replicate == 0 && trial.Number != number)
                .Where(trial => trial.State is TrialState.Completed or TrialState.Pruned or TrialState.Failed)
                .Select(trial => new Observation(
                    trial.Parameters,
                    trial.State == TrialState.Failed ? double.PositiveInfinity : _settings.LossOf(trial.Value),
                    trial.Epochs,
                    trial.State == TrialState.Completed
                )),
        ];
}
