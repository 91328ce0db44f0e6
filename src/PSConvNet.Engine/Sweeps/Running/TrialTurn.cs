using System.Diagnostics;

namespace PSConvNet.Sweeps;

/// <summary>A turn under way: follows the training, keeps the record, decides when it stops, and says how it ended.</summary>
internal sealed class TrialTurn : ITrainingObserver, IDisposable
{
    private readonly Study _study;
    private readonly TrialClaim _claim;
    private readonly TurnBook _book;
    private readonly Action<SweepTrial>? _told;
    private readonly double _until;
    private readonly double _secondsBefore;
    private readonly CancellationTokenSource _stopping;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private SweepTrial _trial;
    private string? _givenUp;

    /// <summary>Begins to follow it.</summary>
    /// <param name="study">The study.</param>
    /// <param name="work">The turn.</param>
    /// <param name="told">Is given the trial whenever its record is written, or null.</param>
    /// <param name="asked">Ends it within a batch.</param>
    public TrialTurn(Study study, TrialWork work, Action<SweepTrial>? told, CancellationToken asked)
    {
        (_study, _claim, _trial, _until, _told) = (study, work.Claim, work.Trial, work.Until, told);
        _book = new TurnBook(study, work.Claim);
        _secondsBefore = _trial.Seconds;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(asked);
    }

    /// <summary>Ends the training, for whatever reason.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The training goes on from a checkpoint, which knows of epochs that a record doesn't that was damaged and begun anew.</summary>
    public void GoOnFrom(Checkpoint saved)
    {
        if (saved.History.Count > _trial.History.Count)
            _trial = _trial with { History = [.. saved.History], Value = _study.Settings.ValueOf(saved.History[^1]) };
    }

    /// <inheritdoc />
    public void OnBatch(in BatchProgress progress) => _claim.Progress(progress.Completed, progress.Epoch);

    /// <inheritdoc />
    public void OnEpoch(EpochRecord epoch)
    {
        // From a checkpoint in the middle of an epoch, or from none at all: what was done before is in the record already.
        var history = _trial.History.Where(before => before.Epoch < epoch.Epoch).Append(epoch).ToArray();
        _trial = _trial with { History = history, Value = _study.Settings.ValueOf(epoch), Seconds = Seconds };
        if (history.Length >= _trial.PlannedEpochs)
            return;
        if (history.Length >= _until)
            _givenUp = $"It was paused after {Counted.Of(history.Length, "epoch")}: other trials did better by then.";
        else if (_trial.Replicate == 0 && IsBelowMedian())
            _givenUp = $"After {Counted.Of(history.Length, "epoch")} it was worse than the median of the other trials.";
        if (_givenUp is not null)
            _stopping.Cancel();
        else
            Write();
    }

    /// <inheritdoc />
    public void OnMessage(string message) { }

    /// <summary>The training has ended.</summary>
    public SweepTrial End(TrainingRun run)
    {
        _trial = _trial with { Seconds = Seconds, ParameterCount = run.Model.ParameterCount };
        if (_givenUp is not null)
            return Ended(TrialState.Pruned);
        if (run.Status == TrainingStatus.Stopped)
            return Stop();
        // The model is that of its best epoch, and so the value has to be.
        if (run.Options.RestoreBest && run.BestEpoch is { } best)
            _trial = _trial with { Value = _study.Settings.ValueOf(run.History[best - 1]) };
        var completed = _trial with { State = TrialState.Completed };
        _trial = _book.Keep(completed, path => ModelFile.Save(run.Model, path));
        return Ended(TrialState.Completed);
    }

    /// <summary>It can't be run.</summary>
    public SweepTrial Fail(string errorId, string reason)
    {
        _trial = _trial with { Seconds = Seconds, ErrorId = errorId };
        _givenUp = reason;
        return Ended(TrialState.Failed);
    }

    /// <summary>It was stopped, and can be continued.</summary>
    public SweepTrial Stop()
    {
        _trial = _trial with { State = TrialState.Waiting, Seconds = Seconds };
        _book.End(_trial);
        return _trial;
    }

    /// <summary>Lets go of the trial as it is: its record may be what can't be written.</summary>
    public void Leave() => _claim.Leave();

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Dispose();
        _claim.Dispose();
    }

    private double Seconds => _secondsBefore + _clock.Elapsed.TotalSeconds;

    private SweepTrial Ended(TrialState state)
    {
        _trial = _trial with { State = state, Reason = _givenUp, EndedAt = DateTimeOffset.Now };
        _book.End(_trial);
        _told?.Invoke(_trial);
        return _trial;
    }

    private void Write()
    {
        _book.Write(_trial);
        _told?.Invoke(_trial);
    }

    private bool IsBelowMedian()
    {
        var settings = _study.Settings;
        if (settings.Pruner.Kind != SweepPruner.Median)
            return false;
        return MedianRule.GivesUp(
            Losses(_trial),
            _study.Files.ReadAll().Where(other => other.Replicate == 0 && other.Id != _trial.Id).Select(Losses),
            settings.Pruner
        );

        double[] Losses(SweepTrial trial) =>
            [.. trial.History.Select(epoch => settings.LossOf(settings.ValueOf(epoch)))];
    }
}
