namespace PSConvNet.Files;

/// <summary>A parameter under PyTorch's name and in its layout.</summary>
/// <param name="Module">The layer's name: <c>conv2d_1</c>.</param>
/// <param name="Parameter">The parameter's there: <c>weight</c>.</param>
/// <param name="Shape">PyTorch's: out x in x height x width.</param>
/// <param name="Slot">Where it lies in the store.</param>
/// <param name="Area">Pixels that lie outside the channels here and inside them there; 1 where the layouts are one.</param>
internal sealed record TorchTensor(
    string Module,
    string Parameter,
    IReadOnlyList<long> Shape,
    ParameterSlot Slot,
    int Area
) : WeightPlace(Module, Parameter, Shape, Slot)
{
    /// <summary>The store's values in PyTorch's order.</summary>
    public float[] Read(ParameterStore store) => ChannelOrder.ToFirst(store.Span(Slot), Area, Channels);

    /// <inheritdoc />
    public override void Write(ParameterStore store, ReadOnlySpan<float> theirs) =>
        ChannelOrder.ToLast(theirs, store.Span(Slot), Area, Channels);

    private int Channels => (int)(Shape.Count == 4 ? Shape[1] : Shape[^1] / Area);
}

/// <summary>
/// A model's parameters as PyTorch would name and lay them out: images channels-first, and so whatever is flattened from one. Layers
/// that see a flattened image have their inputs in another order there.
/// </summary>
internal sealed class TorchLayout
{
    private readonly ParameterStore _store;
    private readonly List<TorchTensor> _tensors = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private TorchLayout(ParameterStore store) => _store = store;

    /// <summary>Every parameter, in the order of the layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="exact">
    /// Whether a network that PyTorch could not compute alike is refused; else its weights are laid out in some way that can be undone.
    /// </param>
    /// <exception cref="ConvNetException"><c>ExportUnsupported</c>: a residual block that PyTorch would add up in another order.</exception>
    public static IReadOnlyList<TorchTensor> Of(Model model, bool exact)
    {
        var layout = new TorchLayout(model.Store);
        foreach (var layer in model.Network.SelectMany(layer => layer.SelfAndDescendants()))
        {
            if (exact && layer.AddsUnlikeOrders)
                throw DifferentOrders(layer);
            foreach (var kernel in layer.Parametrized)
            {
                foreach (var slot in layout._store.Of(kernel))
                    layout.Add(layer, slot);
                // PyTorch knows nothing like it.
                if (!exact && kernel.KeepsStatistics)
                    layout.AddStatisticsWeight(kernel);
            }
        }
        return layout._tensors;
    }

    private void Add(CompiledLayer layer, ParameterSlot slot)
    {
        var d = slot.Spec.Shape.Dimensions;
        long[] shape = d.Length == 4 ? [d[0], d[3], d[1], d[2]] : [.. d.Select(size => (long)size)];
        var area = d.Length == 4 ? d[1] * d[2] : LayerPlace.PixelsOf(slot.Spec.FollowsInput ? layer.Place.Order : null);
        // A layer may be two modules there: depthwise.weight.
        var parts = slot.Spec.TorchName.Split('.');
        var module = string.Join('.', [layer.Path.Replace('/', '.'), .. parts[..^1]]);
        // a/b may be a layer's name and b a layer in block a: rare, and no reason to lose one.
        while (!_names.Add($"{module}.{parts[^1]}"))
            module += "_";
        _tensors.Add(new TorchTensor(module, parts[^1], shape, slot, area));
    }

    private void AddStatisticsWeight(Kernel kernel)
    {
        // The module that the statistics' names have just been given.
        var module = _tensors[^1].Module;
        var slot = _store.StatisticsWeight(kernel);
        _names.Add($"{module}.statistics_weight");
        _tensors.Add(new TorchTensor(module, "statistics_weight", [1], slot, 1) { IsOptional = true });
    }

    private static ConvNetException DifferentOrders(CompiledLayer layer) =>
        new(
            ErrorIds.ExportUnsupported,
            ErrorKind.InvalidArgument,
            $"{layer.Path} adds a flattened image to the output of layers that mix its values, and PyTorch flattens images in another order: put a Dense layer between the flatten layer and the block.",
            layer.Path
        );
}
