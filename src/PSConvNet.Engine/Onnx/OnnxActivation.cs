namespace PSConvNet.Onnx;

/// <summary>Activation functions as nodes, by the formulas of <see cref="Runtime.Kernels.ActivationKernel"/>.</summary>
internal static class OnnxActivation
{
    /// <summary>Adds what computes the function.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="activation">The function; not None.</param>
    /// <param name="alpha">Its parameter, where it has one.</param>
    /// <param name="name">The name of the node that gives the result.</param>
    /// <param name="x">Its argument.</param>
    /// <param name="channelAxis">Which axis the softmax ones go along.</param>
    /// <returns>The result's name; null where ONNX has no such function.</returns>
    public static string? Add(
        OnnxGraph graph,
        Activation activation,
        double alpha,
        string name,
        string x,
        int channelAxis
    ) =>
        activation switch
        {
            Activation.ReLU => graph.Node("Relu", name, [x]),
            Activation.LeakyReLU => graph.Node("LeakyRelu", name, [x], OnnxAttribute.Single("alpha", alpha)),
            Activation.GELU => Gelu(graph, name, x),
            Activation.ELU => graph.Node("Elu", name, [x], OnnxAttribute.Single("alpha", alpha)),
            Activation.SiLU => graph.Node("Mul", name, [x, graph.Node("Sigmoid", $"{name}.sigmoid", [x])]),
            Activation.Sigmoid => graph.Node("Sigmoid", name, [x]),
            Activation.Tanh => graph.Node("Tanh", name, [x]),
            Activation.Softmax => graph.Node("Softmax", name, [x], OnnxAttribute.Integer("axis", channelAxis)),
            Activation.LogSoftmax => graph.Node("LogSoftmax", name, [x], OnnxAttribute.Integer("axis", channelAxis)),
            _ => null,
        };

    /// <summary>
    /// x (1 + erf(x / √2)) / 2, in the nodes that ONNX Runtime knows to make one of; an operator of that name came with set 20.
    /// </summary>
    private static string Gelu(OnnxGraph graph, string name, string x)
    {
        var scaled = graph.Node("Div", $"{name}.scaled", [x, graph.Constant("constant.sqrt2", MathF.Sqrt(2))]);
        var error = graph.Node("Erf", $"{name}.erf", [scaled]);
        var twice = graph.Node("Add", $"{name}.twice_phi", [error, graph.Constant("constant.one", 1)]);
        var product = graph.Node("Mul", $"{name}.twice", [x, twice]);
        return graph.Node("Mul", name, [product, graph.Constant("constant.half", 0.5f)]);
    }
}
