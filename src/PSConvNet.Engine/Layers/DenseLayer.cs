using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>Every output is a weighted sum of every input. A vector in, a vector of <paramref name="Units"/> out.</summary>
/// <param name="Units">Outputs; at least 1.</param>
public sealed record DenseLayer(int Units) : LayerSpec
{
    /// <summary>What is applied to the result.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether each output has a number to add.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>How the weights are drawn at the start.</summary>
    public Initializer Initializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>Strength of the penalty λ Σ w² on the weights (not on the biases).</summary>
    public double L2 { get; init; }

    /// <inheritdoc />
    public override string Kind => "Dense";

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{Units} units",
            Unless(UseBias, true, "no bias"),
            Unless(Activation, Activation.None, Activation.ToString())
        );

    internal override string NamePrefix => "dense";

    /// <inheritdoc />
    public override void Validate()
    {
        Require(Units >= 1, $"it needs at least 1 unit, not {Units}.");
        Require(L2 >= 0 && double.IsFinite(L2), $"the L2 penalty must be a finite number of at least 0, not {L2}.");
    }

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        if (input.Rank != 1)
            throw Refuse(input, "it needs a vector", "Put New-FlattenLayer (or New-GlobalPoolLayer) before it.");
        return new Shape(Units);
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input)
    {
        var kernel = new ParameterSpec("kernel", new Shape(Units, input.Size), Initializer)
        {
            FanIn = input.Size,
            FanOut = Units,
            L2 = L2,
        };
        var bias = new ParameterSpec("bias", new Shape(Units), Initializer.Zeros);
        var dense = new DenseKernel(name, input, InferShape(input), UseBias ? [kernel, bias] : [kernel]);
        return WithActivation(dense, Activation);
    }
}
