namespace PSConvNet.Training;

/// <summary>Trains a model on a data set.</summary>
/// <remarks>
/// A training continues at the model's position in the order that its seed determines (<see cref="TrainingPosition"/>): with the images that the
/// previous training didn't reach, new masks and new augmentation. Equal seed, thread count and machine give bit-identical weights and history: the order of images, their
/// augmentation and the dropout masks follow from the seed and the position, and sums over workers are taken in a fixed order.
/// </remarks>
public sealed class Trainer
{
    private const int OrderStream = 1;
    private const int MaskStream = 2;

    private readonly Model _model;
    private readonly TrainingOptions _options;
    private readonly ITrainingObserver? _observer;
    private readonly bool _renames;
    private readonly Dataset _data;
    private TrainingImages _images;
    private int[] _shuffled;
    private LossFunction _loss;
    private readonly LossFunction _judge;
    private StepCount _steps;
    private readonly TrainingState? _resumed;
    private readonly bool _changesKernels;
    private ImageAugmenter[]? _augmenters;
    private LossWatch? _watch;

    /// <summary>Checks that options, model and data go together.</summary>
    /// <param name="model">The model; trained further if it was trained before. Its outputs keep the names they have.</param>
    /// <param name="data">
    /// The data set. Its training part is trained on, and its classes are matched with the model's by name; its test part isn't used.
    /// </param>
    /// <param name="options">The options of the run.</param>
    /// <param name="observer">The observer of the run, or null.</param>
    /// <exception cref="ConvNetException">
    /// <c>TrainingOptionInvalid</c>, <c>DataShapeMismatch</c>, <c>ClassCountMismatch</c>, <c>ClassUnknown</c> (also of class weights), <c>LossMismatch</c>,
    /// <c>DatasetEmpty</c>, <c>AugmentationDoesNotFit</c>; <c>LayerUnknown</c>, <c>LayerHasNoWeights</c>, <c>NothingToTrain</c>: of the layers to freeze.
    /// </exception>
    public Trainer(Model model, Dataset data, TrainingOptions options, ITrainingObserver? observer = null)
        : this(model, data, options, observer, resumes: false) { }

    private Trainer(Model model, Dataset data, TrainingOptions options, ITrainingObserver? observer, bool resumes)
    {
        options.Validate();
        _model = model;
        _options = options;
        _observer = observer;
        _data = data;
        _renames = options.RenameClasses && !resumes;
        _images = TrainingImages.Of(model, data, options, _renames, observer);
        _ = FrozenLayers.Trained(model, options);
        // A study that was begun can be continued, even if its options would be refused today.
        if (!resumes)
        {
            FrozenLayers.RequireEffect(model, options);
            LossFit.Require(model, options.Loss);
            if (_images.Untaught(model) is { } untaught)
                observer?.OnWarning(untaught);
        }
        _shuffled = new int[_images.Rows.Length];
        _steps = Steps();
        _loss = LossOf(_images.ClassWeights);
        _judge = LossOf(null);
    }

    /// <summary>Prepares to continue from a checkpoint as if nothing had happened.</summary>
    /// <param name="checkpoint">The checkpoint; its model is trained further.</param>
    /// <param name="data">The data set that the run was started with.</param>
    /// <param name="validation">The validation images, if the run was started with some; those of a split follow from the seed.</param>
    /// <param name="observer">The observer of the run, or null.</param>
    /// <exception cref="ConvNetException">As the other constructor; <c>CheckpointDataMismatch</c>: these are other data.</exception>
    public Trainer(Checkpoint checkpoint, Dataset data, ImageSet? validation, ITrainingObserver? observer = null)
        : this(checkpoint.Model, data, checkpoint.Options with { ValidationData = validation }, observer, resumes: true)
    {
        checkpoint.RequireSame(data, _images);
        _resumed = checkpoint.Restore(_steps);
        _changesKernels = checkpoint.HasOtherKernels;
    }

    /// <summary>Where checkpoints are written, from which the run can be continued after a crash; or null.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>Trains. A run that is stopped ends within a batch and returns, too; the model keeps what it has learned.</summary>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ConvNetException">
    /// <c>LossNotFinite</c>: the loss is no longer a number; the model has the weights from before that epoch. <c>WeightsInvalid</c>: the weights
    /// weren't finite before the first step. <c>ModelBusy</c>, <c>NativeLibraryMissing</c>. With checkpoints: <c>CheckpointFolderBusy</c>, <c>CheckpointFolderNotEmpty</c>,
    /// <c>CheckpointNotWritten</c>: the model keeps what it has learned, and the last checkpoint is intact.
    /// </exception>
    public TrainingRun Run(CancellationToken cancellation = default)
    {
        using var claim = _model.UseForTraining();
        // Others may have trained the model since this trainer was made.
        if (!_images.AreUpToDate(_model))
        {
            _images = TrainingImages.Of(_model, _data, _options, _renames, _observer);
            _loss = LossOf(_images.ClassWeights);
            _shuffled = new int[_images.Rows.Length];
        }
        if (_resumed is null)
            _steps = Steps();
        var state = _resumed ?? TrainingState.AtStart(_model, _options, _steps);
        // Of the epoch's start: weights that a step made too large are reported by their loss.
        UsableWeights.RequireToTrain(_model, state.EpochStart.Weights);
        var namesBefore = _model.ClassNames;
        _model.ClassNames = _images.Classes.Names;
        using var keeper = Open(state);
        var clock = new RunClock(state);
        var request = new PlanRequest(
            state.Precision,
            state.Threads,
            Training: true,
            ToLogits: _options.Loss == Loss.CrossEntropy
        );
        using var session = new Session(_model.Kernels, _model.Store, request, state.Trained);
        _augmenters = Augmenters(state.Threads);
        _watch = new LossWatch(_options, new GuessedLoss(_images, _options), continues: _resumed is not null);
        Shuffle(Position);
        var stopped = false;
        LookAt(_data.Train);

        _model.TrainedEpochs = state.TrainedEpochs;
        if (state.IsComplete)
            _observer?.OnMessage(
                MessageText.Of($"The training of {_model.Name} is already complete; its result is returned again.")
            );
        else if (_changesKernels)
            _observer?.OnWarning(
                MessageText.Of(
                    $"The checkpoint of {_model.Name} was written by another version of PSConvNet, or on a processor with other vectors: its results may differ in their last bits from those of a run without a stop."
                )
            );

        while (!state.IsComplete)
        {
            clock.Skip();
            if (TrainEpoch(session, state, clock, keeper, cancellation) is not var (record, answers))
            {
                stopped = true;
                keeper?.Stopped();
                break;
            }
            state.EndEpoch(record);
            _observer?.OnEpoch(record);
            _observer?.OnEpochEnd(new EpochEnd(_model, record, answers));
            keeper?.EpochDone(last: state.IsComplete);
        }
        var gaveUp = state.EarlyStopping.GaveUp;
        if (!stopped && !gaveUp)
            Position.Complete(_options.Epochs, _steps).Keep(_model);
        state.Average.Use();
        state.Best.Use();
        var run = new TrainingRun
        {
            Model = _model,
            DatasetName = _data.Name,
            TrainingImages = _images.Rows.Length,
            Options = _options,
            // An array, because PowerShell can't index the compiler's own read-only lists.
            History = state.Progress.History.ToArray(),
            Status =
                stopped ? TrainingStatus.Stopped
                : gaveUp ? TrainingStatus.EarlyStopped
                : TrainingStatus.Completed,
            Seconds = clock.Run,
            Precision = state.Precision,
            Threads = state.Threads,
            StartedAt = state.Progress.StartedAt,
        };
        if (!stopped && _watch.Doubt(_model, run.History) is { } doubt)
            _observer?.OnWarning(doubt);
        _model.Runs = _model.Runs.Append(run).ToArray();
        return run;

        CheckpointKeeper? Open(TrainingState state)
        {
            CheckpointKeeper? opened = null;
            try
            {
                if (Checkpoints is { } checkpoints)
                {
                    var writer = new CheckpointWriter(_model, state, _options, _data, _images, checkpoints);
                    opened = new CheckpointKeeper(checkpoints, writer, _resumed is not null, _observer);
                }
                _observer?.OnStart(new TrainingStart(_model, state.Progress.StartedAt, state.Progress.Epoch - 1));
                return opened;
            }
            catch
            {
                // Nothing was trained.
                opened?.Dispose();
                _model.ClassNames = namesBefore;
                throw;
            }
        }
    }

    /// <summary>Records the statistics of the images, and warns if their pixels are almost certainly scaled wrongly.</summary>
    private void LookAt(ImageSet images)
    {
        _model.TrainingPixels = images.Statistics;
        if (images.Statistics.Maximum is > 0 and <= 1 / 255.0)
            foreach (var doubt in PixelDoubts.OfData(images))
                _observer?.OnWarning(doubt);
    }

    private LossFunction LossOf(double[]? weights) =>
        _options.Loss == Loss.CrossEntropy
            ? new CrossEntropy(_options.LabelSmoothing, weights)
            : new MeanSquaredError(weights);

    /// <summary>The model's position in the order of these images.</summary>
    private TrainingPosition Position => TrainingPosition.Of(_model, _options.Seed, _images.Rows.Length);

    private StepCount Steps() => new(_images.Rows.Length, _options, Position.Owed);

    /// <summary>Puts the images in the order of an epoch, which follows from the seed and the epoch's number alone.</summary>
    private void Shuffle(TrainingPosition position)
    {
        _images.Rows.CopyTo(_shuffled, 0);
        var random = new RandomStream(_options.Seed, OrderStream, position.Epoch);
        random.Shuffle(_shuffled);
        foreach (var augmenter in _augmenters ?? [])
            augmenter.Epoch = position.Epoch;
    }

    /// <summary>An augmenter for each worker, or null. The shape is that of the images, which can differ from the model's input.</summary>
    private ImageAugmenter[]? Augmenters(int workers) =>
        _options.Augmentation is { IsOff: false } augmentation
            ?
            [
                .. Enumerable
                    .Range(0, workers)
                    .Select(_ => new ImageAugmenter(augmentation, _data.Train.Shape, _options.Seed)),
            ]
            : null;

    /// <summary>Trains the remaining batches of an epoch, and validates; null if it was stopped.</summary>
    private (EpochRecord Record, ValidationAnswers? Answers)? TrainEpoch(
        Session session,
        TrainingState state,
        RunClock clock,
        CheckpointKeeper? keeper,
        CancellationToken cancellation
    )
    {
        var (position, progress) = (Position, state.Progress);
        var batches = _steps.In(progress.Epoch);
        while (progress.Batch < batches)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            var rows = _shuffled.AsMemory(
                position.Seen,
                Math.Min(_options.BatchSize, _images.Rows.Length - position.Seen)
            );
            var step = state.Step;
            var rate = state.Schedule.Rate(step);
            var share = session.TrainBatch(
                _images.Learned,
                rows,
                _loss,
                RandomStream.Key(_options.Seed, MaskStream, position.Steps),
                (offset, weights, gradients) =>
                {
                    state.Optimizer.Apply(weights, gradients, offset, step + 1, rate);
                    state.Average.Follow(offset, weights, step + 1);
                },
                _augmenters
            );
            if (!double.IsFinite(share.Sum))
                throw NotFinite(state, $"batch {progress.Batch + 1} of {batches}", rate);
            progress.Add(share, rows.Length);
            _watch?.Add(share.Sum, rows.Length);
            _model.TrainedEpochs = state.TrainedEpochs;
            position = position.After(rows.Length);
            position.Keep(_model);
            if (position.Seen == 0)
                Shuffle(position);
            clock.Tick();
            _observer?.OnBatch(BatchProgress.Of(state, _options.Epochs, share.Sum / rows.Length));
            if (keeper?.BatchDone() == true)
                clock.Skip();
        }
        var lastRate = state.Schedule.Rate(state.Step - 1);
        if (Array.Exists(_model.Store.Values, value => !float.IsFinite(value)))
            throw NotFinite(state, "its last step", lastRate);
        var validation = new EpochValidation(_images, _judge);
        var validated = state.Average.With(
            session,
            () => validation.Measure(session, withAnswers: _observer is not null, cancellation)
        );
        if (validated is null)
            return null;
        // Finite weights can give sums that are too large for the outputs, even if the training images don't show it.
        if (validated.Loss is { } loss && !double.IsFinite(loss))
            throw NotFinite(state, "on the validation images", lastRate);
        var record = new EpochRecord(
            progress.Epoch,
            progress.Loss,
            progress.Accuracy,
            validated.Loss,
            validated.Accuracy,
            lastRate,
            progress.EpochSeconds,
            progress.ImagesPerSecond
        );
        return (record, validated.Answers);
    }

    private ConvNetException NotFinite(TrainingState state, string where, double rate)
    {
        state.EpochStart.Use();
        return new ConvNetException(
            ErrorIds.LossNotFinite,
            ErrorKind.InvalidResult,
            $"The loss of {_model.Name} is no longer a number in epoch {state.Progress.Epoch}, {where:text}: most likely the learning rate of {rate:G3} is too high, so try OptimizerSpec.LearningRate {LossWatch.LowerRate(_options.Optimizer, rate):G2}, or what LearningRateFinder.Find suggests. The weights from before that epoch are kept.",
            _model
        );
    }
}
