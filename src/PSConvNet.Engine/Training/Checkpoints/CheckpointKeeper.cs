using System.Diagnostics;

namespace PSConvNet.Training;

/// <summary>Locks the folder of a training, and writes its checkpoints when they are due.</summary>
internal sealed class CheckpointKeeper : IDisposable
{
    private readonly CheckpointOptions _options;
    private readonly CheckpointWriter _writer;
    private readonly ITrainingObserver? _observer;
    private readonly FolderLock? _lock;
    private readonly bool _isOff;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private int _epochs;

    /// <summary>Locks the folder.</summary>
    /// <exception cref="ConvNetException">
    /// <c>CheckpointOptionInvalid</c>, <c>CheckpointFolderBusy</c>, <c>CheckpointFolderNotEmpty</c>, <c>CheckpointNotWritten</c>.
    /// </exception>
    public CheckpointKeeper(
        CheckpointOptions options,
        CheckpointWriter writer,
        bool resumes,
        ITrainingObserver? observer
    )
    {
        options.Validate();
        (_options, _writer, _observer) = (options, writer, observer);
        try
        {
            _lock = FolderLock.Take(options.Folder);
            Claim(resumes);
        }
        catch (Exception e) when (IsOfDisk(e) && options.GoOnWithout)
        {
            Tell(e);
            // Without its folder no checkpoint can be written, and one warning is enough.
            _isOff = true;
        }
        catch (Exception e)
        {
            _lock?.Dispose();
            if (IsOfDisk(e))
                throw NotWritten(e);
            throw;
        }
    }

    /// <summary>Writes a checkpoint after a batch if one is due by time.</summary>
    /// <returns>Whether one was written.</returns>
    public bool BatchDone()
    {
        if (_options.Every.Time is not { } time || _since.Elapsed < time)
            return false;
        Write();
        return true;
    }

    /// <summary>Writes what is due after an epoch: a checkpoint, and the best epoch's model.</summary>
    /// <param name="last">Whether the run is over.</param>
    public void EpochDone(bool last)
    {
        _epochs++;
        if ((last && !_options.OnlyWhenDue) || (_options.Every.Epochs is { } every && _epochs % every == 0))
            Write();
        if (_writer.IsBest && !_options.OnlyWhenDue)
            Try(() => _writer.WriteModel(Path.Combine(_options.Folder, CheckpointFolder.Best)));
    }

    /// <summary>Writes a checkpoint of a run that was stopped, from which it can be continued.</summary>
    public void Stopped() => Write();

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();

    private void Claim(bool resumes)
    {
        var there = CheckpointFolder.List(_options.Folder);
        if (resumes)
        {
            foreach (var (_, path) in there.Where(one => one.Step > _writer.Step))
                PutAside(path);
            return;
        }
        if (there.Count > 0 && !_options.Replace)
        {
            throw new ConvNetException(
                ErrorIds.CheckpointFolderNotEmpty,
                ErrorKind.InvalidArgument,
                $"{_options.Folder} contains checkpoints of a training run: continue it with Checkpoint.Newest, choose another folder, or delete them with CheckpointOptions.Replace.",
                _options.Folder
            );
        }
        CheckpointFolder.Prune(_options.Folder, keep: 0);
        WritingDisk.Current.Delete(Path.Combine(_options.Folder, CheckpointFolder.Best));
        // One before the first step: that none can be written is better known now than in an hour.
        if (!_options.OnlyWhenDue)
            Save();
    }

    /// <summary>
    /// Renames a checkpoint whose number is higher than the run's step though its content is older. Otherwise it would always count as the newest,
    /// and the run's own checkpoints would be deleted instead of it.
    /// </summary>
    private void PutAside(string path)
    {
        // Another process may have continued the run, and ended, between the reading and the lock.
        if (StepIn(path) > _writer.Step)
        {
            throw new ConvNetException(
                ErrorIds.CheckpointFolderBusy,
                ErrorKind.Busy,
                $"Another process has continued the training in {_options.Folder} in the meantime; resume it again.",
                _options.Folder
            );
        }
        WritingDisk.Current.Rename(path, path + CheckpointFolder.Aside);
        _observer?.OnWarning(
            MessageText.Of(
                $"{path} is damaged, or has a higher number than its content, and was renamed to {Path.GetFileName(path)}{CheckpointFolder.Aside}; delete it if you don't need it."
            )
        );
    }

    /// <summary>The number of steps by a checkpoint's content; null if it can't be read.</summary>
    private long? StepIn(string path)
    {
        try
        {
            return _writer.StepOf(Checkpoint.Read(path));
        }
        catch (ConvNetException)
        {
            return null;
        }
    }

    private void Write()
    {
        Try(Save);
        _since.Restart();
    }

    private void Save()
    {
        _writer.Write(CheckpointFolder.PathOf(_options.Folder, _writer.Step));
        CheckpointFolder.Prune(_options.Folder, _options.KeepLast);
    }

    private void Try(Action write)
    {
        if (_isOff)
            return;
        try
        {
            write();
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            Tell(e);
        }
    }

    private static bool IsOfDisk(Exception e) =>
        e is ConvNetException { ErrorId: ErrorIds.FileNotWritten } || FileFault.IsOfDisk(e);

    /// <summary>Ends the training with an error, or warns if the user wants to continue without checkpoints.</summary>
    private void Tell(Exception cause)
    {
        var problem = NotWritten(cause);
        if (!_options.GoOnWithout)
            throw problem;
        _observer?.OnWarning($"{problem.Message} The training continues without this checkpoint.");
    }

    private ConvNetException NotWritten(Exception cause)
    {
        var said = cause is ConvNetException ? cause.InnerException ?? cause : cause;
        // The writer of a file within the folder has named it.
        var advice = FileFault.Begun(
            cause is ConvNetException { Target: string file }
                ? WritingAdvice.For(file, said)
                : WritingAdvice.For(_options.Folder, said, isFolder: true)
        );
        return new(
            ErrorIds.CheckpointNotWritten,
            ErrorKind.Unavailable,
            $"A checkpoint in {_options.Folder} could not be written: {WholeFile.WithoutParts(FileFault.Sentence(said)):text} {(HasOne() ? $"The previous checkpoint is complete. {advice}; then continue with Checkpoint.Newest." : $"There is none before it. {advice}; then train again."):text}",
            _options.Folder,
            cause
        );
    }

    private bool HasOne()
    {
        try
        {
            return CheckpointFolder.List(_options.Folder).Count > 0;
        }
        catch (ConvNetException)
        {
            return false;
        }
    }
}
