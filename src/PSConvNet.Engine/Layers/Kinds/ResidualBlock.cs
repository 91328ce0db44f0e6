using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>
/// Adds its input to the output of the layers within. Where their shapes differ the input goes through a projection first: a
/// 1 x 1 convolution with the stride that fits, or a dense layer for vectors, both without a bias (He et al. 2016, option B).
/// </summary>
/// <param name="Layers">The layers within; at least one.</param>
public sealed record ResidualBlock(ImmutableArray<LayerSpec> Layers) : LayerSpec
{
    /// <summary>What is applied to the sum.</summary>
    public Activation Activation { get; init; }

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            string.Join(" > ", Layers.Select(layer => layer.ToString())),
            Unless(Activation, Activation.None, Activation.ToString())
        );

    internal override string Outline =>
        Words(Unless(Activation, Activation.None, Activation.ToString()), Frozen ? "frozen" : null)
            is { Length: > 0 } words
            ? $"{Kind} ({words})"
            : Kind;

    internal override string NamePrefix => "residual";

    /// <inheritdoc />
    public bool Equals(ResidualBlock? other) =>
        other is not null
        && Name == other.Name
        && Frozen == other.Frozen
        && Activation == other.Activation
        && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, Activation, Layers.Length);

    /// <inheritdoc />
    private protected override void ValidateTogether()
    {
        Require(
            !Layers.IsDefaultOrEmpty,
            "ResidualBlock needs at least one layer, such as ConvLayer(32) with Padding.Same."
        );
        foreach (var layer in Layers)
            layer.Validate();
    }

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        var output = Layers.Aggregate(input, (shape, layer) => layer.InferShape(shape));
        _ = Projection(input, output);
        return output;
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        Compile(new LayerPlace(name, name, input, Order: null)).Kernels;

    internal override CompiledLayer Compile(LayerPlace place)
    {
        var body = LayerChain.Compile(Layers, place.Path, place with { Depth = place.Depth + 1 });
        var output = body[^1].Output;
        var projection = Projection(place.Input, output) is { } layer
            ? layer.Compile(new LayerPlace("projection", $"{place.Path}/projection", place.Input, place.Order))
            : null;
        var sequence = new KernelSequence(
            $"{place.Path}/body",
            place.Input,
            [.. body.SelectMany(inner => inner.Kernels)]
        );
        var sum = new ResidualKernel(place.Path, sequence, projection?.Kernels[0]);
        // Where both ways are in a flattened image's order, so is their sum.
        var order = projection is null ? place.Order : projection.OutputOrder;
        return new CompiledLayer(this, place, output, WithActivation(sum, Activation))
        {
            Body = body,
            Projection = projection,
            OutputOrder = order,
            AddsUnlikeOrders = LayerPlace.PixelsOf(body[^1].OutputOrder) != LayerPlace.PixelsOf(order),
        };
    }

    internal override OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input)
    {
        var body = layer.Body.Aggregate(input, (value, inner) => inner.ToOnnx(onnx, value));
        var shortcut = layer.Projection?.ToOnnx(onnx, input) ?? input;
        shortcut = body.ChannelsFirst is null
            ? onnx.ToLayersOrder(layer.Path, shortcut)
            : onnx.ToChannelsFirst(layer.Path, shortcut);
        return body with { Name = onnx.Graph.Node("Add", layer.Path, [body.Name, shortcut.Name]) };
    }

    internal override JsonObject ToPage(CompiledLayer layer)
    {
        var json = new JsonObject { ["kind"] = "Residual", ["layers"] = PageLayer.List(layer.Body) };
        if (layer.Projection is { } projection)
            json["projection"] = PageLayer.Of(projection);
        return json;
    }

    /// <summary>The layer that gives the input the output's shape; null where it has it already.</summary>
    private LayerSpec? Projection(Shape input, Shape output)
    {
        if (input.Equals(output))
            return null;
        if (input.Rank == 1 && output.Rank == 1)
            return new DenseLayer(output.Size) { UseBias = false };
        if (input.Rank == 3 && output.Rank == 3)
        {
            var stride = new Window(Stride(input[0], output[0]), Stride(input[1], output[1]));
            var convolution = new ConvLayer(output[2])
            {
                KernelSize = new Window(1, 1),
                Stride = stride,
                UseBias = false,
            };
            if (convolution.InferShape(input).Equals(output))
                return convolution;
        }
        throw Refuse(
            input,
            $"its layers output {output}, and no stride of a 1 x 1 convolution turns the input into that",
            "Use Padding.Same on the block's convolutions, so that height and width stay the same or are divided by the stride."
        );
    }

    private static int Stride(int input, int output) => Math.Max(1, (input + output - 1) / output);
}
