using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>The mean of each window, padding left out.</summary>
/// <param name="PoolSize">The window's height and width.</param>
public sealed record AveragePoolLayer(Window PoolSize) : PoolLayer(PoolSize)
{
    internal override string NamePrefix => "average_pooling2d";

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new AveragePoolKernel(name, input, InferShape(input), PoolSize, Stride, EdgesAround(input))];

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) =>
        Pool("AveragePool", layer, onnx, input);

    internal override JsonObject ToPage(CompiledLayer layer) =>
        PageLayer.Pool(PoolSize, Stride, EdgesAround(layer.Input), largest: false);
}
