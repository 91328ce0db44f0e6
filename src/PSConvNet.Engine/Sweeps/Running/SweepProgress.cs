using System.Diagnostics;

namespace PSConvNet.Sweeps;

/// <summary>How a study stands, as one look into its folder shows it.</summary>
/// <param name="Total">The trials there will be, repetitions left out.</param>
/// <param name="Completed">Trials that are completed.</param>
/// <param name="Pruned">Trials that were stopped early, at least for now.</param>
/// <param name="Failed">Trials that failed.</param>
/// <param name="Running">What workers have now.</param>
/// <param name="Open">Turns that could be taken now.</param>
/// <param name="Best">The best trial so far, or null.</param>
/// <param name="IsFinished">Whether nothing is left to do.</param>
/// <param name="TooManyFailures">Whether more trials failed than may.</param>
/// <param name="Remaining">The time left at this pace; null before anything is done.</param>
/// <param name="Done">The epochs that are recorded and the trials and repetitions that have ended: it grows while anything gets done.</param>
public sealed record SweepProgress(
    int Total,
    int Completed,
    int Pruned,
    int Failed,
    IReadOnlyList<RunningTrial> Running,
    int Open,
    SweepTrial? Best,
    bool IsFinished,
    bool TooManyFailures,
    TimeSpan? Remaining,
    long Done
);

/// <summary>Follows a study that others work on. Reads its folder and nothing else, so workers may be anywhere.</summary>
internal sealed class SweepWatch
{
    private readonly Study _study;
    private readonly WorkQueue _queue;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly HashSet<(TrialId Id, int Turn)> _told = [];
    private double? _epochsAtStart;

    /// <summary>Begins to follow a study that was opened with conditions that can be judged.</summary>
    /// <exception cref="ConvNetException"><c>SweepGridTooLarge</c>.</exception>
    public SweepWatch(Study study) => (_study, _queue) = (study, new WorkQueue(study));

    /// <summary>All trials and repetitions as the last look found them.</summary>
    public IReadOnlyList<SweepTrial> Trials { get; private set; } = [];

    /// <summary>How many trials settings come to: those asked for, or all points of a grid that has fewer.</summary>
    /// <exception cref="ConvNetException"><c>SweepGridTooLarge</c>.</exception>
    public static int PointsOf(StudySettings settings) =>
        SamplerFactory.Create(settings.Sampler, settings.Space, settings.Seed, settings.GridPoints).Count
        ?? settings.Trials;

    /// <summary>Looks into the folder.</summary>
    /// <param name="ended">Trials and repetitions that have come to an end since the look before; the first look takes what is there as known.</param>
    /// <exception cref="ConvNetException"><c>StudyInvalid</c>, <c>FileNotReadable</c>.</exception>
    public SweepProgress Look(out IReadOnlyList<SweepTrial> ended)
    {
        var board = _queue.Look();
        var all = _study.Files.ReadAll().Where(trial => trial.Number < _queue.Trials).ToList();
        Trials = all;
        var over = all.Where(trial => trial.State is TrialState.Completed or TrialState.Pruned or TrialState.Failed)
            .ToList();
        var isFirst = _epochsAtStart is null;
        // A turn at a time: Asha goes on with trials that had come to an end.
        ended = over.Where(trial => _told.Add((trial.Id, trial.Turn)) && !isFirst).ToArray();
        var trials = over.Where(trial => trial.Replicate == 0).ToList();
        return new SweepProgress(
            _queue.Trials,
            trials.Count(trial => trial.State == TrialState.Completed),
            trials.Count(trial => trial.State == TrialState.Pruned),
            trials.Count(trial => trial.State == TrialState.Failed),
            board.Running,
            board.Open,
            Study.Winners(trials, _study.Settings).FirstOrDefault(),
            board.State == WorkState.Finished,
            board.State == WorkState.TooManyFailures,
            Remaining(all, over.Count, board.Running),
            all.Sum(trial => (long)trial.Epochs) + over.Count
        );
    }

    /// <summary>From the epochs done since the first look, and those that trials have had on average.</summary>
    private TimeSpan? Remaining(List<SweepTrial> all, int over, IReadOnlyList<RunningTrial> running)
    {
        var settings = _study.Settings;
        var records = all.ToDictionary(trial => trial.Id);
        var done =
            all.Sum(trial => (double)trial.Epochs)
            + running.Sum(now =>
                records.TryGetValue(now.Id, out var trial)
                    ? Math.Max(0, now.Completed * trial.PlannedEpochs - trial.Epochs)
                    : 0
            );
        _epochsAtStart ??= done;
        var sinceStart = done - _epochsAtStart.Value;
        if (over == 0 || sinceStart <= 0)
            return null;
        var each = all.Where(trial => trial.State is TrialState.Completed or TrialState.Pruned)
            .Select(trial => trial.Epochs);
        var total =
            (_queue.Trials + Math.Min(settings.Best, _queue.Trials) * settings.Replicate)
            * each.DefaultIfEmpty(0).Average();
        var seconds = Math.Max(0, total - done) * _clock.Elapsed.TotalSeconds / sinceStart;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
