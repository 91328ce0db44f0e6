using System.Globalization;
using System.Text;

namespace PSConvNet.Drawing;

/// <summary>A layer as a diagram shows it.</summary>
/// <param name="Layer">Its description.</param>
/// <param name="Name">Its name within what holds it, fit to be drawn.</param>
/// <param name="Input">The shape of a sample before it.</param>
/// <param name="Output">The shape of a sample after it.</param>
/// <param name="Parameters">How many numbers it holds, trained or not.</param>
internal sealed record DiagramNode(LayerSpec Layer, string Name, Shape Input, Shape Output, int Parameters)
{
    /// <summary>The layers within a residual block, first to last; empty for any other layer.</summary>
    public IReadOnlyList<DiagramNode> Body { get; private init; } = [];

    /// <summary>What a residual block's input goes through before it is added, or null.</summary>
    public DiagramNode? Projection { get; private init; }

    /// <summary>What is applied to a residual block's sum.</summary>
    public Activation SumActivation => Layer is ResidualBlock block ? block.Activation : Activation.None;

    /// <summary>The name that the user gave it, or null.</summary>
    public string? GivenName => Layer.Name is null ? null : Name;

    /// <summary>The parameters in words: <c>18,496 parameters</c>; empty where there are none.</summary>
    public string ParameterWords => Parameters == 0 ? "" : Count(Parameters, "parameter");

    /// <summary>A list of layers, first to last.</summary>
    public static IReadOnlyList<DiagramNode> List(IEnumerable<LayerSpec> layers, Shape input)
    {
        var names = new LayerNames();
        var nodes = new List<DiagramNode>();
        foreach (var layer in layers)
        {
            nodes.Add(Create(layer, names.For(layer), input));
            input = nodes[^1].Output;
        }
        return nodes;
    }

    /// <summary>A number with its noun: <c>1 layer</c>, <c>8 layers</c>.</summary>
    public static string Count(int number, string noun) =>
        $"{number.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>A name without what a terminal would obey and XML refuses: control characters and halves of characters.</summary>
    public static string Drawable(string name)
    {
        var text = new StringBuilder(name.Length);
        // An enumeration of runes gives the replacement character for half a surrogate pair.
        foreach (var rune in name.EnumerateRunes())
        {
            var drawable =
                Rune.GetUnicodeCategory(rune)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                );
            text.Append(drawable ? rune.ToString() : "\uFFFD");
        }
        return text.ToString();
    }

    private static DiagramNode Create(LayerSpec layer, string name, Shape input)
    {
        var parameters = layer
            .Lower(name, input)
            .SelectMany(kernel => kernel.SelfAndDescendants())
            .SelectMany(kernel => kernel.Parameters)
            .Sum(parameter => parameter.Shape.Size);
        var node = new DiagramNode(layer, Drawable(name), input, layer.InferShape(input), parameters);
        if (layer is not ResidualBlock block)
            return node;
        var projection = block.Projection(input, node.Output);
        return node with
        {
            Body = List(block.Layers, input),
            Projection = projection is null ? null : Create(projection, "projection", input),
        };
    }
}
