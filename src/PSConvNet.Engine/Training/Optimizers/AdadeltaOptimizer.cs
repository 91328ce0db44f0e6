using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PSConvNet.Training;

/// <summary>
/// Adadelta (Zeiler 2012, arXiv:1212.5701): scales each gradient by the ratio of the steps' running root mean square to its
/// own, so that the rate needs no tuning.
/// </summary>
public sealed record AdadeltaOptimizer : OptimizerSpec
{
    private const string MeanSquare = "MeanSquare";
    private const string MeanSquareStep = "MeanSquareStep";

    /// <summary>Adadelta with a rate of 1.</summary>
    public AdadeltaOptimizer()
        : base(learningRate: 1) { }

    /// <inheritdoc />
    public override string Name => "Adadelta";

    /// <summary>How slowly both mean squares forget: 0 to below 1, default 0.9.</summary>
    public double Rho
    {
        get;
        init => field = CheckDecay(value);
    } = 0.9;

    /// <summary>Keeps divisor and first steps from zero: above 0, at most 1, default 1e-6.</summary>
    public double Epsilon
    {
        get;
        init => field = CheckEpsilon(value);
    } = 1e-6;

    /// <inheritdoc />
    public override ImmutableArray<string> StateNames => [MeanSquare, MeanSquareStep];

    internal override void Update(in OptimizerSegment segment, long step, double learningRate) =>
        segment.Run(
            new Rule((float)learningRate, (float)Rho, (float)(1 - Rho), (float)Epsilon, (float)WeightDecay),
            MeanSquare,
            MeanSquareStep
        );

    private readonly record struct Rule(float Rate, float Rho, float Share, float Epsilon, float WeightDecay)
        : IUpdateRule
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
            var epsilon = new Vector<float>(Epsilon);
            var g = gradient + weight * WeightDecay;
            first = first * Rho + g * g * Share;
            var delta = Vector.SquareRoot(second + epsilon) / Vector.SquareRoot(first + epsilon) * g;
            second = second * Rho + delta * delta * Share;
            return weight - delta * Rate;
        }
    }
}
