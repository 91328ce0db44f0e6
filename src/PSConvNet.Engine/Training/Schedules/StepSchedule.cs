namespace PSConvNet.Training;

/// <summary>Multiplies the rate by <see cref="Factor"/> every few epochs (PyTorch's StepLR).</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <inheritdoc />
    public override string Name => "Step";

    /// <summary>The epochs between two falls: at least 1, default 5.</summary>
    public int Every
    {
        get;
        init => field = Check(value, value >= 1, "a whole number of epochs, at least 1");
    } = 5;

    /// <summary>What the rate is multiplied by each time: above 0, at most 1, default 0.5.</summary>
    public double Factor
    {
        get;
        init => field = CheckFactor(value);
    } = 0.5;

    /// <inheritdoc />
    public override double FactorAt(long stepIndex, long totalSteps, int stepsPerEpoch) =>
        Math.Pow(Factor, stepIndex / stepsPerEpoch / Every);
}
