using System.Collections.Immutable;

namespace PSConvNet.Training;

/// <summary>
/// Adam (Kingma &amp; Ba 2015, arXiv:1412.6980): steps along the gradient's running mean over the root of its running square,
/// both corrected for having started at zero. Weight decay is added to the gradient.
/// </summary>
public sealed record AdamOptimizer : OptimizerSpec
{
    /// <summary>Adam with a rate of 0.001.</summary>
    public AdamOptimizer()
        : base(learningRate: 1e-3) { }

    /// <inheritdoc />
    public override string Name => "Adam";

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
        AdamRule.Create(learningRate, Beta1, Beta2, Epsilon, step, WeightDecay, decay: 0).Run(segment);
}
