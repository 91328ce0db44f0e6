using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PSConvNet.Training;

/// <summary>
/// Stochastic gradient descent, with momentum (Polyak 1964) or Nesterov's momentum as in Sutskever et al. 2013.
/// <c>b = Momentum * b + g;  w -= rate * b</c>, with Nesterov <c>w -= rate * (g + Momentum * b)</c>.
/// </summary>
public sealed record SgdOptimizer : OptimizerSpec
{
    private const string MomentumState = "Momentum";

    /// <summary>Plain gradient descent with a rate of 0.01.</summary>
    public SgdOptimizer()
        : base(learningRate: 1e-2) { }

    /// <inheritdoc />
    public override string Name => "SGD";

    /// <summary>How much of the last step goes on: 0 (none, the default) to below 1.</summary>
    public double Momentum
    {
        get;
        init => field = CheckDecay(value);
    }

    /// <summary>Looks ahead along the momentum; needs a <see cref="Momentum"/> above 0.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> StateNames => Momentum > 0 ? [MomentumState] : [];

    /// <inheritdoc />
    public override void Validate() =>
        Check(
            Momentum,
            !Nesterov || Momentum > 0,
            "a number above 0, such as 0.9, or leave out SgdOptimizer.Nesterov",
            nameof(Momentum)
        );

    internal override void Update(in OptimizerSegment segment, long step, double learningRate) =>
        segment.Run(
            new Rule(
                (float)learningRate,
                (float)WeightDecay,
                (float)Momentum,
                GradientShare: Nesterov ? 1 : 0,
                MomentumShare: Nesterov ? (float)Momentum : 1
            ),
            MomentumState
        );

    private readonly record struct Rule(
        float Rate,
        float WeightDecay,
        float Momentum,
        float GradientShare,
        float MomentumShare
    ) : IUpdateRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Step(
            Vector<float> weight,
            Vector<float> gradient,
            ref Vector<float> first,
            ref Vector<float> second,
            ref Vector<float> third
        )
        {
            var g = gradient + weight * WeightDecay;
            first = first * Momentum + g;
            return weight - (g * GradientShare + first * MomentumShare) * Rate;
        }
    }
}
