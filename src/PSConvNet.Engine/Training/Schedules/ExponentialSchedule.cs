namespace PSConvNet.Training;

/// <summary>
/// Falls by the same factor each epoch, a little at every step. At the start of an epoch it is PyTorch's ExponentialLR.
/// </summary>
public sealed record ExponentialSchedule : LearningRateSchedule
{
    /// <inheritdoc />
    public override string Name => "Exponential";

    /// <summary>What an epoch multiplies the rate by: above 0, at most 1, default 0.9.</summary>
    public double Factor
    {
        get;
        init => field = CheckFactor(value);
    } = 0.9;

    /// <inheritdoc />
    public override double FactorAt(long stepIndex, long totalSteps, int stepsPerEpoch) =>
        Math.Pow(Factor, (double)stepIndex / stepsPerEpoch);
}
