namespace PSConvNet.Onnx;

/// <summary>Collects the nodes and weights of a graph. A node has one output, which is named as the node is.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The name of the graph's input.</summary>
    public const string InputName = "images";

    /// <summary>The name of the graph's output.</summary>
    public const string OutputName = "outputs";

    /// <summary>The name of the dimension that may have any size.</summary>
    public const string BatchName = "batch";

    /// <summary>The version of ONNX's operators that the graph uses.</summary>
    public const int OperatorSet = 17;

    private const int SingleType = 1;

    // Outputs and weights share one space of names, and an empty one is how ONNX says that an input is left out.
    private readonly HashSet<string> _names = ["", InputName, OutputName];
    private readonly Dictionary<string, string> _constants = [];
    private readonly List<ProtobufMessage> _nodes = [];
    private readonly List<ProtobufMessage> _weights = [];

    /// <summary>Adds a node.</summary>
    /// <param name="kind">The operator.</param>
    /// <param name="name">What it is called, with a number behind where that is taken.</param>
    /// <param name="inputs">Names of other nodes and of weights.</param>
    /// <param name="attributes">The operator's settings.</param>
    /// <returns>Its name.</returns>
    public string Node(
        string kind,
        string name,
        IEnumerable<string> inputs,
        params ReadOnlySpan<ProtobufMessage> attributes
    )
    {
        var unique = Unique(name);
        Add(kind, unique, inputs, attributes);
        return unique;
    }

    /// <summary>Adds the last node, which gives the graph's output.</summary>
    public void End(string kind, string input, params ReadOnlySpan<ProtobufMessage> attributes) =>
        Add(kind, OutputName, [input], attributes);

    /// <summary>Adds fp32 numbers that nodes read.</summary>
    /// <param name="name">What they are called, with a number behind where that is taken.</param>
    /// <param name="dimensions">Their shape.</param>
    /// <param name="values">Gives them when the file is written.</param>
    /// <returns>Their name.</returns>
    public string Weights(string name, ReadOnlySpan<int> dimensions, Func<ReadOnlyMemory<float>> values)
    {
        var unique = Unique(name);
        var tensor = new ProtobufMessage();
        var count = 1;
        foreach (var dimension in dimensions)
        {
            tensor.Integer(OnnxField.Tensor.Dimension, dimension);
            count *= dimension;
        }
        _weights.Add(
            tensor
                .Integer(OnnxField.Tensor.ElementType, SingleType)
                .Text(OnnxField.Tensor.Name, unique)
                .Singles(OnnxField.Tensor.RawData, count, values)
        );
        return unique;
    }

    /// <summary>Adds a number once, however many nodes read it.</summary>
    public string Constant(string name, float value)
    {
        if (!_constants.TryGetValue(name, out var unique))
            _constants[name] = unique = Weights(name, [], () => new[] { value });
        return unique;
    }

    /// <summary>The graph as a message.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="input">The input, as <see cref="Value"/> makes it.</param>
    /// <param name="output">The output.</param>
    public ProtobufMessage ToMessage(string name, ProtobufMessage input, ProtobufMessage output)
    {
        var graph = new ProtobufMessage();
        foreach (var node in _nodes)
            graph.Message(OnnxField.Graph.Node, node);
        graph.Text(OnnxField.Graph.Name, name);
        foreach (var weights in _weights)
            graph.Message(OnnxField.Graph.Initializer, weights);
        return graph.Message(OnnxField.Graph.Input, input).Message(OnnxField.Graph.Output, output);
    }

    /// <summary>An input or output: fp32, a batch of any size.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it means.</param>
    /// <param name="sample">The shape of one sample.</param>
    public static ProtobufMessage Value(string name, string description, Shape sample)
    {
        var shape = new ProtobufMessage().Message(
            OnnxField.Type.Dimension,
            new ProtobufMessage().Text(OnnxField.Type.DimensionName, BatchName)
        );
        foreach (var size in sample.Dimensions)
        {
            shape.Message(OnnxField.Type.Dimension, new ProtobufMessage().Integer(OnnxField.Type.DimensionSize, size));
        }
        var tensor = new ProtobufMessage()
            .Integer(OnnxField.Type.ElementType, SingleType)
            .Message(OnnxField.Type.Shape, shape);
        return new ProtobufMessage()
            .Text(OnnxField.Value.Name, name)
            .Message(OnnxField.Value.Type, new ProtobufMessage().Message(OnnxField.Type.Tensor, tensor))
            .Text(OnnxField.Value.Description, description);
    }

    private void Add(string kind, string name, IEnumerable<string> inputs, ReadOnlySpan<ProtobufMessage> attributes)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
            node.Text(OnnxField.Node.Input, input);
        node.Text(OnnxField.Node.Output, name).Text(OnnxField.Node.Name, name).Text(OnnxField.Node.Operator, kind);
        foreach (var attribute in attributes)
            node.Message(OnnxField.Node.Attribute, attribute);
        _nodes.Add(node);
    }

    private string Unique(string name)
    {
        var unique = name;
        for (var number = 2; !_names.Add(unique); number++)
            unique = $"{name}_{number}";
        return unique;
    }
}
