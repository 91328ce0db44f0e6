using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>Trains a model on a data set.</summary>
/// <remarks>
/// A training goes on where the model stands in the order its seed names (<see cref="TrainingPosition"/>): with the images the one before
/// had not come to, new masks and new augmentation. Equal seed, thread count and machine give bit-identical weights and history: the order of images, their
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
    private readonly ExecutionPlan _plan;
    private StepCount _steps;
    private readonly TrainingState? _resumed;
    private ImageAugmenter[]? _augmenters;

    /// <summary>Checks that options, model and data go together.</summary>
    /// <param name="model">The model; trained further if it was trained before. Its outputs keep the names they have.</param>
    /// <param name="data">
    /// Its training part is trained on, its classes matched with the model's by name; its test part is not touched.
    /// </param>
    /// <param name="options">How.</param>
    /// <param name="observer">Is told how it goes, or null.</param>
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
        // A study that was begun goes on, even if its options would be refused today.
        if (!resumes)
        {
            FrozenLayers.RequireEffect(model, options);
            if (_images.Untaught(model) is { } untaught)
                observer?.OnWarning(untaught);
        }
        _shuffled = new int[_images.Rows.Length];
        _steps = Steps();
        _plan = ExecutionPlan.Create(model.Kernels, toLogits: options.Loss == Loss.CrossEntropy);
        if (options.Loss == Loss.CrossEntropy && _plan.Output != OutputKind.Logits)
        {
            throw new ConvNetException(
                ErrorIds.LossMismatch,
                ErrorKind.InvalidArgument,
                $"{model.Name} ends in an activation whose outputs aren't probabilities of classes, which cross-entropy needs: end it with Activation.Softmax, or use Loss.MeanSquaredError.",
                model
            );
        }
        _loss = LossOf(_images.ClassWeights);
        _judge = LossOf(null);
    }

    /// <summary>Prepares to go on from a checkpoint as if nothing had happened.</summary>
    /// <param name="checkpoint">Where to go on; its model is trained further.</param>
    /// <param name="data">The data set it was begun with.</param>
    /// <param name="validation">The images it was validated on, where they were given; those of its own split follow from the seed.</param>
    /// <param name="observer">Is told how it goes, or null.</param>
    /// <exception cref="ConvNetException">As the other constructor; <c>CheckpointDataMismatch</c>: these are other data.</exception>
    public Trainer(Checkpoint checkpoint, Dataset data, ImageSet? validation, ITrainingObserver? observer = null)
        : this(checkpoint.Model, data, checkpoint.Options with { ValidationData = validation }, observer, resumes: true)
    {
        checkpoint.RequireSame(data, _images);
        _resumed = checkpoint.Restore(_images.Rows.Length, _steps);
    }

    /// <summary>Where to save what is needed to go on after a crash, or null.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>Trains. Returns also when it was stopped, within a batch; the model keeps what it has learned.</summary>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ConvNetException">
    /// <c>LossNotFinite</c>: the loss is no longer a number; the model has the weights from before that epoch. <c>WeightsInvalid</c>: they weren't
    /// finite before the first step.
    /// <c>ModelBusy</c>, <c>NativeLibraryMissing</c>. With checkpoints: <c>CheckpointFolderBusy</c>, <c>CheckpointFolderNotEmpty</c>,
    /// <c>CheckpointNotWritten</c>: the model keeps what it has learned, and the last checkpoint is whole.
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
        // What the epoch began with: a step that made weights too large is told of by its loss.
        UsableWeights.RequireToTrain(_model, state.EpochStart);
        var namesBefore = _model.ClassNames;
        _model.ClassNames = _images.Classes.Names;
        using var keeper = Open(state);
        var clock = new RunClock(state);
        using var session = new Session(_plan, _model.Store, state.Precision, state.Threads, state.Trained);
        _augmenters = Augmenters(state.Threads);
        Shuffle(Position);
        var stopped = false;
        LookAt(_data.Train);

        while (state.Epoch <= _steps.Epochs && !state.GaveUp)
        {
            clock.Skip();
            if (TrainEpoch(session, state, clock, keeper, cancellation) is not var (record, answers))
            {
                stopped = true;
                // The checkpoint is in the middle of the epoch, and counts it when it is done.
                keeper?.Stopped();
                Count(state.Batch);
                break;
            }
            Count(_steps.In(state.Epoch));
            state.PositionsAtStart = _model.Positions;
            state.GaveUp = state.EndEpoch(record) && state.Epoch <= _steps.Epochs;
            _observer?.OnEpoch(record);
            _observer?.OnEpochEnd(new EpochEnd(_model, record, answers));
            keeper?.EpochDone(last: state.GaveUp || state.Epoch > _steps.Epochs);
        }
        if (!stopped && !state.GaveUp)
            Position.Complete(_options.Epochs, _steps).Keep(_model);
        state.Average?.Use();
        state.Best.Restore();
        var run = new TrainingRun
        {
            Model = _model,
            DatasetName = _data.Name,
            TrainingImages = _images.Rows.Length,
            Options = _options,
            // Arrays, for PowerShell can index them: the compiler's own read-only lists it can't.
            History = state.History.ToArray(),
            Status =
                stopped ? TrainingStatus.Stopped
                : state.GaveUp ? TrainingStatus.EarlyStopped
                : TrainingStatus.Completed,
            Seconds = clock.Run,
            Precision = state.Precision,
            Threads = state.Threads,
            StartedAt = state.StartedAt,
        };
        _model.Runs = _model.Runs.Append(run).ToArray();
        return run;

        CheckpointKeeper? Open(TrainingState state)
        {
            CheckpointKeeper? opened = null;
            try
            {
                if (Checkpoints is { } checkpoints)
                {
                    var writer = new CheckpointWriter(_model, state, _steps, _options, _data, _images, checkpoints);
                    opened = new CheckpointKeeper(checkpoints, writer, _resumed is not null, _observer);
                }
                _observer?.OnStart(new TrainingStart(_model, state.StartedAt, state.Epoch - 1));
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

    /// <summary>Adds batches to the epochs that the model was trained for; rounded, so that ten times a tenth is one.</summary>
    private void Count(int batches) =>
        _model.TrainedEpochs = Math.Round(_model.TrainedEpochs + (double)batches / _steps.PerEpoch, 9);

    /// <summary>Keeps what the images are like, and warns where they can't be meant so.</summary>
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

    /// <summary>Where the model stands in the order of these images.</summary>
    private TrainingPosition Position => TrainingPosition.Of(_model, _options.Seed, _images.Rows.Length);

    private StepCount Steps() => new(_images.Rows.Length, _options, Position.Owed);

    /// <summary>Puts the images in the order of an epoch, which follows from the seed and its number, not from the epochs before it.</summary>
    private void Shuffle(TrainingPosition position)
    {
        _images.Rows.CopyTo(_shuffled, 0);
        var random = new RandomStream(_options.Seed, OrderStream, position.Epoch);
        random.Shuffle(_shuffled);
        foreach (var augmenter in _augmenters ?? [])
            augmenter.Epoch = position.Epoch;
    }

    /// <summary>One for each worker; null where images stay as they are. The shape is the images' own: a model may see it otherwise.</summary>
    private ImageAugmenter[]? Augmenters(int workers) =>
        _options.Augmentation is { IsOff: false } augmentation
            ?
            [
                .. Enumerable
                    .Range(0, workers)
                    .Select(_ => new ImageAugmenter(augmentation, _data.Train.Shape, _options.Seed)),
            ]
            : null;

    /// <summary>As many batches as a pass over the training images has, or what is left of them; null where it was stopped.</summary>
    private (EpochRecord Record, ValidationAnswers? Answers)? TrainEpoch(
        Session session,
        TrainingState state,
        RunClock clock,
        CheckpointKeeper? keeper,
        CancellationToken cancellation
    )
    {
        var position = Position;
        var batches = _steps.In(state.Epoch);
        while (state.Batch < batches)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            var rows = _shuffled.AsMemory(
                position.Seen,
                Math.Min(_options.BatchSize, _images.Rows.Length - position.Seen)
            );
            var step = state.Step(_steps);
            var rate = state.Schedule.Rate(step);
            var share = session.TrainBatch(
                _images.Learned,
                rows,
                _loss,
                RandomStream.Key(_options.Seed, MaskStream, position.Steps),
                (offset, weights, gradients) =>
                {
                    state.Optimizer.Apply(weights, gradients, offset, step + 1, rate);
                    state.Average?.Follow(offset, weights, step + 1);
                },
                _augmenters
            );
            if (!double.IsFinite(share.Sum))
                throw NotFinite(state, $"batch {state.Batch + 1} of {batches}", rate);
            state.Add(share, rows.Length);
            position = position.After(rows.Length);
            position.Keep(_model);
            if (position.Seen == 0)
                Shuffle(position);
            clock.Tick();
            Tell(state, batches, share.Sum / rows.Length);
            if (keeper?.BatchDone() == true)
                clock.Skip();
        }
        var lastRate = state.Schedule.Rate(state.Step(_steps) - 1);
        if (Array.Exists(_model.Store.Values, value => !float.IsFinite(value)))
            throw NotFinite(state, "its last step", lastRate);
        var answers =
            _observer is null || _images.ValidationRows.Length == 0
                ? null
                : new ValidationAnswers(
                    ClassName.Complete(_images.Classes.Names, session.OutputSize),
                    new int[session.OutputSize, session.OutputSize]
                );
        var validated = state.Average is null
            ? Validate(session, answers?.Counts, cancellation)
            : state.Average.With(session, () => Validate(session, answers?.Counts, cancellation));
        if (validated is not { } validation)
            return null;
        // Finite weights can give sums that are too large for the outputs, which training images needn't show.
        if (!double.IsFinite(validation.Sum))
            throw NotFinite(state, "on the validation images", lastRate);
        var record = new EpochRecord(
            state.Epoch,
            state.LossSum / state.Seen,
            (double)state.Correct / state.Seen,
            _images.ValidationRows.Length > 0 ? validation.Sum / _images.ValidationRows.Length : null,
            _images.ValidationRows.Length > 0 ? (double)validation.Correct / _images.ValidationRows.Length : null,
            lastRate,
            state.EpochSeconds,
            state.Seen / state.EpochSeconds
        );
        return (record, answers);
    }

    private void Tell(TrainingState state, int batches, double batchLoss)
    {
        if (_observer is null)
            return;
        var done = (double)state.Step(_steps) / _steps.Total;
        _observer.OnBatch(
            new BatchProgress(
                state.Epoch,
                _options.Epochs,
                state.Batch,
                batches,
                done,
                state.LossSum / state.Seen,
                batchLoss,
                (double)state.Correct / state.Seen,
                state.Seen / state.EpochSeconds,
                Remaining(state.Seconds, done)
            )
        );
    }

    /// <summary>Loss and hits on the validation images; null where it was stopped.</summary>
    /// <param name="session">What computes.</param>
    /// <param name="counts">Where answers are counted, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    private LossShare? Validate(Session session, int[,]? counts, CancellationToken cancellation)
    {
        const int round = 2048;
        var total = new LossShare(0, 0);
        var outputs = new float[round * session.OutputSize];
        var labels = new int[round];
        for (var done = 0; done < _images.ValidationRows.Length; done += round)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            var rows = _images.ValidationRows.AsMemory(done, Math.Min(round, _images.ValidationRows.Length - done));
            session.Infer(_images.Validated.Pixels, rows, outputs);
            for (var i = 0; i < rows.Length; i++)
                labels[i] = _images.Validated.Labels.Span[rows.Span[i]];
            var share = _judge.Compute(outputs, labels.AsSpan(0, rows.Length), session.OutputSize, rows.Length, []);
            total = new LossShare(total.Sum + share.Sum, total.Correct + share.Correct);
            for (var i = 0; counts is not null && i < rows.Length; i++)
                counts[labels[i], ArgMax.Of(outputs.AsSpan(i * session.OutputSize, session.OutputSize))]++;
        }
        return total;
    }

    /// <summary>The time left at this pace; years beyond what a TimeSpan holds are no more than that.</summary>
    private static TimeSpan Remaining(double elapsed, double done)
    {
        var seconds = elapsed * ((1 - done) / done);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private ConvNetException NotFinite(TrainingState state, string where, double rate)
    {
        state.EpochStart.CopyTo(_model.Store.Values, 0);
        _model.Positions = state.PositionsAtStart;
        return new ConvNetException(
            ErrorIds.LossNotFinite,
            ErrorKind.InvalidResult,
            FormattableString.Invariant(
                $"The loss of {_model.Name} is no longer a number in epoch {state.Epoch}, {where:text}: most likely the learning rate of {rate:G3} is too high, so try OptimizerSpec.LearningRate {rate / 10:G2}. The weights from before that epoch are kept."
            ),
            _model
        );
    }
}
