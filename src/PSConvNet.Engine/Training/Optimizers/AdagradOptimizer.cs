using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PSConvNet.Training;

/// <summary>
/// Adagrad (Duchi, Hazan &amp; Singer 2011): divides each gradient by the root of the sum of all its past squares, so that rates
/// only ever fall.
/// </summary>
public sealed record AdagradOptimizer : OptimizerSpec
{
    private const string SquareSum = "SquareSum";

    /// <summary>Adagrad with a rate of 0.01.</summary>
    public AdagradOptimizer()
        : base(learningRate: 1e-2) { }

    /// <inheritdoc />
    public override string Name => "Adagrad";

    /// <summary>Divides the rate by <c>1 + (step - 1) * LearningRateDecay</c>: 0 or more, default 0.</summary>
    public double LearningRateDecay
    {
        get;
        init => field = Check(value, value >= 0 && double.IsFinite(value), "0 or a finite number above it");
    }

    /// <summary>What the sums start from, to soften the first steps: 0 or more, default 0.</summary>
    public double InitialAccumulator
    {
        get;
        init => field = Check(value, value is >= 0 and <= float.MaxValue, "a number from 0 to 3.4E+38");
    }

    /// <summary>Keeps the divisor from zero: above 0, at most 1, default 1e-10.</summary>
    public double Epsilon
    {
        get;
        init => field = CheckEpsilon(value);
    } = 1e-10;

    /// <inheritdoc />
    public override ImmutableArray<string> StateNames => [SquareSum];

    internal override float InitialState(string name) => (float)InitialAccumulator;

    internal override void Update(in OptimizerSegment segment, long step, double learningRate) =>
        segment.Run(
            new Rule((float)(learningRate / (1 + (step - 1) * LearningRateDecay)), (float)Epsilon, (float)WeightDecay),
            SquareSum
        );

    private readonly record struct Rule(float Rate, float Epsilon, float WeightDecay) : IUpdateRule
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
            first += g * g;
            return weight - g * Rate / (Vector.SquareRoot(first) + new Vector<float>(Epsilon));
        }
    }
}
