using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>Sets a random share of the values to zero while training and scales up the rest (Srivastava et al. 2014).</summary>
/// <param name="Rate">The share to drop: 0 to below 1.</param>
public sealed record DropoutLayer([property: SettingRange(0, 1, ExcludesMost = true)] double Rate) : LayerSpec
{
    /// <inheritdoc />
    private protected override string OwnSettings => FormattableString.Invariant($"{Rate}");

    internal override string NamePrefix => "dropout";

    internal override bool ChangesValues => false;

    /// <inheritdoc />
    public override Shape InferShape(Shape input) => input;

    /// <inheritdoc />
    private protected override Shape? OrderAfter(Shape input, Shape? order) => order;

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) => [new DropoutKernel(name, input, Rate)];

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) => input;

    internal override JsonObject ToPage(CompiledLayer layer) => new() { ["kind"] = "Dropout" };
}
