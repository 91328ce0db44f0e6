using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>An activation function as a layer of its own.</summary>
/// <param name="Activation">The function.</param>
public sealed record ActivationLayer(Activation Activation) : LayerSpec
{
    /// <summary>The slope of LeakyReLU below zero, or the scale of ELU; null for the usual value.</summary>
    [SettingRange(0)]
    public double? Alpha { get; init; }

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(Activation.ToString(), Alpha is { } alpha ? FormattableString.Invariant($"alpha {alpha}") : null);

    internal override string NamePrefix => "activation";

    internal override LayerFamily Family => LayerFamily.Normalization;

    /// <inheritdoc />
    private protected override void ValidateTogether() =>
        Require(
            Alpha is null || Activation is Activation.LeakyReLU or Activation.ELU,
            $"ActivationLayer.Alpha belongs to LeakyReLU and ELU; {Activation} has none."
        );

    /// <inheritdoc />
    public override Shape InferShape(Shape input) => input;

    /// <inheritdoc />
    private protected override Shape? OrderAfter(Shape input, Shape? order) => order;

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        Activation == Activation.None
            ? []
            : [new ActivationKernel(name, input, Activation, Alpha ?? Activation.DefaultAlpha())];

    // The function itself is added as that of any other layer.
    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) => input;

    internal override JsonObject ToPage(CompiledLayer layer) => new() { ["kind"] = "Activation" };
}
