namespace PSConvNet.Training;

/// <summary>
/// Multiplies the rate by <see cref="Factor"/> when the monitored loss has stopped falling (PyTorch's ReduceLROnPlateau, mode
/// min, relative threshold).
/// </summary>
public sealed record ReduceOnPlateauSchedule : LearningRateSchedule
{
    /// <inheritdoc />
    public override string Name => "ReduceOnPlateau";

    /// <summary>What a reduction multiplies the rate by: above 0, below 1, default 0.5.</summary>
    public double Factor
    {
        get;
        init => field = Check(value, value is > 0 and < 1, "a number above 0 and below 1");
    } = 0.5;

    /// <summary>How many epochs without an improvement are let pass; the next one reduces. 0 or more, default 2.</summary>
    public int Patience
    {
        get;
        init => field = Check(value, value >= 0, "a whole number of epochs, 0 or more");
    } = 2;

    /// <summary>An improvement is a loss below <c>best * (1 - Threshold)</c>: 0 to below 1, default 0.0001.</summary>
    public double Threshold
    {
        get;
        init => field = CheckShare(value);
    } = 1e-4;

    /// <summary>For how many epochs after a reduction nothing is counted: 0 (the default) or more.</summary>
    public int Cooldown
    {
        get;
        init => field = Check(value, value >= 0, "a whole number of epochs, 0 or more");
    }

    /// <summary>The share of the base rate below which it never falls: 0 (the default) to below 1.</summary>
    public double MinimumFactor
    {
        get;
        init => field = CheckShare(value);
    }

    /// <inheritdoc />
    public override double FactorAt(long stepIndex, long totalSteps, int stepsPerEpoch) => 1;

    /// <inheritdoc />
    public override ScheduleState Observe(ScheduleState state, double monitoredLoss)
    {
        ArgumentNullException.ThrowIfNull(state);
        // A loss that is not a number is no improvement.
        var better = state.BestLoss is { } best
            ? monitoredLoss < best * (1 - Threshold)
            : double.IsFinite(monitoredLoss);
        var cooling = state.CooldownLeft > 0;
        var next = state with
        {
            BestLoss = better ? monitoredLoss : state.BestLoss,
            BadEpochs = better || cooling ? 0 : state.BadEpochs + 1,
            CooldownLeft = cooling ? state.CooldownLeft - 1 : 0,
        };
        return next.BadEpochs <= Patience
            ? next
            : next with
            {
                Reduction = Math.Max(state.Reduction * Factor, MinimumFactor),
                BadEpochs = 0,
                CooldownLeft = Cooldown,
            };
    }
}
