using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>Lays an image out as a vector: height x width x channels in, their product out.</summary>
public sealed record FlattenLayer : LayerSpec
{
    /// <inheritdoc />
    private protected override string OwnSettings => "";

    internal override string NamePrefix => "flatten";

    internal override bool ChangesValues => false;

    /// <inheritdoc />
    public override Shape InferShape(Shape input) => new(input.Size);

    /// <inheritdoc />
    private protected override Shape? OrderAfter(Shape input, Shape? order) => input.Rank == 3 ? input : order;

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new FlattenKernel(name, input, InferShape(input))];

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) =>
        onnx.Flatten(layer.Path, input);

    // Memory is in a vector's order already.
    internal override JsonObject ToPage(CompiledLayer layer) => new() { ["kind"] = "Flatten" };
}
