namespace PSConvNet.Training;

/// <summary>
/// One rise and one fall (Smith 2018, arXiv:1803.09820; the shape of PyTorch's OneCycleLR): from <see cref="StartFactor"/> of the
/// peak up to the peak, then down to <see cref="EndFactor"/> of it, both along half a cosine. Momentum stays as it is.
/// </summary>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <inheritdoc />
    public override string Name => "OneCycle";

    /// <summary>The peak as a multiple of the base rate: above 0, default 1 (the base rate is the peak).</summary>
    public double PeakFactor
    {
        get;
        init => field = Check(value, value > 0 && double.IsFinite(value), "a finite number above 0");
    } = 1;

    /// <summary>The share of all steps in which the rate rises: 0 to below 1, default 0.3.</summary>
    public double WarmUp
    {
        get;
        init => field = CheckShare(value);
    } = 0.3;

    /// <summary>Where the rise begins, as a share of the peak: above 0, at most 1, default 0.04.</summary>
    public double StartFactor
    {
        get;
        init => field = CheckFactor(value);
    } = 0.04;

    /// <summary>Where the fall ends, as a share of the peak: 0 to 1, default 0.000004.</summary>
    public double EndFactor
    {
        get;
        init => field = Check(value, value is >= 0 and <= 1, "a number from 0 to 1");
    } = 4e-6;

    /// <inheritdoc />
    public override double FactorAt(long stepIndex, long totalSteps, int stepsPerEpoch)
    {
        // The step of the peak, not always a whole one, and the last step, which reaches the end.
        var peak = Math.Max(WarmUp * totalSteps - 1, 0);
        var last = totalSteps - 1;
        if (stepIndex < peak)
            return PeakFactor * (1 + (StartFactor - 1) * CosineFall(stepIndex / peak));
        var progress = last > peak ? (stepIndex - peak) / (last - peak) : 0;
        return PeakFactor * (EndFactor + (1 - EndFactor) * CosineFall(progress));
    }
}
