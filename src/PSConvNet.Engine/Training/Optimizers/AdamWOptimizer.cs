using System.Collections.Immutable;

namespace PSConvNet.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019, arXiv:1711.05101): each step takes <c>rate * WeightDecay</c> of
/// the weights off them, besides moving them as Adam does without decay.
/// </summary>
public sealed record AdamWOptimizer : OptimizerSpec
{
    /// <summary>AdamW with a rate of 0.001 and a weight decay of 0.01.</summary>
    public AdamWOptimizer()
        : base(learningRate: 1e-3, weightDecay: 1e-2) { }

    /// <inheritdoc />
    public override string Name => "AdamW";

    /// <summary>How slowly the gradient's mean forgets: 0 to below 1, default 0.9.</summary>
    public double Beta1
    {
        get;
        init => field = CheckDecay(value);
    } = 0.9;

    /// <summary>How slowly the gradient's mean square forgets: 0 to below 1, default 0.999.</summary>
    public double Beta2
    {
        get;
        init => field = CheckDecay(value);
    } = 0.999;

    /// <summary>Keeps the divisor from zero: above 0, at most 1, default 1e-8.</summary>
    public double Epsilon
    {
        get;
        init => field = CheckEpsilon(value);
    } = 1e-8;

    /// <inheritdoc />
    public override ImmutableArray<string> StateNames => AdamRule.StateNames;

    internal override void Update(in OptimizerSegment segment, long step, double learningRate) =>
        AdamRule
            .Create(learningRate, Beta1, Beta2, Epsilon, step, weightDecay: 0, decay: learningRate * WeightDecay)
            .Run(segment);
}
