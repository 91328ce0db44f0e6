using System.Text.Json;
using PSConvNet.Files;

namespace PSConvNet;

/// <summary>A training as it stood at some batch, read back from its folder.</summary>
public sealed class Checkpoint
{
    private readonly CheckpointDocument _document;
    private readonly Dictionary<string, float[]> _arrays;

    private Checkpoint(string path, Model model, CheckpointDocument document, Dictionary<string, float[]> arrays)
    {
        (Path, Model, _document, _arrays) = (path, model, document, arrays);
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>The model as it was then.</summary>
    public Model Model { get; }

    /// <summary>How the run was begun.</summary>
    public TrainingOptions Options => _document.Options;

    /// <summary>The epoch that was under way, from 1; one more than there are where all were done.</summary>
    public int Epoch => _document.Epoch;

    /// <summary>Batches of it that were done.</summary>
    public int Batch => _document.Batch;

    /// <summary>The steps that the run had taken, where the model's position tells how many an epoch has.</summary>
    private long? Step =>
        Epoch == 1 ? Batch
        : Model.Positions.FirstOrDefault(position => position.Seed == Options.Seed) is { } position
            ? new StepCount(position.Images, Options, 0).At(Epoch, Batch)
        : null;

    /// <summary>The epochs that were done.</summary>
    internal IReadOnlyList<EpochRecord> History => _document.History;

    /// <summary>The name of the data it was trained on.</summary>
    public string DatasetName => _document.Data.Name;

    /// <summary>Whether images to validate on were given beside the data set.</summary>
    public bool HasValidationData => _document.Validation is not null;

    /// <summary>How often the run wrote checkpoints; null in a checkpoint from before that was written.</summary>
    public CheckpointInterval? Every => _document.Keeping?.Interval();

    /// <summary>How many of the newest the run kept; null in a checkpoint from before that was written.</summary>
    public int? KeepLast => _document.Keeping?.Last;

    /// <summary>The newest checkpoint of a folder that is whole.</summary>
    /// <param name="folder">The folder that a training was given.</param>
    /// <param name="warn">Is told of damaged ones that were passed over.</param>
    /// <param name="use">
    /// Makes of one what it is read for, or null. What is found wrong only then is damage, too, and the one before is tried; for other errors it
    /// isn't to blame.
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
                // A copy under a number far ahead is not newer than what it was made of.
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
                // A fault of the data or the machine: the training that resumes from it reports it.
            }
        }
    }

    /// <summary>Reads one checkpoint.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileNotFound</c>, <c>FileNotReadable</c>, <c>ModelFileInvalid</c>.</exception>
    public static Checkpoint Read(string path)
    {
        using var archive = ModelArchive.Open(path);
        var model = ModelFile.Load(archive, path);
        var document = Document(archive, path);
        var arrays = archive.Read(CheckpointDocument.Arrays, stream => Arrays(stream, path, model));
        archive.RequireOthers();
        var checkpoint = new Checkpoint(path, model, document, arrays);
        checkpoint.RequireArrays();
        checkpoint.RequirePlace();
        return checkpoint;
    }

    /// <summary>Finds the data set it was trained on, where its name says how; null where it does not.</summary>
    public Dataset? FindData() => _document.Data.Find(images => OutputClasses.Of(Model, images).Label(images));

    /// <summary>Refuses other data than it was begun with; the same images with their classes in another order are the same.</summary>
    /// <exception cref="ConvNetException"><c>CheckpointDataMismatch</c>.</exception>
    internal void RequireSame(Dataset data, TrainingImages images)
    {
        if (!_document.Data.IsOf(images.Train))
            throw Mismatch(data, $"{data.Name} ({data.Train})", _document.Data);
        var validation = images.Validation;
        if (_document.Validation is { } record && (validation is null || !record.IsOf(validation)))
            throw Mismatch(validation, $"{validation?.ToString() ?? "no validation data"}", record);
    }

    /// <summary>The state to go on from.</summary>
    /// <param name="images">How many images an epoch has.</param>
    /// <param name="steps">How the run falls into epochs.</param>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: it stands where such a run can't.</exception>
    internal TrainingState Restore(int images, StepCount steps)
    {
        if (_document.Fault(images, steps) is { } fault)
            throw FileFault.Invalid(Path, CheckpointDocument.Entry, fault);
        var state = TrainingState.Of(
            Model,
            Options,
            steps,
            _document.Precision,
            _document.Threads,
            _document.Schedule,
            _document.StartedAt
        );
        if (_document.PositionsAtStart is { } positions)
            state.PositionsAtStart = positions;
        else
        {
            // Before there were positions, each run began with epoch 1.
            var start = new TrainingPosition(Options.Seed, Epoch, 0, images, (Epoch - 1L) * steps.PerEpoch, 0);
            start.Keep(Model);
            state.PositionsAtStart = Model.Positions;
            if (Batch > 0)
                (start.After(_document.Seen) with { Steps = start.Steps + Batch }).Keep(Model);
        }
        state.Epoch = _document.Epoch;
        state.Batch = _document.Batch;
        state.Seen = _document.Seen;
        state.LossSum = _document.LossSum;
        state.Correct = _document.Correct;
        state.EpochSeconds = _document.EpochSeconds;
        state.Seconds = _document.Seconds;
        state.GaveUp = _document.GaveUp;
        state.History.AddRange(_document.History);
        state.Best.Loss = _document.BestLoss;
        state.Best.EpochsSince = _document.EpochsSinceBest;
        state.Best.Weights = _arrays.GetValueOrDefault(CheckpointDocument.Best);
        _arrays[CheckpointDocument.EpochStart].CopyTo(state.EpochStart, 0);
        foreach (var name in state.Optimizer.Names)
            _arrays[CheckpointDocument.Optimizer + name].CopyTo(state.Optimizer.GetBuffer(name));
        if (state.Average is { } average)
        {
            _arrays[CheckpointDocument.Average].CopyTo(average.Sum);
            average.Steps = _document.AverageSteps;
        }
        return state;
    }

    private static CheckpointDocument Document(ModelArchive archive, string path)
    {
        try
        {
            var json = FileJson.Parse(archive.Read(CheckpointDocument.Entry));
            if (
                json.Get<string>("format") != CheckpointDocument.FormatName
                || json.Get<int>("formatVersion") != CheckpointDocument.Version
            )
                throw new JsonException("It isn't a checkpoint of a version that this module supports");
            return FileJson.Read<CheckpointDocument>(json, "the training", FileJson.Lenient);
        }
        catch (Exception e) when (e is JsonException or ConvNetException { ErrorId: not ErrorIds.ModelFileInvalid })
        {
            throw FileFault.Invalid(path, CheckpointDocument.Entry, e.Message.TrimEnd('.'), e);
        }
    }

    private static Dictionary<string, float[]> Arrays(Stream stream, string path, Model model)
    {
        var reader = new SafetensorsReader(stream, path, CheckpointDocument.Arrays);
        var arrays = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var tensor in reader.Header.Tensors)
        {
            // Nothing a checkpoint holds is longer than the model.
            if (tensor.Type != TensorType.Float32 || tensor.Count > model.Store.Values.Length)
                throw FileFault.Invalid(path, CheckpointDocument.Arrays, $"{tensor} can't be");
            var values = new float[tensor.Count];
            reader.Read(tensor, values);
            arrays[tensor.Name] = model.Store.Complete(values);
        }
        return arrays;
    }

    /// <summary>Every array the options call for must be there, and as long as the model is.</summary>
    private void RequireArrays()
    {
        var (all, trained) = (Model.Store.Values.Length, Model.Store.TrainableLength);
        Require(CheckpointDocument.EpochStart, all);
        foreach (var name in Options.Optimizer.StateNames)
            Require(CheckpointDocument.Optimizer + name, trained);
        if (Options.AverageDecay > 0)
            Require(CheckpointDocument.Average, trained);
        if (_arrays.ContainsKey(CheckpointDocument.Best) || (Options.RestoreBest && _document.BestLoss is not null))
            Require(CheckpointDocument.Best, all);

        void Require(string name, int length)
        {
            if (_arrays.GetValueOrDefault(name)?.Length != length)
                throw FileFault.Invalid(Path, CheckpointDocument.Arrays, $"{name} is missing or not {length} long");
        }
    }

    /// <summary>
    /// What can be told of the place in the run without the images: that is found wrong now, when an older checkpoint can still be taken.
    /// </summary>
    private void RequirePlace()
    {
        // Before its first step a run has no place in the order of images, or that of another run.
        var isAtStart = Epoch == 1 && Batch == 0;
        var position = Model.Positions.FirstOrDefault(one => one.Seed == Options.Seed);
        var (images, owed) =
            isAtStart || position is null ? (_document.Data.Images, 0) : (position.Images, position.Owed);
        var fault =
            images < 1 || images > _document.Data.Images ? $"{images} of {_document.Data.Images} images is impossible"
            : position is null && !isAtStart && _document.PositionsAtStart is not null
                ? "it has no place in the order of images"
            : position is null && !isAtStart ? null
            : _document.Fault(images, new StepCount(images, Options, owed));
        if (fault is not null)
            throw FileFault.Invalid(Path, CheckpointDocument.Entry, fault);
    }

    private ConvNetException Mismatch(object? target, string given, DatasetRecord wanted) =>
        new(
            ErrorIds.CheckpointDataMismatch,
            ErrorKind.InvalidData,
            $"The training in {System.IO.Path.GetDirectoryName(Path)} was started with other images than {given}: with {wanted.Images} of {wanted.Shape} of {wanted.Name} ({wanted.Source}). Give the same images.",
            target
        );
}
