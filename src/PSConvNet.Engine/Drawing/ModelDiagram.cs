using System.Text;
using PSConvNet.Drawing;
using PSConvNet.Files;

namespace PSConvNet;

/// <summary>
/// A network as a picture: its layers from top to bottom with shapes and numbers of parameters, and the ways around residual blocks.
/// </summary>
public sealed class ModelDiagram
{
    /// <summary>Reads what is drawn off a model; its weights are not touched.</summary>
    /// <param name="model">The model.</param>
    public ModelDiagram(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Name = DiagramNode.Drawable(model.Name);
        InputShape = model.InputShape;
        Nodes = DiagramNode.List(model.Layers, model.InputShape);
        Facts =
            $"{model.InputShape} -> {model.OutputShape}, {DiagramNode.Count(model.Layers.Length, "layer")}, {DiagramNode.Count(model.ParameterCount, "parameter")}";
    }

    /// <summary>The model's name.</summary>
    internal string Name { get; }

    /// <summary>What is said of the model as a whole: shapes, layers, parameters.</summary>
    internal string Facts { get; }

    /// <summary>The shape of one sample.</summary>
    internal Shape InputShape { get; }

    /// <summary>The layers, first to last.</summary>
    internal IReadOnlyList<DiagramNode> Nodes { get; }

    /// <summary>The diagram in a format.</summary>
    /// <param name="format">Text for a terminal of 80 columns, SVG, or Mermaid.</param>
    /// <returns>Lines ending in a line feed, but for the last, which ends in none.</returns>
    public string ToString(DiagramFormat format) =>
        format switch
        {
            DiagramFormat.Text => ToText(),
            DiagramFormat.Svg => ToSvg(),
            DiagramFormat.Mermaid => ToMermaid(),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
        };

    /// <summary>Writes the diagram to a file in UTF-8; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <param name="format">The format.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Save(string path, DiagramFormat format) =>
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToString(format) + "\n")));

    /// <summary>A line a layer, for a terminal: the flow on the left, then kind and settings, output shape and parameters.</summary>
    /// <param name="width">The columns there are; settings that don't fit go on in the next line. At least 60.</param>
    public string ToText(int width = 80)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 60);
        return new DiagramText(this, width).ToString();
    }

    /// <summary>A Mermaid flowchart.</summary>
    public string ToMermaid() => new DiagramMermaid(this).ToString();

    /// <summary>
    /// An SVG element with its size in pixels, a title and a description for screen readers, and colours for light and dark; it refers
    /// to nothing outside itself.
    /// </summary>
    public string ToSvg() => DiagramSvg.Write(DiagramLayout.Arrange(this));

    /// <summary>The diagram as text.</summary>
    public override string ToString() => ToText();
}
