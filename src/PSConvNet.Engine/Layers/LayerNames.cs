namespace PSConvNet;

/// <summary>Names layers after their kind, counting within one model: <c>conv2d_1</c>, <c>conv2d_2</c>.</summary>
internal sealed class LayerNames
{
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>The layer's own name, or the next one of its kind.</summary>
    public string For(LayerSpec layer)
    {
        if (layer.Name is { } given)
            return given;
        var number = _counts[layer.NamePrefix] = _counts.GetValueOrDefault(layer.NamePrefix) + 1;
        return $"{layer.NamePrefix}_{number}";
    }
}
