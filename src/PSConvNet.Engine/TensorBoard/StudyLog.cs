namespace PSConvNet.TensorBoard;

/// <summary>
/// Writes how a sweep goes for TensorBoard: for each trial the numbers of its epochs and, for the page HPARAMS, what it was run with. It reads
/// records of trials and nothing else, so that the workers may be anywhere.
/// </summary>
/// <remarks>
/// A trial's folder is its name in that of the study. Who goes on with a study writes new files, which have TensorBoard forget those of before.
/// </remarks>
/// <param name="root">The folder of all runs.</param>
/// <param name="study">The study's name.</param>
/// <param name="warn">Is told when nothing more can be written, or null.</param>
public sealed class StudyLog(string root, string study, Action<string>? warn = null)
{
    private readonly string _folder = Path.Combine(root, RunFolder.NameOf(study));
    private readonly Dictionary<TrialId, Written> _written = [];
    private bool _isOver;

    /// <summary>Writes what is new.</summary>
    /// <param name="trials">The trials as they are now.</param>
    public void Update(IEnumerable<SweepTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        if (_isOver)
            return;
        try
        {
            foreach (var trial in trials)
                Update(trial);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e) || e is ConvNetException { ErrorId: ErrorIds.FileNotWritten })
        {
            _isOver = true;
            var fault = e as ConvNetException ?? FileFault.FolderNotWritten(_folder, e);
            warn?.Invoke($"{fault.Message} The sweep continues without it.");
        }
    }

    private void Update(SweepTrial trial)
    {
        var hasEnded = trial.State is TrialState.Completed or TrialState.Pruned or TrialState.Failed;
        var known = _written.GetValueOrDefault(trial.Id);
        if (known is null ? trial.Epochs == 0 && !hasEnded : !IsNew(trial, known, hasEnded))
            return;
        using var file = known is null ? Begin(trial) : EventFile.Append(known.Path);
        var seconds =
            Events.Seconds(trial.StartedAt) + trial.History.Take(known?.Epochs ?? 0).Sum(epoch => epoch.Seconds);
        foreach (var epoch in trial.History.Skip(known?.Epochs ?? 0))
        {
            seconds += epoch.Seconds;
            file.Write(Events.Of(epoch.Epoch, seconds, Events.Of(epoch)));
        }
        if (hasEnded)
            file.Write(SessionEvents.End(trial));
        file.Flush();
        _written[trial.Id] = new Written(file.Path, trial.Epochs, hasEnded ? trial.Turn : 0);
    }

    private static bool IsNew(SweepTrial trial, Written known, bool hasEnded) =>
        trial.Epochs > known.Epochs || (hasEnded && trial.Turn != known.EndedTurn);

    private EventFile Begin(SweepTrial trial)
    {
        var file = EventFile.Create(Path.Combine(_folder, trial.Id.FileName), DateTimeOffset.Now);
        file.Write(Events.Restart(1, Events.Seconds(trial.StartedAt)));
        file.Write(SessionEvents.Start(trial));
        return file;
    }

    /// <summary>What there is of a trial.</summary>
    private sealed record Written(string Path, int Epochs, int EndedTurn);
}
