namespace PSConvNet.Sweeps;

/// <summary>
/// Takes what there is to do in a study: trials that were begun and nobody has, those that Asha goes on with, new ones, and when
/// all are through, repetitions of the best. Which trial a worker gets depends on the others; what a trial is does not, but that Tpe and
/// Asha go by the results that are there.
/// </summary>
internal sealed class WorkQueue
{
    private const int ReplicateStream = 1;

    /// <summary>Whom a worker watches when it takes a turn: all others where they are few, and of many each is watched by about as many.</summary>
    private const int Watched = 32;

    /// <summary>Who has come too late to so many turns of what it saw looks again, and after so many looks in vain it waits.</summary>
    private const int TriesPerLook = 16;
    private const int VainLooks = 2;

    /// <summary>All together that wait look so far apart.</summary>
    private static readonly TimeSpan s_share = TimeSpan.FromSeconds(0.05);
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    private readonly Study _study;
    private readonly StudySettings _settings;
    private readonly ISampler _sampler;
    private readonly WorkFinder _finder;
    private readonly Random _random;
    private readonly HashSet<(TrialId Id, int Turn)> _lost = [];
    private int _crowd;

    /// <summary>Looks into a study that was opened with conditions that can be judged.</summary>
    /// <param name="study">The study.</param>
    /// <param name="life">Judges who is there; null for a judge of its own.</param>
    /// <param name="random">Which turns are tried and who is watched; null for chance. Workers must not have the same.</param>
    public WorkQueue(Study study, WorkerLife? life = null, Random? random = null)
    {
        (_study, _settings, _random) = (study, study.Settings, random ?? new Random());
        _sampler = SamplerFactory.Create(_settings.Sampler, _settings.Space, _settings.Seed, _settings.GridPoints);
        Trials = Math.Min(_settings.Trials, _sampler.Count ?? int.MaxValue);
        _finder = new WorkFinder(study, Trials, life ?? new WorkerLife(host: study.Place.Host), _random.Next());
    }

    /// <summary>The trials there will be, repetitions left out.</summary>
    public int Trials { get; }

    /// <summary>
    /// How long who finds nothing to take waits: longer the more there are, for at the end of a study all of them look, and no worker of
    /// few is to be missed for long.
    /// </summary>
    public TimeSpan Pause =>
        TimeSpan.FromTicks(Math.Clamp(_crowd * s_share.Ticks, s_shortestPause.Ticks, s_longestPause.Ticks))
        * (0.75 + (0.5 * _random.NextDouble()));

    /// <summary>Takes the next turn there is.</summary>
    /// <param name="work">It, where one was taken.</param>
    /// <exception cref="ConvNetException"><c>StudyInvalid</c>, <c>FileNotReadable</c>, <c>FileNotWritten</c>.</exception>
    public WorkState Take(out TrialWork? work)
    {
        work = null;
        for (var vain = 0; vain < VainLooks; )
        {
            var board = Look(Watched, within: TimeSpan.Zero);
            if (board.State != WorkState.Taken)
                return board.State;
            // On a shared file system a listing may be a minute old, and all that was to take in it taken.
            if (Claim(board.Choices) is not { } claim)
                vain++;
            else if ((work = TryBegin(claim)) is not null)
                return WorkState.Taken;
        }
        return WorkState.Wait;
    }

    /// <summary>How the study stands, without taking anything. Of many workers elsewhere not all are asked anew each time.</summary>
    public WorkBoard Look() => Look(int.MaxValue, within: _crowd * s_share);

    private WorkBoard Look(int watched, TimeSpan within)
    {
        var board = _finder.Look(watched, within);
        _crowd = Math.Max(_crowd, board.Running.Count);
        return board;
    }

    private TrialClaim? Claim(IEnumerable<(TrialId Id, int Turn)> choices)
    {
        // What was tried in vain stays in vain, also where an old listing does not show it yet.
        var untried = choices.Where(choice => !_lost.Contains(choice)).ToList();
        // Whoever comes second to a turn tries further on: with hundreds of workers all would else try the same.
        for (var (tries, window) = (0, 1); tries < TriesPerLook && untried.Count > 0; tries++, window *= 2)
        {
            var at = _random.Next(Math.Min(window, untried.Count));
            var (id, turn) = untried[at];
            if (TrialClaim.TryTake(_study.Place, id, turn) is { } claim)
                return claim;
            _lost.Add(untried[at]);
            untried.RemoveAt(at);
        }
        return null;
    }

    private TrialWork? TryBegin(TrialClaim claim)
    {
        TrialWork? work = null;
        try
        {
            return work = Begin(claim);
        }
        catch (ClaimLostException)
        {
            // It stood still until others took it for dead.
            return null;
        }
        catch
        {
            claim.Leave();
            throw;
        }
        finally
        {
            if (work is null)
                claim.Dispose();
        }
    }

    /// <summary>What the turn is for; null where it turned out that there is nothing to do in it.</summary>
    private TrialWork? Begin(TrialClaim claim)
    {
        var id = claim.Id;
        var before = _study.Files.ReadAnew(id);
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
                    ErrorId = ErrorIds.TrialKilled,
                    Reason =
                        $"Its worker died {Counted.Of(deaths, "time"):text}, and StudySettings.Retry {_settings.Retry} allows no more attempts; most likely it needs more memory than there is.",
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
        var point = id.Replicate == 0 ? Sample(id.Number) : Repeated(id).Parameters;
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

    private SweepTrial Repeated(TrialId repetition)
    {
        var id = new TrialId(repetition.Number);
        return _study.Files.Read(id)
            ?? throw SweepFault.Invalid(_study.Place.RecordOf(id), "it was damaged while its trial was to be repeated");
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
