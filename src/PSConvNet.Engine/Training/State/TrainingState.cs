namespace PSConvNet.Training;

/// <summary>
/// Everything that changes during a run, apart from the weights and the model's position in the order of images. Together with them, the options and
/// the data it determines the rest of the run to the last bit. The order of images and the dropout masks aren't part of it: they follow from the
/// seed and the position.
/// </summary>
internal sealed class TrainingState
{
    private readonly IReadOnlyList<ITrainingPart> _parts;

    /// <summary>The state before the first step, or one to restore.</summary>
    public TrainingState(Model model, TrainingOptions options, StepCount steps, Precision precision, int threads)
    {
        (Steps, Precision, Threads) = (steps, precision, threads);
        Trained = FrozenLayers.Trained(model, options);
        _parts =
        [
            Progress = new TrainingProgress(),
            Schedule = new ScheduleRunner(
                options.Schedule,
                options.Optimizer.LearningRate,
                steps.Total,
                steps.PerEpoch
            ),
            Best = new BestWeights(model.Store, options.RestoreBest),
            EarlyStopping = new EarlyStopping(Best, options.Patience, steps.Epochs),
            Average = new WeightAverage(model.Store, Trained, options.AverageDecay),
            EpochStart = new EpochStart(model),
            Optimizer = new OptimizerState(options.Optimizer, model.Store.TrainableLength),
        ];
    }

    /// <summary>How the run is divided into epochs and steps.</summary>
    public StepCount Steps { get; }

    /// <summary>The number of worker threads, resolved: another number would give other bits.</summary>
    public int Threads { get; }

    /// <summary>The arithmetic; never Auto.</summary>
    public Precision Precision { get; }

    /// <summary>The parameters that the run changes: those that aren't frozen.</summary>
    public TrainedParameters Trained { get; }

    /// <summary>The position of the run.</summary>
    public TrainingProgress Progress { get; }

    /// <summary>The learning rate's schedule.</summary>
    public ScheduleRunner Schedule { get; }

    /// <summary>The best epoch so far.</summary>
    public BestWeights Best { get; }

    /// <summary>Whether the run ends early.</summary>
    public EarlyStopping EarlyStopping { get; }

    /// <summary>The running mean of the weights.</summary>
    public WeightAverage Average { get; }

    /// <summary>The model at the start of the current epoch.</summary>
    public EpochStart EpochStart { get; }

    /// <summary>The optimizer's momentum or moments.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>The next step, from 0 over the whole run: the number of steps taken.</summary>
    public long Step => Steps.At(Progress.Epoch, Progress.Batch);

    /// <summary>Whether nothing is left to train.</summary>
    public bool IsComplete => Progress.Epoch > Steps.Epochs || EarlyStopping.GaveUp;

    /// <summary>The model's count of epochs, the current one by its completed batches; rounded, so that ten times a tenth is one.</summary>
    public double TrainedEpochs => Math.Round(EpochStart.TrainedEpochs + (double)Progress.Batch / Steps.PerEpoch, 9);

    /// <summary>The state before the first step.</summary>
    public static TrainingState AtStart(Model model, TrainingOptions options, StepCount steps) =>
        new(
            model,
            options,
            steps,
            options.Precision.Resolve(),
            Session.WorkerCount(options.Threads, options.BatchSize)
        );

    /// <summary>Records an epoch.</summary>
    public void EndEpoch(EpochRecord epoch)
    {
        foreach (var part in _parts)
            part.EndEpoch(epoch);
    }

    /// <summary>Adds all parts to a checkpoint.</summary>
    public void Save(SavedTraining saved)
    {
        foreach (var part in _parts)
            part.Save(saved);
    }

    /// <summary>Replaces all parts by those of a checkpoint.</summary>
    /// <exception cref="System.Text.Json.JsonException">No training has such values at that point.</exception>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: an array is missing or has another length.</exception>
    public void Restore(SavedTraining saved)
    {
        foreach (var part in _parts)
            part.Restore(saved);
    }
}
