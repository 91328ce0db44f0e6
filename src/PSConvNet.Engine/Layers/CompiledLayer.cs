namespace PSConvNet.Layers;

/// <summary>Where a layer stands in a network.</summary>
/// <param name="Name">Its name among the layers around it: given, or made from its kind.</param>
/// <param name="Path">The same with the names of the blocks it is in: <c>residual_1/conv2d_2</c>.</param>
/// <param name="Input">The shape of a sample before it.</param>
/// <param name="Order">
/// The image that its input was flattened from, where each value still stands at its place in that image; else null. PyTorch and ONNX have
/// the channels first there.
/// </param>
/// <param name="Depth">How many blocks it is in.</param>
internal sealed record LayerPlace(string Name, string Path, Shape Input, Shape? Order, int Depth = 0)
{
    /// <summary>The pixels that lie outside the channels in an order; 1 where there is none, or only one channel, which every order has alike.</summary>
    public static int PixelsOf(Shape? order) => order is null || order[2] == 1 ? 1 : order[0] * order[1];
}

/// <summary>
/// A layer in its place in a network: its name, its shapes, and what computes it. Summaries, diagrams, frozen layers, files of weights, ONNX
/// files and pages all read this tree.
/// </summary>
/// <param name="Layer">The description, as the user gave it.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Output">The shape of a sample after it.</param>
/// <param name="Kernels">What computes it, with all within it.</param>
internal sealed record CompiledLayer(LayerSpec Layer, LayerPlace Place, Shape Output, IReadOnlyList<Kernel> Kernels)
{
    /// <summary>Its name among the layers around it.</summary>
    public string Name => Place.Name;

    /// <summary>Its name with those of the blocks it is in, which its parameters' names begin with.</summary>
    public string Path => Place.Path;

    /// <summary>The shape of a sample before it.</summary>
    public Shape Input => Place.Input;

    /// <summary>The same as <see cref="LayerPlace.Order"/>, of its output.</summary>
    public Shape? OutputOrder { get; init; }

    /// <summary>The layers within it, first to last; empty but for blocks.</summary>
    public IReadOnlyList<CompiledLayer> Body { get; init; } = [];

    /// <summary>The layer that a block's input goes through before it is added; null where it is added as it is.</summary>
    public CompiledLayer? Projection { get; init; }

    /// <summary>Whether it adds values in a flattened image's order to values in another one.</summary>
    public bool AddsUnlikeOrders { get; init; }

    /// <summary>The activation function that is applied last; null for none.</summary>
    public ActivationKernel? Activation => Kernels is [.., ActivationKernel last] ? last : null;

    /// <summary>The layers within it, the projection last.</summary>
    public IEnumerable<CompiledLayer> Children => Projection is null ? Body : Body.Append(Projection);

    /// <summary>It and all within it, itself first.</summary>
    public IEnumerable<CompiledLayer> SelfAndDescendants() =>
        Children.SelectMany(child => child.SelfAndDescendants()).Prepend(this);

    /// <summary>Its own kernels that have parameters, without those of layers within.</summary>
    public IEnumerable<Kernel> Parametrized => Kernels.Where(kernel => kernel.Parameters.Count > 0);

    /// <summary>The kernels with parameters of it and of all within it, in the order in which the store has them.</summary>
    public IEnumerable<Kernel> AllParametrized => SelfAndDescendants().SelectMany(layer => layer.Parametrized);

    /// <summary>How many numbers it and all within it hold, trained or not.</summary>
    public int ParameterCount => AllParametrized.SelectMany(kernel => kernel.Parameters).Sum(p => p.Shape.Size);

    /// <summary>Adds what computes the layer to an ONNX graph.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="input">What the layer reads.</param>
    /// <param name="withActivation">Whether its activation function is added, too.</param>
    public OnnxValue ToOnnx(OnnxBuilder onnx, OnnxValue input, bool withActivation = true)
    {
        var value = Layer.ToOnnx(this, onnx, input);
        if (!withActivation || Activation is not { } last)
            return value;
        return onnx.Activate(
            Path,
            value == input ? Path : $"{Path}.{last.Activation}",
            last.Activation,
            last.Alpha,
            value
        );
    }
}
