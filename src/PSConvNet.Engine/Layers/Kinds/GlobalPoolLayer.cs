using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>What a global pool takes of each channel.</summary>
public enum PoolKind
{
    /// <summary>The mean.</summary>
    Average,

    /// <summary>The largest value.</summary>
    Maximum,
}

/// <summary>One value a channel over the whole image: height x width x channels in, channels out.</summary>
/// <param name="Pool">What is taken.</param>
public sealed record GlobalPoolLayer(PoolKind Pool) : LayerSpec
{
    /// <inheritdoc />
    private protected override string OwnSettings => Pool.ToString();

    internal override string NamePrefix => IsMaximum ? "global_max_pooling2d" : "global_average_pooling2d";

    internal override LayerFamily Family => LayerFamily.Pooling;

    private bool IsMaximum => Pool == PoolKind.Maximum;

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        return new Shape(input[2]);
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new GlobalPoolKernel(name, input, InferShape(input), IsMaximum)];

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input)
    {
        var kind = IsMaximum ? "GlobalMaxPool" : "GlobalAveragePool";
        var pixel = onnx.Graph.Node(kind, layer.Path, [onnx.ToChannelsFirst(layer.Path, input).Name]);
        return new OnnxValue(onnx.Graph.Node("Flatten", $"{layer.Path}.flatten", [pixel]), layer.Output);
    }

    internal override JsonObject ToPage(CompiledLayer layer) =>
        new() { ["kind"] = "GlobalPool", ["largest"] = IsMaximum };
}
