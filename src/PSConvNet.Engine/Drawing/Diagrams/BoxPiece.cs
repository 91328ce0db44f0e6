namespace PSConvNet.Drawing;

/// <summary>A box: a layer, the input, the output, a sum.</summary>
internal sealed class BoxPiece : DiagramPiece
{
    private const double PaddingX = 14;
    private const double PaddingY = 8;
    private const double TextMost = 280;
    private const double LeastWidth = 96;

    private readonly IReadOnlyList<StyledLine> _lines;
    private readonly LayerFamily? _family;
    private readonly string? _layer;

    public BoxPiece(DiagramNode node)
        : this(
            [
                .. StyledLine.Wrap(node.Name, TextRole.Name, TextMost),
                .. StyledLine.Wrap(Words(node.Layer), TextRole.Body, TextMost),
                .. StyledLine.Wrap(node.ParameterWords, TextRole.Note, TextMost),
            ],
            node.Layer.Family,
            node.Name,
            node.Output
        ) { }

    private BoxPiece(IReadOnlyList<StyledLine> lines, LayerFamily? family, string? layer, Shape output)
    {
        (_lines, _family, _layer, Output) = (lines, family, layer, output);
        Widen(Math.Max(LeastWidth, lines.Max(line => line.Width) + 2 * PaddingX));
        Height = lines.Sum(line => line.Height) + 2 * PaddingY;
    }

    /// <inheritdoc />
    public override Shape Output { get; }

    /// <summary>A box that is no layer.</summary>
    public static BoxPiece Plain(string text, Shape output) => new([new(text, TextRole.Body)], null, null, output);

    /// <summary>Whether it is a layer, to be as wide as the others around it.</summary>
    public bool IsLayer => _layer is not null;

    /// <summary>Makes it as wide as its neighbours.</summary>
    public void Widen(double width) => Left = Right = width / 2;

    /// <inheritdoc />
    public override void Draw(DiagramPicture picture, double x, double y) =>
        picture.Boxes.Add(
            new PictureBox(
                x - Left,
                y,
                Left + Right,
                Height,
                _family,
                StyledLine.Stack(_lines, x, y + PaddingY, TextAnchor.Middle),
                _layer
            )
        );

    private static string Words(LayerSpec layer) =>
        layer.Settings.Length == 0 ? layer.Kind : $"{layer.Kind}: {TextWrap.Phrases(layer.Settings)}";
}
