using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Files.Onnx;

/// <summary>What a layer gives, as the graph has it.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">A sample's shape, as the layers see it.</param>
/// <param name="ChannelsFirst">
/// Where the graph has the channels first, the shape of the image, channels last; null where it has the values in the layers' order.
/// It is <paramref name="Shape"/> itself, or what was flattened to it.
/// </param>
internal readonly record struct OnnxValue(string Name, Shape Shape, Shape? ChannelsFirst = null);

/// <summary>
/// Walks a model's layers and adds what computes them to a graph: what <see cref="Predictor"/> gives, in fp32.
/// </summary>
/// <remarks>
/// Images travel as N x C x H x W, as ONNX's operators want them, from the first layer that wants them so. A dense layer that
/// reads a flattened image has its weights laid out to match, so that no image is turned around again.
/// </remarks>
internal sealed class OnnxNetwork
{
    private static readonly Window s_undilated = new(1, 1);

    private readonly ParameterStore _store;
    private readonly Queue<ParameterSlot> _slots;

    public OnnxNetwork(Model model)
    {
        _store = model.Store;
        _slots = new Queue<ParameterSlot>(_store.Slots);
        var last = model.Kernels is [.., ActivationKernel activation] ? activation : null;
        var softmax = last?.Activation.IsSoftmax() == true ? last.Name : null;
        GivesProbabilities = ExecutionPlan.Create(model.Kernels, toLogits: true).Output == OutputKind.Logits;

        // A final softmax of any kind is the one that makes probabilities, and is applied once.
        var layers = model.Layers.Zip(
            model.Summary.Layers,
            (layer, row) => (row.Name, row.Name == softmax ? WithoutActivation(layer) : layer)
        );
        var result = Sequence([.. layers], new OnnxValue(OnnxFile.InputName, model.InputShape));
        result = Flatten($"{OnnxFile.OutputName}.flatten", ToPredictorsOrder(result), keepOrder: false);
        if (GivesProbabilities)
            Graph.End("Softmax", result.Name, OnnxAttribute.Integer("axis", 1));
        else
            Graph.End("Identity", result.Name);
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; } = new();

    /// <summary>Whether its outputs are probabilities: the network ends in a softmax, or in no activation and is given one.</summary>
    public bool GivesProbabilities { get; }

    private static LayerSpec WithoutActivation(LayerSpec layer) =>
        layer switch
        {
            ConvLayer conv => conv with { Activation = Activation.None },
            DenseLayer dense => dense with { Activation = Activation.None },
            ResidualBlock block => block with { Activation = Activation.None },
            ActivationLayer activation => activation with { Activation = Activation.None },
            _ => layer,
        };

    private OnnxValue Sequence(IReadOnlyList<(string Name, LayerSpec Layer)> layers, OnnxValue value)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            var (name, layer) = layers[i];
            var following = layers.Skip(i + 1).Select(next => next.Layer).SkipWhile(next => next is DropoutLayer);
            value = layer switch
            {
                FlattenLayer => Flatten(name, value, keepOrder: following.FirstOrDefault() is not DenseLayer),
                _ => Layer(name, layer, value),
            };
        }
        return value;
    }

    private OnnxValue Layer(string name, LayerSpec layer, OnnxValue input) =>
        layer switch
        {
            ConvLayer conv => Conv(name, conv, input),
            MaxPoolLayer pool => Pool(name, "MaxPool", pool, input),
            // Padding is left out of the mean unless ONNX is told otherwise, as here.
            AveragePoolLayer pool => Pool(name, "AveragePool", pool, input),
            GlobalPoolLayer pool => GlobalPool(name, pool, input),
            DenseLayer dense => Dense(name, dense, input),
            BatchNormLayer norm => BatchNorm(name, norm, input),
            ActivationLayer activation => Activate(
                name,
                activation.Activation,
                activation.Alpha ?? activation.Activation.DefaultAlpha(),
                name,
                input
            ),
            ResidualBlock block => Residual(name, block, input),
            DropoutLayer => input,
            _ => throw OnnxFile.Unsupported(name, layer.ToString()),
        };

    private OnnxValue Conv(string name, ConvLayer layer, OnnxValue input)
    {
        var image = ToChannelsFirst(name, input);
        var kernel = Take(name, "kernel");
        var (positions, channels) = (layer.KernelSize.Height * layer.KernelSize.Width, kernel.Spec.Shape[3]);
        List<string> inputs =
        [
            image.Name,
            Graph.Weights(
                kernel.Name,
                [layer.Filters, channels, layer.KernelSize.Height, layer.KernelSize.Width],
                () => ChannelOrder.ToFirst(_store.Span(kernel), positions, channels)
            ),
        ];
        if (layer.UseBias)
            inputs.Add(Parameter(name, "bias"));
        var edges = layer.Padding.Around(input.Shape, layer.KernelSize, layer.Stride, layer.Dilation);
        var node = Graph.Node(
            "Conv",
            name,
            inputs,
            OnnxAttribute.Of("kernel_shape", layer.KernelSize),
            OnnxAttribute.Of("strides", layer.Stride),
            OnnxAttribute.Of("dilations", layer.Dilation),
            OnnxAttribute.Of("pads", edges),
            OnnxAttribute.Integer("group", layer.Groups)
        );
        return Activate(name, layer.Activation, Image(node, layer.InferShape(input.Shape)));
    }

    private OnnxValue Pool(string name, string kind, PoolLayer layer, OnnxValue input)
    {
        var node = Graph.Node(
            kind,
            name,
            [ToChannelsFirst(name, input).Name],
            OnnxAttribute.Of("kernel_shape", layer.PoolSize),
            OnnxAttribute.Of("strides", layer.Stride),
            OnnxAttribute.Of("pads", layer.Padding.Around(input.Shape, layer.PoolSize, layer.Stride, s_undilated))
        );
        return Image(node, layer.InferShape(input.Shape));
    }

    private OnnxValue GlobalPool(string name, GlobalPoolLayer layer, OnnxValue input)
    {
        var kind = layer.Pool == PoolKind.Maximum ? "GlobalMaxPool" : "GlobalAveragePool";
        var pixel = Graph.Node(kind, name, [ToChannelsFirst(name, input).Name]);
        return new OnnxValue(Graph.Node("Flatten", $"{name}.flatten", [pixel]), layer.InferShape(input.Shape));
    }

    private OnnxValue Dense(string name, DenseLayer layer, OnnxValue input)
    {
        var kernel = Take(name, "kernel");
        ReadOnlyMemory<float> Values() =>
            input.ChannelsFirst is { } image
                ? ChannelOrder.ToFirst(_store.Span(kernel), image.Size / image[image.Rank - 1], image[image.Rank - 1])
                : Memory(kernel);
        List<string> inputs = [input.Name, Graph.Weights(kernel.Name, [layer.Units, input.Shape.Size], Values)];
        if (layer.UseBias)
            inputs.Add(Parameter(name, "bias"));
        var node = Graph.Node("Gemm", name, inputs, OnnxAttribute.Integer("transB", 1));
        return Activate(name, layer.Activation, new OnnxValue(node, layer.InferShape(input.Shape)));
    }

    private OnnxValue BatchNorm(string name, BatchNormLayer layer, OnnxValue input)
    {
        var value = ToChannelsFirst(name, input);
        string[] parameters = ["gamma", "beta", "moving_mean", "moving_variance"];
        return value with
        {
            Name = Graph.Node(
                "BatchNormalization",
                name,
                [value.Name, .. parameters.Select(parameter => Parameter(name, parameter))],
                OnnxAttribute.Single("epsilon", layer.Epsilon)
            ),
        };
    }

    private OnnxValue Residual(string name, ResidualBlock block, OnnxValue input)
    {
        var names = new LayerNames();
        var body = Sequence([.. block.Layers.Select(layer => ($"{name}/{names.For(layer)}", layer))], input);
        var shortcut = block.Projection(input.Shape, body.Shape) is { } projection
            ? Layer($"{name}/projection", projection, input)
            : input;
        shortcut = body.ChannelsFirst is null ? ToLayersOrder(name, shortcut) : ToChannelsFirst(name, shortcut);
        var sum = Graph.Node("Add", name, [body.Name, shortcut.Name]);
        return Activate(name, block.Activation, body with { Name = sum });
    }

    /// <summary>A vector. In the layers' order, or in the graph's where the reader minds no order.</summary>
    private OnnxValue Flatten(string name, OnnxValue input, bool keepOrder)
    {
        if (input.Shape.Rank == 1)
            return input;
        var value = keepOrder ? ToLayersOrder(name, input) : input;
        return value with { Name = Graph.Node("Flatten", name, [value.Name]), Shape = new Shape(input.Shape.Size) };
    }

    private OnnxValue Activate(string layer, Activation activation, OnnxValue input) =>
        Activate(layer, activation, activation.DefaultAlpha(), $"{layer}.{activation}", input);

    private OnnxValue Activate(string layer, Activation activation, double alpha, string node, OnnxValue input)
    {
        if (activation == Activation.None)
            return input;
        var axis = input.ChannelsFirst is null ? -1 : 1;
        var result = OnnxActivation.Add(Graph, activation, alpha, node, input.Name, axis);
        return input with { Name = result ?? throw OnnxFile.Unsupported(layer, $"the activation {activation}") };
    }

    private static OnnxValue Image(string node, Shape shape) => new(node, shape, ChannelsFirst: shape);

    private OnnxValue ToChannelsFirst(string layer, OnnxValue value)
    {
        var rank = value.Shape.Rank;
        if (rank == 1 || value.ChannelsFirst is not null)
            return value;
        int[] axes = [0, rank, .. Enumerable.Range(1, rank - 1)];
        return Image(Transpose($"{layer}.channels_first", value, axes), value.Shape);
    }

    private OnnxValue ToLayersOrder(string layer, OnnxValue value)
    {
        if (value.ChannelsFirst is null)
            return value;
        int[] axes = [0, .. Enumerable.Range(2, value.Shape.Rank - 1), 1];
        return new OnnxValue(Transpose($"{layer}.channels_last", value, axes), value.Shape);
    }

    /// <summary>As the predictor has it in its rows: it gives an image's channels one after another.</summary>
    private OnnxValue ToPredictorsOrder(OnnxValue value) =>
        value.Shape.Rank == 3 ? ToChannelsFirst(OnnxFile.OutputName, value) : ToLayersOrder(OnnxFile.OutputName, value);

    private string Transpose(string name, OnnxValue value, int[] axes) =>
        Graph.Node("Transpose", name, [value.Name], OnnxAttribute.Integers("perm", axes));

    private string Parameter(string layer, string parameter)
    {
        var slot = Take(layer, parameter);
        return Graph.Weights(slot.Name, slot.Spec.Shape.Dimensions.AsSpan(), () => Memory(slot));
    }

    private ReadOnlyMemory<float> Memory(ParameterSlot slot) => _store.Values.AsMemory(slot.Offset, slot.Length);

    /// <summary>
    /// The store's next parameter: it has them in the layers' order. By name alone a layer that is called <c>a/b</c> could not be told
    /// from the layer <c>b</c> of a block <c>a</c>.
    /// </summary>
    private ParameterSlot Take(string layer, string parameter)
    {
        var slot = _slots.Dequeue();
        return slot.Name == $"{layer}.{parameter}"
            ? slot
            : throw new InvalidOperationException($"The store has {slot.Name} where {layer} has its {parameter}.");
    }
}
