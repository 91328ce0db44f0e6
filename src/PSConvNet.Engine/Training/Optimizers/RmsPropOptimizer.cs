using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PSConvNet.Training;

/// <summary>
/// RMSprop (Hinton, lecture 6e, 2012): divides each gradient by the running root mean square of its past, optionally by its
/// standard deviation (centred, Graves 2013, arXiv:1308.0850), optionally with momentum.
/// </summary>
public sealed record RmsPropOptimizer : OptimizerSpec
{
    private const string MeanSquare = "MeanSquare";
    private const string Mean = "Mean";
    private const string MomentumState = "Momentum";

    /// <summary>RMSprop with a rate of 0.01.</summary>
    public RmsPropOptimizer()
        : base(learningRate: 1e-2) { }

    /// <inheritdoc />
    public override string Name => "RMSprop";

    /// <summary>How slowly the mean square forgets (PyTorch's alpha): 0 to below 1, default 0.99.</summary>
    public double Rho
    {
        get;
        init => field = CheckDecay(value);
    } = 0.99;

    /// <summary>Keeps the divisor from zero: above 0, at most 1, default 1e-8.</summary>
    public double Epsilon
    {
        get;
        init => field = CheckEpsilon(value);
    } = 1e-8;

    /// <summary>How much of the last step goes on: 0 (none, the default) to below 1.</summary>
    public double Momentum
    {
        get;
        init => field = CheckDecay(value);
    }

    /// <summary>Divides by the standard deviation of the gradients instead of their root mean square.</summary>
    public bool Centered { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> StateNames =>
        [MeanSquare, .. Centered ? [Mean] : (string[])[], .. Momentum > 0 ? [MomentumState] : (string[])[]];

    internal override void Update(in OptimizerSegment segment, long step, double learningRate) =>
        segment.Run(
            new Rule(
                (float)learningRate,
                (float)Rho,
                (float)(1 - Rho),
                MeanShare: Centered ? (float)(1 - Rho) : 0,
                (float)Epsilon,
                (float)Momentum,
                (float)WeightDecay
            ),
            MeanSquare,
            Mean,
            MomentumState
        );

    private readonly record struct Rule(
        float Rate,
        float Rho,
        float SquareShare,
        float MeanShare,
        float Epsilon,
        float Momentum,
        float WeightDecay
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
            first = first * Rho + g * g * SquareShare;
            second += (g - second) * MeanShare;
            // Never below zero on paper; rounding can put it there when a gradient hardly changes, and a root would be NaN.
            var variance = Vector.Max(first - second * second, Vector<float>.Zero);
            third = third * Momentum + g / (Vector.SquareRoot(variance) + new Vector<float>(Epsilon));
            return weight - third * Rate;
        }
    }
}
