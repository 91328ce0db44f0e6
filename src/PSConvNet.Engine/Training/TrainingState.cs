using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>
/// All that changes while a run goes on, apart from the weights and the model's position in the order of images: with them, with the options and the
/// data, it decides every bit of what follows. Orders and masks don't belong to it: they follow from the seed and the position.
/// </summary>
internal sealed class TrainingState
{
    private readonly ParameterStore _store;

    private TrainingState(ParameterStore store) => _store = store;

    /// <summary>The epoch of the run that is under way, from 1.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>Batches of it that are done.</summary>
    public int Batch { get; set; }

    /// <summary>Images of it that are done.</summary>
    public int Seen { get; set; }

    /// <summary>The sum of their losses.</summary>
    public double LossSum { get; set; }

    /// <summary>How many of them were right.</summary>
    public long Correct { get; set; }

    /// <summary>What the epoch has taken up to now.</summary>
    public double EpochSeconds { get; set; }

    /// <summary>What the run has taken up to now, all sittings together.</summary>
    public double Seconds { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; } = DateTimeOffset.Now;

    /// <summary>Whether the monitored loss has stopped improving and the run is over.</summary>
    public bool GaveUp { get; set; }

    /// <summary>The worker threads; resolved, for another number would give other bits.</summary>
    public required int Threads { get; init; }

    /// <summary>The arithmetic; never Auto.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The epochs that are done.</summary>
    public List<EpochRecord> History { get; init; } = [];

    /// <summary>What the run changes: what is not frozen.</summary>
    public required TrainedParameters Trained { get; init; }

    /// <summary>What the optimizer remembers.</summary>
    public required OptimizerState Optimizer { get; init; }

    /// <summary>Where the learning rate is.</summary>
    public required ScheduleRunner Schedule { get; init; }

    /// <summary>The running mean of the weights, where one is wanted.</summary>
    public WeightAverage? Average { get; init; }

    /// <summary>The best epoch so far.</summary>
    public required BestWeights Best { get; init; }

    /// <summary>The weights at the epoch's start, to go back to when the loss is no longer a number.</summary>
    public required float[] EpochStart { get; init; }

    /// <summary>The model's positions at the epoch's start, to go back to with the weights.</summary>
    public required IReadOnlyList<TrainingPosition> PositionsAtStart { get; set; }

    /// <summary>The state before the first step.</summary>
    public static TrainingState AtStart(Model model, TrainingOptions options, StepCount steps) =>
        Of(model, options, steps, options.Precision.Resolve(), Session.WorkerCount(options.Threads, options.BatchSize));

    /// <summary>A state whose buffers are still to be filled with what a checkpoint holds.</summary>
    public static TrainingState Of(
        Model model,
        TrainingOptions options,
        StepCount steps,
        Precision precision,
        int threads,
        ScheduleState? schedule = null,
        DateTimeOffset? startedAt = null
    )
    {
        var trained = FrozenLayers.Trained(model, options);
        return new(model.Store)
        {
            Trained = trained,
            Threads = threads,
            Precision = precision,
            StartedAt = startedAt ?? DateTimeOffset.Now,
            Optimizer = new OptimizerState(options.Optimizer, model.Store.TrainableLength),
            Schedule = new ScheduleRunner(
                options.Schedule,
                options.Optimizer.LearningRate,
                steps.Total,
                steps.PerEpoch,
                schedule
            ),
            Average = options.AverageDecay > 0 ? new WeightAverage(model.Store, trained, options.AverageDecay) : null,
            Best = new BestWeights(model.Store, options),
            EpochStart = [.. model.Store.Values],
            PositionsAtStart = model.Positions,
        };
    }

    /// <summary>The step that comes next, from 0 over the whole run.</summary>
    public long Step(StepCount steps) => steps.At(Epoch, Batch);

    /// <summary>Takes note of a batch.</summary>
    public void Add(LossShare share, int images)
    {
        LossSum += share.Sum;
        Correct += share.Correct;
        Seen += images;
        Batch++;
    }

    /// <summary>Takes note of an epoch, and stands before the next one.</summary>
    /// <returns>Whether the run's patience is over.</returns>
    public bool EndEpoch(EpochRecord record)
    {
        History.Add(record);
        Schedule.EndEpoch(record.MonitoredLoss);
        Epoch++;
        (Batch, Seen, LossSum, Correct, EpochSeconds) = (0, 0, 0, 0, 0);
        _store.Values.CopyTo(EpochStart, 0);
        return Best.Observe(record);
    }
}
