using System.Globalization;
using System.Text;

namespace PSConvNet.Drawing;

/// <summary>A layer as a diagram shows it.</summary>
/// <param name="layer">The layer in its place.</param>
internal sealed class DiagramNode(CompiledLayer layer)
{
    /// <summary>Its description.</summary>
    public LayerSpec Layer => layer.Layer;

    /// <summary>Its name within what holds it, fit to be drawn.</summary>
    public string Name { get; } = Drawable(layer.Name);

    /// <summary>The shape of a sample after it.</summary>
    public Shape Output => layer.Output;

    /// <summary>How many numbers it holds, trained or not.</summary>
    public int Parameters { get; } = layer.ParameterCount;

    /// <summary>Whether it is a block, which is drawn as its layers and a sum.</summary>
    public bool IsBlock => Body.Count > 0;

    /// <summary>The layers within a residual block, first to last; empty for any other layer.</summary>
    public IReadOnlyList<DiagramNode> Body { get; } = [.. layer.Body.Select(inner => new DiagramNode(inner))];

    /// <summary>What a residual block's input goes through before it is added, or null.</summary>
    public DiagramNode? Projection { get; } = layer.Projection is null ? null : new DiagramNode(layer.Projection);

    /// <summary>What is applied to a residual block's sum.</summary>
    public Activation SumActivation => layer.Activation?.Activation ?? Activation.None;

    /// <summary>The name that the user gave it, or null.</summary>
    public string? GivenName => Layer.Name is null ? null : Name;

    /// <summary>The parameters in words: <c>18,496 parameters</c>; empty where there are none.</summary>
    public string ParameterWords => Parameters == 0 ? "" : Counted.Of(Parameters, "parameter");

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
}
