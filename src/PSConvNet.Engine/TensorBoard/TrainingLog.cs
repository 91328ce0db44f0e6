namespace PSConvNet.TensorBoard;

/// <summary>
/// Writes how a training goes for TensorBoard: after each epoch its numbers, histograms of the weights, and the confusion matrix of the
/// validation images as a picture.
/// </summary>
/// <remarks>
/// A step is an epoch of the model's, so that a model that is trained further goes on in its axis. A training that is continued from a
/// checkpoint writes a new file into its old folder, which has TensorBoard forget the epochs that are done again. When the disk refuses later on,
/// the training continues without it.
/// </remarks>
/// <param name="root">The folder of all runs; each run has one of its own in it, named after its model.</param>
/// <param name="warn">Is told when nothing more can be written, or null.</param>
public sealed class TrainingLog(string root, Action<string>? warn = null) : ITrainingObserver, IDisposable
{
    /// <summary>A matrix of more classes says little in a picture of that size, and takes long.</summary>
    private const int MostClasses = 50;

    private EventFile? _file;

    /// <summary>The run's folder; null before it has begun.</summary>
    public string? Folder { get; private set; }

    /// <inheritdoc />
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void OnStart(TrainingStart start)
    {
        Folder = RunFolder.Take(root, start.Model.Name, $"{start.StartedAt:O}");
        var now = DateTimeOffset.Now;
        _file = EventFile.Create(Folder, now);
        if (start.EpochsDone > 0)
            _file.Write(Events.Restart((long)Math.Floor(start.Model.TrainedEpochs) + 1, Events.Seconds(now)));
        _file.Flush();
    }

    /// <inheritdoc />
    public void OnBatch(in BatchProgress progress) { }

    /// <inheritdoc />
    public void OnEpoch(EpochRecord epoch) { }

    /// <inheritdoc />
    public void OnMessage(string message) { }

    /// <inheritdoc />
    public void OnEpochEnd(EpochEnd epoch)
    {
        if (_file is null)
            return;
        try
        {
            var values = Events.Of(epoch.Record).ToList();
            var store = epoch.Model.Store;
            values.AddRange(
                store
                    .Slots.Where(slot => slot.Length > 0)
                    .Select(slot => Events.Histogram($"weights/{slot.Name}", store.Span(slot)))
            );
            if (epoch.Validation is { } answers && answers.Classes.Count <= MostClasses)
                values.Add(
                    Events.Image(
                        "confusion/validation",
                        new ConfusionPicture(epoch.Model.Name, answers.Classes, answers.Counts)
                    )
                );
            _file.Write(
                Events.Of((long)Math.Ceiling(epoch.Model.TrainedEpochs), Events.Seconds(DateTimeOffset.Now), values)
            );
            _file.Flush();
        }
        catch (Exception e)
            when (FileFault.IsOfDisk(e) || e is ConvNetException { ErrorId: ErrorIds.NativeLibraryMissing })
        {
            warn?.Invoke($"{FileFault.NotWritten(_file.Path, e).Message} The training continues without it.");
            Dispose();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        var file = _file;
        _file = null;
        // What could not be written then can't be written now.
        FileFault.Ignore(() => file?.Dispose());
    }
}
