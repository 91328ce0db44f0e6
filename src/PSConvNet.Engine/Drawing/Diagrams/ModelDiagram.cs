namespace PSConvNet.Drawing;

/// <summary>
/// A network as a picture: its layers from top to bottom with shapes and numbers of parameters, and the shortcuts around residual blocks.
/// </summary>
public sealed class ModelDiagram : CanvasPicture
{
    private readonly DiagramPicture _picture;

    /// <summary>Reads what is drawn off a model; its weights are not touched.</summary>
    /// <param name="model">The model.</param>
    public ModelDiagram(Model model)
        : this(
            DiagramNode.Drawable(Given(model).Name),
            $"{model.InputShape} -> {model.OutputShape}, {Counted.Of(model.Layers.Length, "layer")}, {Counted.Of(model.ParameterCount, "parameter")}",
            model.InputShape,
            [.. model.Network.Select(layer => new DiagramNode(layer))]
        ) { }

    private ModelDiagram(string name, string facts, Shape inputShape, IReadOnlyList<DiagramNode> nodes)
        : base($"{name}: {facts}", DiagramDescription.Of(inputShape, nodes))
    {
        (Name, Facts, InputShape, Nodes) = (name, facts, inputShape, nodes);
        _picture = DiagramLayout.Arrange(this);
    }

    /// <summary>The model's name.</summary>
    internal string Name { get; }

    /// <summary>What is said of the model as a whole: shapes, layers, parameters.</summary>
    internal string Facts { get; }

    /// <summary>The shape of one sample.</summary>
    internal Shape InputShape { get; }

    /// <summary>The layers, first to last.</summary>
    internal IReadOnlyList<DiagramNode> Nodes { get; }

    /// <inheritdoc />
    public override int Width => (int)_picture.Width;

    /// <inheritdoc />
    public override int Height => (int)_picture.Height;

    /// <inheritdoc />
    public override bool IsText => true;

    /// <inheritdoc />
    public override string ToString(PictureFormat format) =>
        format == PictureFormat.Mermaid ? ToMermaid() : base.ToString(format);

    private protected override string Endings => ".png, .svg, .html, .txt or .mmd";

    /// <summary>A line a layer: the flow on the left, then kind and settings, output shape and parameters.</summary>
    /// <param name="columns">The columns there are; settings that don't fit go on in the next line. Fewer than 60 are taken as 60.</param>
    /// <param name="colour">Changes nothing: the text has no colours.</param>
    public override string ToText(int columns = 80, bool colour = false) =>
        new DiagramText(this, Math.Max(columns, 60)).ToString();

    /// <summary>A Mermaid flowchart.</summary>
    public string ToMermaid() => new DiagramMermaid(this).ToString();

    /// <summary>
    /// An SVG element with its size in pixels, a title and a description for screen readers, and colours for light and dark; it refers
    /// to nothing outside itself.
    /// </summary>
    public override string ToSvg() => DiagramSvg.Write(_picture);

    internal override void Draw(Pen pen) => DiagramPainter.Draw(_picture, pen);

    private static Model Given(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model;
    }
}
