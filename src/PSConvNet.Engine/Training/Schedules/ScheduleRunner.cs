using System.Text.Json;

namespace PSConvNet.Training;

/// <summary>
/// Follows a schedule through one training: the rate of each step, and the loss of each epoch for schedules that depend on it.
/// </summary>
internal sealed class ScheduleRunner : ITrainingPart
{
    private readonly double _baseRate;
    private readonly long _totalSteps;
    private readonly int _stepsPerEpoch;

    private sealed record Fields(ScheduleState Schedule);

    /// <summary>Starts, or continues from a saved state.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="baseRate">The optimizer's rate; above 0.</param>
    /// <param name="totalSteps">The steps of the whole training; at least 1.</param>
    /// <param name="stepsPerEpoch">The steps of one epoch; at least 1.</param>
    /// <param name="state">The state when the training was stopped, or null at its start.</param>
    public ScheduleRunner(
        LearningRateSchedule schedule,
        double baseRate,
        long totalSteps,
        int stepsPerEpoch,
        ScheduleState? state = null
    )
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baseRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        Schedule = schedule;
        _baseRate = baseRate;
        _totalSteps = totalSteps;
        _stepsPerEpoch = stepsPerEpoch;
        State = state ?? ScheduleState.Start;
    }

    /// <summary>The schedule that is followed.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>The state after the epochs so far.</summary>
    public ScheduleState State { get; private set; }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    public double Rate(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return _baseRate * State.Reduction * Schedule.FactorAt(step, _totalSteps, _stepsPerEpoch);
    }

    /// <summary>Has the schedule observe the loss of an epoch; to be called once after each.</summary>
    /// <param name="monitoredLoss">The validation loss, or the training loss without validation images.</param>
    public void EndEpoch(double monitoredLoss) => State = Schedule.Observe(State, monitoredLoss);

    void ITrainingPart.EndEpoch(EpochRecord epoch) => EndEpoch(epoch.MonitoredLoss);

    void ITrainingPart.Save(SavedTraining saved) => saved.Add(new Fields(State));

    void ITrainingPart.Restore(SavedTraining saved)
    {
        var state = saved.Fields<Fields>().Schedule;
        var epochs = saved.Progress.History.Count;
        if (state.BadEpochs > epochs || (state.BestLoss is not null && epochs == 0))
            throw new JsonException("what the schedule knows about the epochs is impossible");
        State = state;
    }
}
