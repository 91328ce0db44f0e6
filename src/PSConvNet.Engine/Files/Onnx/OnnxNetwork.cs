namespace PSConvNet.Files;

/// <summary>A model as an ONNX graph: what <see cref="Predictor"/> gives, in fp32.</summary>
internal sealed class OnnxNetwork
{
    public OnnxNetwork(Model model)
    {
        GivesProbabilities = model.Output == OutputKind.Logits;
        var builder = new OnnxBuilder(model.Store);
        Graph = builder.Graph;
        // A final softmax of any kind is the one that makes probabilities, and is applied once.
        var last = model.Network.LastOrDefault(layer => layer.Kernels.Count > 0);
        var softmax = last?.Activation?.Activation.IsSoftmax() == true ? last : null;
        var value = new OnnxValue(OnnxGraph.InputName, model.InputShape);
        foreach (var layer in model.Network)
            value = layer.ToOnnx(builder, value, withActivation: layer != softmax);
        // As the predictor has it in its rows: it gives an image's channels one after another.
        value =
            value.Shape.Rank == 3
                ? builder.ToChannelsFirst(OnnxGraph.OutputName, value)
                : builder.ToLayersOrder(OnnxGraph.OutputName, value);
        value = builder.Flatten($"{OnnxGraph.OutputName}.flatten", value);
        if (GivesProbabilities)
            Graph.End("Softmax", value.Name, OnnxAttribute.Integer("axis", 1));
        else
            Graph.End("Identity", value.Name);
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Whether its outputs are probabilities: the network ends in a softmax, or in no activation and is given one.</summary>
    public bool GivesProbabilities { get; }
}
