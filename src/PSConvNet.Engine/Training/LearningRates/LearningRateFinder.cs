using System.Diagnostics;

namespace PSConvNet.Training;

/// <summary>
/// The learning rate range test (Smith 2017, arXiv:1506.01186; fastai's lr_find): trains for some batches while the rate grows from
/// far too low to far too high, and reads a good rate from the losses.
/// </summary>
public static class LearningRateFinder
{
    /// <summary>Tests a range of rates on a copy of the model, which itself stays as it is whatever happens.</summary>
    /// <param name="model">The model, trained or not.</param>
    /// <param name="data">Its training part is trained on, from the start again where it is too small; its test part is not touched.</param>
    /// <param name="range">The rates.</param>
    /// <param name="training">
    /// How to train: optimizer, batch size, loss, label smoothing, class weights, augmentation, frozen layers, seed, device, precision and threads. The rest is not used: there is
    /// no validation, and the range takes the place of epochs, schedule and the optimizer's own rate.
    /// </param>
    /// <param name="onPoint">Is told each point, on this thread between batches; or null.</param>
    /// <param name="onMessage">Is told what is worth telling in verbose output; or null.</param>
    /// <param name="cancellation">Ends the test within one batch; the curve up to there is returned.</param>
    /// <exception cref="ConvNetException">
    /// <c>TrainingOptionInvalid</c>, <c>OptimizerSettingInvalid</c>, <c>DataShapeMismatch</c>,
    /// <c>AugmentationDoesNotFit</c>, <c>ClassCountMismatch</c>, <c>LossMismatch</c>, <c>DatasetEmpty</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>;
    /// <c>LossNotFinite</c>: not even the first loss is a number. <c>WeightsInvalid</c>: nor are the weights.
    /// </exception>
    public static LearningRateCurve Find(
        Model model,
        Dataset data,
        LearningRateRange range,
        TrainingOptions training,
        Action<LearningRatePoint>? onPoint = null,
        Action<string>? onMessage = null,
        CancellationToken cancellation = default
    )
    {
        range.Validate();
        training.Validate();
        var options = Options(data, range, training);
        // Looks at the model itself, so that an error has it and not a copy as its target.
        _ = new Trainer(model, data, options);
        UsableWeights.RequireToTrain(model, model.Store.Values);

        var clock = Stopwatch.StartNew();
        var test = new RangeTest(range);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var observer = new Observer(test, end, onPoint, onMessage);
        try
        {
            // From the order's start: the curve depends on the model's weights, not on how it came by them.
            var copy = model.Copy();
            copy.Positions = [];
            new Trainer(copy, data, options, observer).Run(end.Token);
        }
        catch (ConvNetException e) when (e.ErrorId == ErrorIds.LossNotFinite)
        {
            if (test.Points.Count == 0)
                throw NotFinite(model, e);
            observer.StopReason ??= LearningRateStopReason.LossNotFinite;
        }
        return new LearningRateCurve
        {
            ModelName = model.Name,
            DatasetName = data.Name,
            Options = training,
            Range = range,
            Points = test.Points,
            StopReason = observer.StopReason ?? LearningRateStopReason.Stopped,
            Precision = training.Precision.Resolve(),
            Seconds = clock.Elapsed.TotalSeconds,
        };
    }

    /// <summary>A training that follows the range for at least its steps; the observer ends it.</summary>
    private static TrainingOptions Options(Dataset data, LearningRateRange range, TrainingOptions training)
    {
        // At least one, for the trainer to refuse an empty set in its own words.
        var batches = Math.Max(1, Math.Ceiling((double)data.Train.Count / training.BatchSize));
        return training with
        {
            Epochs = (int)Math.Ceiling(range.Steps / batches),
            Optimizer = training.Optimizer with { LearningRate = 1 },
            Schedule = new RangeSchedule(range),
            ValidationSplit = 0,
            ValidationData = null,
            Patience = null,
            RestoreBest = false,
            AverageDecay = 0,
        };
    }

    private static ConvNetException NotFinite(Model model, ConvNetException cause) =>
        new(
            cause.ErrorId,
            cause.Kind,
            $"The loss of {model.Name} isn't a number even before the first step, so rates can't be compared: create the model again.",
            model,
            cause
        );

    private sealed class Observer(
        RangeTest test,
        CancellationTokenSource end,
        Action<LearningRatePoint>? onPoint,
        Action<string>? onMessage
    ) : ITrainingObserver
    {
        public LearningRateStopReason? StopReason { get; set; }

        public void OnBatch(in BatchProgress progress)
        {
            StopReason = test.Observe(progress.BatchLoss);
            if (StopReason is not null)
                end.Cancel();
            onPoint?.Invoke(test.Points[^1]);
        }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) => onMessage?.Invoke(message);
    }
}
