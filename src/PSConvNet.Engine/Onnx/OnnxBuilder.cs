namespace PSConvNet.Onnx;

/// <summary>Adds layers to an ONNX graph.</summary>
/// <remarks>
/// Images travel as N x C x H x W, as ONNX's operators want them, from the first layer that wants them so. Parameters of layers that read a
/// flattened image are laid out to match, so that no image is turned around again.
/// </remarks>
/// <param name="store">The weights.</param>
internal sealed class OnnxBuilder(ParameterStore store)
{
    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; } = new();

    /// <summary>The refusal of a layer.</summary>
    public static ConvNetException Unsupported(string layer, string what) =>
        new(
            ErrorIds.ExportUnsupported,
            ErrorKind.InvalidArgument,
            $"{layer} can't be exported: ONNX's operator set {OnnxGraph.OperatorSet} has no counterpart of {what}. Replace it, or save the model in PSConvNet's own format.",
            layer
        );

    /// <summary>Adds a parameter in its own layout, or, where it goes along a layer's input, in that input's order.</summary>
    /// <param name="kernel">The kernel it belongs to.</param>
    /// <param name="index">Its place among the kernel's parameters.</param>
    /// <param name="input">What the layer reads.</param>
    /// <returns>Its name in the graph.</returns>
    public string Parameter(Kernel kernel, int index, OnnxValue? input = null)
    {
        var slot = store.Of(kernel)[index];
        var image = slot.Spec.FollowsInput && input is { Shape.Rank: 1 } ? input.Value.ChannelsFirst : null;
        return Graph.Weights(
            slot.Name,
            slot.Spec.Shape.Dimensions.AsSpan(),
            () =>
                image is null
                    ? Memory(slot)
                    : ChannelOrder.ToFirst(store.Span(slot), image.Size / image[image.Rank - 1], image[image.Rank - 1])
        );
    }

    /// <summary>Adds a convolution.</summary>
    public OnnxValue Conv(string name, ConvKernel kernel, OnnxValue input)
    {
        var image = ToChannelsFirst(name, input);
        var slot = store.Of(kernel)[0];
        var d = slot.Spec.Shape.Dimensions;
        List<string> inputs =
        [
            image.Name,
            Graph.Weights(
                slot.Name,
                [d[0], d[3], d[1], d[2]],
                () => ChannelOrder.ToFirst(store.Span(slot), pixels: d[1] * d[2], channels: d[3])
            ),
        ];
        if (kernel.Parameters.Count > 1)
            inputs.Add(Parameter(kernel, 1));
        var (window, stride, dilation, edges, groups) = kernel.Geometry;
        var node = Graph.Node(
            "Conv",
            name,
            inputs,
            OnnxAttribute.Of("kernel_shape", window),
            OnnxAttribute.Of("strides", stride),
            OnnxAttribute.Of("dilations", dilation),
            OnnxAttribute.Of("pads", edges),
            OnnxAttribute.Integer("group", groups)
        );
        return OnnxValue.Image(node, kernel.Output);
    }

    /// <summary>Adds an activation function.</summary>
    /// <param name="layer">The layer that applies it.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="activation">The function.</param>
    /// <param name="alpha">Its parameter.</param>
    /// <param name="input">Its argument.</param>
    public OnnxValue Activate(string layer, string name, Activation activation, double alpha, OnnxValue input)
    {
        var axis = input.ChannelsFirst is null ? -1 : 1;
        return input with
        {
            Name =
                OnnxActivation.Add(Graph, activation, alpha, name, input.Name, axis)
                ?? throw Unsupported(layer, $"the activation {activation}"),
        };
    }

    /// <summary>Makes a vector of an image; its values stay in the graph's order.</summary>
    public OnnxValue Flatten(string name, OnnxValue input) =>
        input.Shape.Rank == 1
            ? input
            : input with
            {
                Name = Graph.Node("Flatten", name, [input.Name]),
                Shape = new Shape(input.Shape.Size),
            };

    /// <summary>An image with its channels first; a vector as it is.</summary>
    public OnnxValue ToChannelsFirst(string layer, OnnxValue value)
    {
        var rank = value.Shape.Rank;
        if (rank == 1 || value.ChannelsFirst is not null)
            return value;
        int[] axes = [0, rank, .. Enumerable.Range(1, rank - 1)];
        return OnnxValue.Image(Transpose($"{layer}.channels_first", value.Name, axes), value.Shape);
    }

    /// <summary>A value in the layers' order: the channels last.</summary>
    public OnnxValue ToLayersOrder(string layer, OnnxValue value)
    {
        if (value.ChannelsFirst is not { } image)
            return value;
        int[] axes = [0, .. Enumerable.Range(2, image.Rank - 1), 1];
        var name = $"{layer}.channels_last";
        if (value.Shape.Rank > 1)
            return new OnnxValue(Transpose(name, value.Name, axes), value.Shape);
        var shape = Graph.Node(
            "Constant",
            $"{name}.shape",
            [],
            OnnxAttribute.Integers("value_ints", [0, image[image.Rank - 1], .. image.Dimensions[..^1]])
        );
        var unflattened = Graph.Node("Reshape", $"{name}.image", [value.Name, shape]);
        var transposed = Transpose($"{name}.transposed", unflattened, axes);
        return new OnnxValue(Graph.Node("Flatten", name, [transposed]), value.Shape);
    }

    private string Transpose(string name, string value, int[] axes) =>
        Graph.Node("Transpose", name, [value], OnnxAttribute.Integers("perm", axes));

    private ReadOnlyMemory<float> Memory(ParameterSlot slot) => store.Values.AsMemory(slot.Offset, slot.Length);
}
