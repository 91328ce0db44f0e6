using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>The largest value of each window.</summary>
/// <param name="PoolSize">The window's height and width.</param>
public sealed record MaxPoolLayer(Window PoolSize) : PoolLayer(PoolSize)
{
    internal override string NamePrefix => "max_pooling2d";

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new MaxPoolKernel(name, input, InferShape(input), PoolSize, Stride, EdgesAround(input))];

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input) =>
        Pool("MaxPool", layer, onnx, input);

    internal override JsonObject ToPage(CompiledLayer layer) =>
        PageLayer.Pool(PoolSize, Stride, EdgesAround(layer.Input), largest: true);
}
