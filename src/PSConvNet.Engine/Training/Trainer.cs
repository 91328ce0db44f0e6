using System.Diagnostics;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>Trains a model on a data set.</summary>
/// <remarks>
/// Equal seed, thread count and machine give bit-identical weights and history: the order of images and the dropout masks follow
/// from the seed, and sums over workers are taken in a fixed order.
/// </remarks>
public sealed class Trainer
{
    private const int OrderStream = 1;
    private const int MaskStream = 2;

    private readonly Model _model;
    private readonly TrainingOptions _options;
    private readonly ITrainingObserver? _observer;
    private readonly string _datasetName;
    private readonly IReadOnlyList<string> _classNames;
    private readonly Samples _training;
    private readonly int[] _order;
    private readonly Samples _validation;
    private readonly int[] _validationRows;
    private readonly LossKernel _loss;
    private readonly ExecutionPlan _plan;

    /// <summary>Checks that options, model and data go together.</summary>
    /// <param name="model">The model; trained further if it was trained before.</param>
    /// <param name="data">Its training part is trained on; its test part is not touched.</param>
    /// <param name="options">How.</param>
    /// <param name="observer">Is told how it goes, or null.</param>
    /// <exception cref="ConvNetException">
    /// <c>TrainingOptionInvalid</c>, <c>DataShapeMismatch</c>, <c>ClassCountMismatch</c>, <c>LossMismatch</c>, <c>DatasetEmpty</c>.
    /// </exception>
    public Trainer(Model model, Dataset data, TrainingOptions options, ITrainingObserver? observer = null)
    {
        options.Validate();
        _model = model;
        _options = options;
        _observer = observer;
        _datasetName = data.Name;
        _classNames = data.ClassNames;
        var images = ModelInput.Fit(model, data.Train, message => observer?.OnMessage(message));
        ModelOutput.RequireClasses(model, data.ClassNames.Count);
        _training = new Samples(images.Pixels, images.Labels);
        (_order, _validationRows) = Split(images, data.ClassNames.Count);
        _validation = _training;
        if (options.ValidationData is { } separate)
        {
            var fitted = ModelInput.Fit(model, separate, message => observer?.OnMessage(message));
            ModelOutput.RequireLabels(model, fitted);
            _validation = new Samples(fitted.Pixels, fitted.Labels);
            _validationRows = [.. Enumerable.Range(0, fitted.Count)];
        }
        if (_order.Length == 0)
        {
            throw new ConvNetException(
                "DatasetEmpty",
                ErrorKind.InvalidData,
                $"{data.Name} has {images.Count} training images and a validation split of {options.ValidationSplit} leaves none to train on; use more images or a smaller split.",
                data
            );
        }
        _plan = ExecutionPlan.Create(model.Kernels, toLogits: options.Loss == Loss.CrossEntropy);
        if (options.Loss == Loss.CrossEntropy && _plan.Output != OutputKind.Logits)
        {
            throw new ConvNetException(
                "LossMismatch",
                ErrorKind.InvalidArgument,
                $"{model.Name} ends in an activation whose outputs are no probabilities of classes, and cross-entropy needs them: end it with -Activation Softmax, or use -Loss MeanSquaredError.",
                model
            );
        }
        _loss =
            options.Loss == Loss.CrossEntropy
                ? new CrossEntropyKernel(options.LabelSmoothing)
                : new MeanSquaredErrorKernel();
    }

    /// <summary>Trains. Returns also when it was stopped, within a batch; the model keeps what it has learned.</summary>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="ConvNetException">
    /// <c>LossNotFinite</c>: the loss is no longer a number; the model has the weights from before that epoch.
    /// <c>ModelBusy</c>, <c>NativeLibraryMissing</c>.
    /// </exception>
    public TrainingRun Run(CancellationToken cancellation = default)
    {
        using var claim = _model.UseForTraining();
        var startedAt = DateTimeOffset.Now;
        var clock = Stopwatch.StartNew();
        var threads = Session.WorkerCount(_options.Threads, _options.BatchSize);
        using var session = new Session(_plan, _model.Store, _options.Precision, threads, training: true);
        var steps = new StepCount(_order.Length, _options);
        var optimizer = new OptimizerState(_options.Optimizer, _model.Store.TrainableLength);
        var schedule = new ScheduleRunner(
            _options.Schedule,
            _options.Optimizer.LearningRate,
            steps.Total,
            steps.PerEpoch
        );
        var average = _options.AverageDecay > 0 ? new WeightAverage(_model.Store, _options.AverageDecay) : null;
        var history = new List<EpochRecord>();
        var status = TrainingStatus.Completed;
        var best = new BestWeights(_model.Store, _options);
        _model.ClassNames = _classNames;

        for (var epoch = 1; epoch <= steps.Epochs; epoch++)
        {
            if (TrainEpoch(session, epoch, steps, optimizer, schedule, average, clock, cancellation) is not { } record)
            {
                status = TrainingStatus.Stopped;
                break;
            }
            history.Add(record);
            _model.TrainedEpochs++;
            schedule.EndEpoch(record.MonitoredLoss);
            _observer?.OnEpoch(record);
            if (best.Observe(record) && epoch < steps.Epochs)
            {
                status = TrainingStatus.EarlyStopped;
                break;
            }
        }
        average?.Use();
        best.Restore();
        return new TrainingRun
        {
            Model = _model,
            DatasetName = _datasetName,
            TrainingImages = _order.Length,
            Options = _options,
            History = history,
            Status = status,
            Seconds = clock.Elapsed.TotalSeconds,
            Precision = _options.Precision.Resolve(),
            Threads = threads,
            StartedAt = startedAt,
        };
    }

    /// <summary>The rows to train on and those to validate on, with the same mix of classes.</summary>
    private (int[] Training, int[] Validation) Split(ImageSet images, int classes) =>
        _options.ValidationSplit == 0
            ? ([.. Enumerable.Range(0, images.Count)], [])
            : StratifiedSplit.Divide(images.Labels.Span, classes, _options.ValidationSplit, _options.Seed);

    /// <summary>One pass over the training images; null where it was stopped.</summary>
    private EpochRecord? TrainEpoch(
        Session session,
        int epoch,
        StepCount steps,
        OptimizerState optimizer,
        ScheduleRunner schedule,
        WeightAverage? average,
        Stopwatch clock,
        CancellationToken cancellation
    )
    {
        var before = _model.Store.Values.ToArray();
        var startOfEpoch = clock.Elapsed;
        // Each epoch's order follows from the seed and its number, not from the epochs before it.
        int[] order = [.. _order];
        var random = new RandomStream(_options.Seed, OrderStream, epoch);
        random.Shuffle(order);
        var (lossSum, correct, seen, rate) = (0.0, 0L, 0, 0.0);
        var batches = steps.In(epoch);
        for (var batch = 0; batch < batches; batch++)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            var rows = order.AsMemory(seen, Math.Min(_options.BatchSize, order.Length - seen));
            var step = (long)(epoch - 1) * steps.PerEpoch + batch;
            rate = schedule.Rate(step);
            var stepRate = rate;
            var share = session.TrainBatch(
                _training,
                rows,
                _loss,
                RandomStream.Key(_options.Seed, MaskStream, step),
                (offset, weights, gradients) =>
                {
                    optimizer.Apply(weights, gradients, offset, step + 1, stepRate);
                    average?.Follow(offset, weights, step + 1);
                }
            );
            if (!double.IsFinite(share.Sum))
                throw NotFinite(before, epoch, $"batch {batch + 1} of {batches}", rate);
            lossSum += share.Sum;
            correct += share.Correct;
            seen += rows.Length;
            if (_observer is not null)
            {
                var seconds = (clock.Elapsed - startOfEpoch).TotalSeconds;
                var done = (step + 1.0) / steps.Total;
                _observer.OnBatch(
                    new BatchProgress(
                        epoch,
                        _options.Epochs,
                        batch + 1,
                        batches,
                        done,
                        lossSum / seen,
                        share.Sum / rows.Length,
                        (double)correct / seen,
                        seen / seconds,
                        Remaining(clock.Elapsed, done)
                    )
                );
            }
        }
        if (Array.Exists(_model.Store.Values, value => !float.IsFinite(value)))
            throw NotFinite(before, epoch, "its last step", rate);
        var trained = (clock.Elapsed - startOfEpoch).TotalSeconds;
        var validated = average is null
            ? Validate(session, cancellation)
            : average.With(session, () => Validate(session, cancellation));
        if (validated is not { } validation)
            return null;
        return new EpochRecord(
            epoch,
            lossSum / seen,
            (double)correct / seen,
            _validationRows.Length > 0 ? validation.Sum / _validationRows.Length : null,
            _validationRows.Length > 0 ? (double)validation.Correct / _validationRows.Length : null,
            rate,
            trained,
            seen / trained
        );
    }

    /// <summary>Loss and hits on the validation images; null where it was stopped.</summary>
    private LossShare? Validate(Session session, CancellationToken cancellation)
    {
        const int round = 2048;
        var total = new LossShare(0, 0);
        var outputs = new float[round * session.OutputSize];
        var labels = new int[round];
        for (var done = 0; done < _validationRows.Length; done += round)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            var rows = _validationRows.AsMemory(done, Math.Min(round, _validationRows.Length - done));
            session.Infer(_validation.Pixels, rows, outputs);
            for (var i = 0; i < rows.Length; i++)
                labels[i] = _validation.Labels.Span[rows.Span[i]];
            var share = _loss.Compute(outputs, labels.AsSpan(0, rows.Length), session.OutputSize, rows.Length, []);
            total = new LossShare(total.Sum + share.Sum, total.Correct + share.Correct);
        }
        return total;
    }

    /// <summary>The time left at this pace; years beyond what a TimeSpan holds are no more than that.</summary>
    private static TimeSpan Remaining(TimeSpan elapsed, double done)
    {
        var seconds = elapsed.TotalSeconds * ((1 - done) / done);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }

    private ConvNetException NotFinite(float[] before, int epoch, string where, double rate)
    {
        before.CopyTo(_model.Store.Values, 0);
        return new ConvNetException(
            "LossNotFinite",
            ErrorKind.InvalidResult,
            FormattableString.Invariant(
                $"The loss of {_model.Name} is no longer a number in epoch {epoch}, {where}: most likely the learning rate of {rate:G3} is too high, so try -LearningRate {rate / 10:G2}. The weights from before that epoch are kept."
            ),
            _model
        );
    }
}
