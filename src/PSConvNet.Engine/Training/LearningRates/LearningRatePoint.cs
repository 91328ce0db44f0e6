namespace PSConvNet.Training;

/// <summary>One batch of a range test.</summary>
/// <param name="Step">The batch, from 1.</param>
/// <param name="LearningRate">The rate of its step.</param>
/// <param name="Loss">Its mean loss before that step: what the rates before this one led to.</param>
/// <param name="SmoothedLoss">
/// The mean of the losses so far, each weighing 0.98 of the next: <c>Σ 0.98^(Step-i) Loss_i / Σ 0.98^(Step-i)</c>.
/// </param>
public sealed record LearningRatePoint(int Step, double LearningRate, double Loss, double SmoothedLoss);

/// <summary>Why a range test ended.</summary>
public enum LearningRateStopReason
{
    /// <summary>It went through all its rates.</summary>
    StepsDone,

    /// <summary>The smoothed loss rose above four times its minimum.</summary>
    LossRose,

    /// <summary>A loss or a weight was no longer a number.</summary>
    LossNotFinite,

    /// <summary>It was cancelled; the points up to there are kept.</summary>
    Stopped,
}
