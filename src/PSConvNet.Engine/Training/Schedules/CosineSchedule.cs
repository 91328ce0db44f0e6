namespace PSConvNet.Training;

/// <summary>
/// Falls from the base rate to <see cref="EndFactor"/> of it along half a cosine (Loshchilov &amp; Hutter 2017,
/// arXiv:1608.03983, without restarts), after an optional linear rise.
/// </summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <inheritdoc />
    public override string Name => "Cosine";

    /// <summary>The share of the base rate that is left at the end: 0 (the default) to 1.</summary>
    public double EndFactor
    {
        get;
        init => field = Check(value, value is >= 0 and <= 1, "a number from 0 to 1");
    }

    /// <summary>The share of all steps in which the rate rises linearly to the base rate: 0 (the default) to below 1.</summary>
    public double WarmUp
    {
        get;
        init => field = CheckShare(value);
    }

    /// <inheritdoc />
    public override double FactorAt(long stepIndex, long totalSteps, int stepsPerEpoch)
    {
        var rise = Math.Floor(WarmUp * totalSteps);
        // The first step of a rise already moves, its last one reaches the base rate.
        if (stepIndex < rise)
            return (stepIndex + 1) / rise;
        return EndFactor + (1 - EndFactor) * CosineFall((stepIndex - rise) / (totalSteps - rise));
    }
}
