using System.Text.Json.Nodes;

namespace PSConvNet.Layers;

/// <summary>Layers as the script of a page reads them.</summary>
internal static class PageLayer
{
    /// <summary>Layers one after another.</summary>
    public static JsonArray List(IEnumerable<CompiledLayer> layers) => new([.. layers.Select(Of)]);

    /// <summary>A layer with its name, its output's shape and its activation function.</summary>
    public static JsonObject Of(CompiledLayer layer)
    {
        var json = layer.Layer.ToPage(layer);
        json["name"] = PrintableText.Of(layer.Path);
        json["shape"] = Numbers([.. layer.Output.Dimensions]);
        if (layer.Activation is { } last)
        {
            json["activation"] = last.Activation.ToString();
            json["alpha"] = last.Alpha;
        }
        return json;
    }

    /// <summary>A convolution.</summary>
    public static JsonObject Of(ConvKernel kernel)
    {
        var (window, stride, dilation, edges, groups) = kernel.Geometry;
        return new JsonObject
        {
            ["kind"] = "Conv",
            ["filters"] = kernel.Output[2],
            ["window"] = Pair(window),
            ["stride"] = Pair(stride),
            ["dilation"] = Pair(dilation),
            ["padding"] = Numbers(edges.Top, edges.Left),
            ["groups"] = groups,
            ["bias"] = kernel.Parameters.Count > 1,
            ["shape"] = Numbers([.. kernel.Output.Dimensions]),
        };
    }

    /// <summary>A pooling layer.</summary>
    public static JsonObject Pool(Window window, Window stride, Edges edges, bool largest) =>
        new()
        {
            ["kind"] = "Pool",
            ["window"] = Pair(window),
            ["stride"] = Pair(stride),
            ["padding"] = Numbers(edges.Top, edges.Left),
            ["largest"] = largest,
        };

    private static JsonArray Pair(Window window) => Numbers(window.Height, window.Width);

    private static JsonArray Numbers(params ReadOnlySpan<int> numbers)
    {
        var json = new JsonArray();
        foreach (var number in numbers)
            json.Add((JsonNode)number);
        return json;
    }
}
