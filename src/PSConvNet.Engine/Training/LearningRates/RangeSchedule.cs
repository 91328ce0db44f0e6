namespace PSConvNet.Training;

/// <summary>Follows a range for an optimizer whose base rate is 1. Not in the catalogue: nobody trains with it.</summary>
internal sealed record RangeSchedule(LearningRateRange Range) : LearningRateSchedule
{
    /// <inheritdoc />
    public override string Name => "Range";

    /// <inheritdoc />
    public override double FactorAt(long stepIndex, long totalSteps, int stepsPerEpoch) =>
        Range.RateAt((int)Math.Min(stepIndex + 1, Range.Steps));
}
