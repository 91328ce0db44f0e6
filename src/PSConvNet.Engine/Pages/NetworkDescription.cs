using System.Text.Json.Nodes;
using PSConvNet.Reports;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Pages;

/// <summary>A model's layers as the page's script reads them, and their weights in the order it reads those in.</summary>
internal sealed class NetworkDescription
{
    private static readonly Window s_undilated = new(1, 1);

    private readonly Queue<ParameterSlot> _slots;
    private readonly List<ParameterSlot> _read = [];

    private NetworkDescription(Model model)
    {
        _slots = new Queue<ParameterSlot>(model.Store.Slots);
        Layers = Sequence(
            model.Layers.Zip(model.Summary.Layers, (layer, row) => (row.Name, layer)),
            model.InputShape,
            out _
        );
        Ending = EndingOf(model);
    }

    /// <summary>An object a layer.</summary>
    public JsonArray Layers { get; }

    /// <summary>What makes probabilities of what the last layer gives: Softmax, Exponential, or nothing: None.</summary>
    public string Ending { get; }

    /// <summary>The parameters, in the order in which they are read.</summary>
    public IReadOnlyList<ParameterSlot> Parameters => _read;

    /// <summary>Describes a model.</summary>
    public static NetworkDescription Of(Model model) => new(model);

    /// <summary>As <see cref="Predictor"/> has it: a softmax is never applied twice, nor to what another function has been applied to.</summary>
    private static string EndingOf(Model model) =>
        model.Kernels[^1] is ActivationKernel { Activation: Activation.Softmax } ? "None"
        : model.Kernels[^1] is ActivationKernel { Activation: Activation.LogSoftmax } ? "Exponential"
        : ExecutionPlan.Create(model.Kernels, toLogits: true).Output == OutputKind.Logits ? "Softmax"
        : "None";

    private JsonArray Sequence(IEnumerable<(string Name, LayerSpec Layer)> layers, Shape input, out Shape output)
    {
        var described = new JsonArray();
        output = input;
        foreach (var (name, layer) in layers)
        {
            described.Add(Layer(name, layer, output));
            output = layer.InferShape(output);
        }
        return described;
    }

    private JsonObject Layer(string name, LayerSpec layer, Shape input)
    {
        var json = Settings(name, layer, input);
        json["name"] = ReportText.Clean(name);
        json["shape"] = Numbers([.. layer.InferShape(input).Dimensions]);
        return json;
    }

    private JsonObject Settings(string name, LayerSpec layer, Shape input) =>
        layer switch
        {
            ConvLayer conv => Conv(name, conv, input),
            DenseLayer dense => Dense(name, dense),
            MaxPoolLayer pool => Pool(pool, input, largest: true),
            AveragePoolLayer pool => Pool(pool, input, largest: false),
            GlobalPoolLayer pool => new JsonObject
            {
                ["kind"] = "GlobalPool",
                ["largest"] = pool.Pool == PoolKind.Maximum,
            },
            BatchNormLayer norm => BatchNorm(name, norm),
            ActivationLayer activation => Activated(
                new JsonObject { ["kind"] = "Activation" },
                activation.Activation,
                activation.Alpha
            ),
            DropoutLayer => new JsonObject { ["kind"] = "Dropout" },
            FlattenLayer => new JsonObject { ["kind"] = "Flatten" },
            ResidualBlock block => Residual(name, block, input),
            _ => throw new InvalidOperationException($"The page's script has no layer {layer.Kind}."),
        };

    private JsonObject Conv(string name, ConvLayer layer, Shape input)
    {
        Take(name, "kernel");
        if (layer.UseBias)
            Take(name, "bias");
        var edges = layer.Padding.Around(input, layer.KernelSize, layer.Stride, layer.Dilation);
        var json = new JsonObject
        {
            ["kind"] = "Conv",
            ["filters"] = layer.Filters,
            ["window"] = Pair(layer.KernelSize),
            ["stride"] = Pair(layer.Stride),
            ["dilation"] = Pair(layer.Dilation),
            ["padding"] = Numbers(edges.Top, edges.Left),
            ["groups"] = layer.Groups,
            ["bias"] = layer.UseBias,
        };
        return Activated(json, layer.Activation);
    }

    private JsonObject Dense(string name, DenseLayer layer)
    {
        Take(name, "kernel");
        if (layer.UseBias)
            Take(name, "bias");
        var json = new JsonObject
        {
            ["kind"] = "Dense",
            ["units"] = layer.Units,
            ["bias"] = layer.UseBias,
        };
        return Activated(json, layer.Activation);
    }

    private static JsonObject Pool(PoolLayer layer, Shape input, bool largest)
    {
        var edges = layer.Padding.Around(input, layer.PoolSize, layer.Stride, s_undilated);
        return new JsonObject
        {
            ["kind"] = "Pool",
            ["window"] = Pair(layer.PoolSize),
            ["stride"] = Pair(layer.Stride),
            ["padding"] = Numbers(edges.Top, edges.Left),
            ["largest"] = largest,
        };
    }

    private JsonObject BatchNorm(string name, BatchNormLayer layer)
    {
        foreach (var parameter in (string[])["gamma", "beta", "moving_mean", "moving_variance"])
            Take(name, parameter);
        return new JsonObject { ["kind"] = "BatchNorm", ["epsilon"] = layer.Epsilon };
    }

    private JsonObject Residual(string name, ResidualBlock block, Shape input)
    {
        var names = new LayerNames();
        var layers = Sequence(block.Layers.Select(layer => ($"{name}/{names.For(layer)}", layer)), input, out var sum);
        var json = new JsonObject { ["kind"] = "Residual", ["layers"] = layers };
        if (block.Projection(input, sum) is { } projection)
            json["projection"] = Layer($"{name}/projection", projection, input);
        return Activated(json, block.Activation);
    }

    private static JsonObject Activated(JsonObject json, Activation activation, double? alpha = null)
    {
        if (activation == Activation.None)
            return json;
        json["activation"] = activation.ToString();
        json["alpha"] = alpha ?? activation.DefaultAlpha();
        return json;
    }

    private static JsonArray Pair(Window window) => Numbers(window.Height, window.Width);

    private static JsonArray Numbers(params ReadOnlySpan<int> numbers)
    {
        var json = new JsonArray();
        foreach (var number in numbers)
            json.Add((JsonNode)number);
        return json;
    }

    /// <summary>The store's next parameter: it has them in the layers' order, and a layer's name may be that of one within a block.</summary>
    private void Take(string layer, string parameter)
    {
        var slot = _slots.Dequeue();
        if (slot.Name != $"{layer}.{parameter}")
            throw new InvalidOperationException($"The store has {slot.Name} where {layer} has its {parameter}.");
        _read.Add(slot);
    }
}
