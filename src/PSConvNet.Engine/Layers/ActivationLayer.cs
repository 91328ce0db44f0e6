using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>An activation function as a layer of its own.</summary>
/// <param name="Activation">The function.</param>
public sealed record ActivationLayer(Activation Activation) : LayerSpec
{
    /// <summary>The slope of LeakyReLU below zero, or the scale of ELU; null for the usual value.</summary>
    public double? Alpha { get; init; }

    /// <inheritdoc />
    public override string Kind => "Activation";

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(Activation.ToString(), Alpha is { } alpha ? FormattableString.Invariant($"alpha {alpha}") : null);

    internal override string NamePrefix => "activation";

    /// <inheritdoc />
    public override void Validate()
    {
        if (Alpha is not { } alpha)
            return;
        Require(
            Activation is Activation.LeakyReLU or Activation.ELU,
            $"alpha belongs to LeakyReLU and ELU; {Activation} has none."
        );
        Require(
            double.IsFinite(alpha) && alpha >= 0,
            FormattableString.Invariant($"alpha must be a finite number of at least 0, not {alpha}.")
        );
    }

    /// <inheritdoc />
    public override Shape InferShape(Shape input) => input;

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        Activation == Activation.None
            ? []
            : [new ActivationKernel(name, input, Activation, Alpha ?? Activation.DefaultAlpha())];
}
