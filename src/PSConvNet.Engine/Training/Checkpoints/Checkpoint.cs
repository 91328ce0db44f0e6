using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>The state of a training at some batch, read from its folder.</summary>
public sealed class Checkpoint
{
    private readonly CheckpointDocument _document;
    private readonly SavedTraining _saved;

    private Checkpoint(string path, Model model, SavedTraining saved)
    {
        (Path, Model, _saved) = (path, model, saved);
        _document = saved.Fields<CheckpointDocument>();
    }

    /// <summary>The path it was read from.</summary>
    public string Path { get; }

    /// <summary>The model at that point of the training.</summary>
    public Model Model { get; }

    /// <summary>The options of the run.</summary>
    public TrainingOptions Options => _document.Options;

    /// <summary>The current epoch, from 1; one more than there are when all are completed.</summary>
    public int Epoch => _saved.Progress.Epoch;

    /// <summary>The number of completed batches of that epoch.</summary>
    public int Batch => _saved.Progress.Batch;

    /// <summary>The number of steps taken; null if the model's positions don't tell how many an epoch has.</summary>
    private long? Step =>
        Epoch == 1 ? Batch
        : Position is { } position ? new StepCount(position.Images, Options, 0).At(Epoch, Batch)
        : null;

    /// <summary>The model's position in the order of the run's seed.</summary>
    private TrainingPosition? Position => Model.Positions.FirstOrDefault(position => position.Seed == Options.Seed);

    /// <summary>The completed epochs.</summary>
    internal IReadOnlyList<EpochRecord> History => _saved.Progress.History;

    /// <summary>The name of the data set it was trained on.</summary>
    public string DatasetName => _document.Data.Name;

    /// <summary>Whether validation images were given in addition to the data set.</summary>
    public bool HasValidationData => _document.Validation is not null;

    /// <summary>How often the run wrote checkpoints; null in a checkpoint from before that was written.</summary>
    public CheckpointInterval? Every => _document.Keeping?.Interval();

    /// <summary>How many of the newest checkpoints the run kept; null in a checkpoint from before that was written.</summary>
    public int? KeepLast => _document.Keeping?.Last;

    /// <summary>Whether steps were taken by other kernels than would take the next ones.</summary>
    internal bool HasOtherKernels => _document.Kernels != KernelSet.Name && (Epoch > 1 || Batch > 0);

    /// <summary>The newest intact checkpoint of a folder.</summary>
    /// <param name="folder">The folder that was given to a training.</param>
    /// <param name="warn">Gets a warning for each damaged checkpoint that is skipped.</param>
    /// <param name="use">
    /// Tries a checkpoint for its purpose, or null. If it throws <c>ModelFileInvalid</c>, the checkpoint counts as damaged and the previous one is
    /// tried; other errors are ignored.
    /// </param>
    /// <exception cref="ConvNetException"><c>CheckpointNotFound</c>: there is none. <c>FileNotReadable</c>.</exception>
    public static Checkpoint Newest(string folder, Action<string>? warn = null, Action<Checkpoint>? use = null)
    {
        if (File.Exists(folder))
        {
            throw new ConvNetException(
                ErrorIds.CheckpointNotFound,
                ErrorKind.InvalidArgument,
                $"{folder} is a file; give the folder that was the training's CheckpointOptions.Folder. ModelFile.Load reads models from files.",
                folder
            );
        }
        if (!Directory.Exists(folder))
        {
            throw new ConvNetException(
                ErrorIds.CheckpointNotFound,
                ErrorKind.NotFound,
                $"There is no folder {folder}; give the folder that was the training's CheckpointOptions.Folder.",
                folder
            );
        }
        var left = CheckpointFolder.List(folder);
        Checkpoint? misnamed = null;
        for (var i = 0; i < left.Count; i++)
        {
            try
            {
                var found = Read(left[i].Path);
                Try(found);
                // A copy under a much higher number is not newer than its original.
                if (found.Step is not { } step || step == left[i].Step)
                    return misnamed?.Step > found.Step ? misnamed : found;
                misnamed = misnamed?.Step >= step ? misnamed : found;
            }
            catch (ConvNetException e)
                when (e.ErrorId is ErrorIds.ModelFileInvalid or ErrorIds.ModelFileNotFound or ErrorIds.FileNotReadable)
            {
                warn?.Invoke(i + 1 < left.Count ? $"{e.Message} The previous checkpoint is tried instead." : e.Message);
            }
        }
        if (misnamed is not null)
            return misnamed;
        throw new ConvNetException(
            ErrorIds.CheckpointNotFound,
            ErrorKind.NotFound,
            $"{folder} contains no complete checkpoint; give the folder that was the training's CheckpointOptions.Folder.",
            folder
        );

        void Try(Checkpoint found)
        {
            try
            {
                use?.Invoke(found);
            }
            catch (ConvNetException e) when (e.ErrorId != ErrorIds.ModelFileInvalid)
            {
                // An error of the data or the machine, which the resumed training reports.
            }
        }
    }

    /// <summary>Reads one checkpoint.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileNotFound</c>, <c>FileNotReadable</c>, <c>ModelFileInvalid</c>.</exception>
    public static Checkpoint Read(string path)
    {
        using var archive = ModelArchive.Open(path);
        var model = ModelFile.Load(archive, path);
        return Checked(
            path,
            () =>
            {
                var saved = SavedTraining.Read(archive, path, model.Store);
                archive.RequireOthers();
                var checkpoint = new Checkpoint(path, model, saved);
                checkpoint.Require();
                return checkpoint;
            }
        );
    }

    /// <summary>Finds the data set it was trained on by its name; null if the name doesn't tell where it is.</summary>
    public Dataset? FindData() => _document.Data.Find(images => OutputClasses.Of(Model, images).Label(images));

    /// <summary>Refuses other data than those of the run; the same images with their classes in another order are accepted.</summary>
    /// <exception cref="ConvNetException"><c>CheckpointDataMismatch</c>.</exception>
    internal void RequireSame(Dataset data, TrainingImages images)
    {
        if (!_document.Data.IsOf(images.Train))
            throw Mismatch(data, $"{data.Name} ({data.Train})", _document.Data);
        var validation = images.Validation;
        if (_document.Validation is { } record && (validation is null || !record.IsOf(validation)))
            throw Mismatch(validation, $"{validation?.ToString() ?? "no validation data"}", record);
    }

    /// <summary>The state to continue from; a new one each time.</summary>
    /// <param name="steps">How the run is divided into epochs and steps.</param>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: no such run can have this state.</exception>
    internal TrainingState Restore(StepCount steps)
    {
        var state = Checked(Path, () => Restore(steps, _saved with { Steps = steps }));
        state.EpochStart.Positions ??= RestorePositions(steps);
        return state;
    }

    private TrainingState Restore(StepCount steps, SavedTraining saved)
    {
        var state = new TrainingState(Model, Options, steps, _document.Precision, _document.Threads);
        state.Restore(saved);
        return state;
    }

    /// <summary>Gives the model its position, in checkpoints from before there were any: each run began with epoch 1 then.</summary>
    /// <returns>The positions at the start of the current epoch.</returns>
    private IReadOnlyList<TrainingPosition> RestorePositions(StepCount steps)
    {
        var start = new TrainingPosition(Options.Seed, Epoch, 0, steps.Images, steps.At(Epoch, 0), 0);
        start.Keep(Model);
        var positions = Model.Positions;
        if (Batch > 0)
            (start.After(_saved.Progress.Seen) with { Steps = start.Steps + Batch }).Keep(Model);
        return positions;
    }

    /// <summary>
    /// Restores the state as far as that is possible without the images: an error is found when an older checkpoint can still be used instead.
    /// </summary>
    /// <exception cref="JsonException">No run can have this state.</exception>
    private void Require()
    {
        var isAtStart = Epoch == 1 && Batch == 0;
        // Before its first step a run has no position, or that of another run.
        var position = isAtStart ? null : Position;
        var images = position?.Images ?? _document.Data.Images;
        if (images < 1 || images > _document.Data.Images)
            throw new JsonException($"{images} of {Counted.Of(_document.Data.Images, "image")} is impossible");
        var steps = new StepCount(images, Options, position?.Owed ?? 0);
        // Without a position, some of the images may have been held out.
        var hasSteps = isAtStart || position is not null;
        var state = Restore(steps, _saved with { Steps = hasSteps ? steps : null });
        if (!hasSteps && state.EpochStart.Positions is not null)
            throw new JsonException("it has no place in the order of images");
    }

    /// <summary>Reports a wrong value as damage of the file.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>, <c>FileNotReadable</c>.</exception>
    private static T Checked<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or ConvNetException { ErrorId: not (ErrorIds.ModelFileInvalid or ErrorIds.FileNotReadable) }
            )
        {
            throw FileFault.Invalid(path, CheckpointDocument.Entry, e.Message.TrimEnd('.'), e);
        }
    }

    private ConvNetException Mismatch(object? target, string given, DatasetRecord wanted) =>
        new(
            ErrorIds.CheckpointDataMismatch,
            ErrorKind.InvalidData,
            $"The training in {System.IO.Path.GetDirectoryName(Path)} was started with other images than {given}: with {wanted.Images} of {wanted.Shape} of {wanted.Name} ({wanted.Source}). Give the same images.",
            target
        );
}
