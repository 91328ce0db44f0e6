namespace PSConvNet.Drawing;

/// <summary>Pieces below each other, with arrows between that name the shape of what flows.</summary>
internal sealed class ColumnPiece : DiagramPiece
{
    /// <summary>The height of an arrow between two pieces.</summary>
    public const double ArrowHeight = 34;

    private const double LabelDistance = 9;

    private readonly IReadOnlyList<DiagramPiece> _pieces;

    public ColumnPiece(IReadOnlyList<DiagramPiece> pieces)
    {
        _pieces = pieces;
        var layers = pieces.OfType<BoxPiece>().Where(box => box.IsLayer).ToList();
        var half = layers.Select(box => box.Left).DefaultIfEmpty().Max();
        layers.ForEach(box => box.Widen(2 * half));
        Left = pieces.Max(piece => piece.Left);
        Right = pieces.Max(piece => piece.Right);
        foreach (var piece in pieces.SkipLast(1))
            Right = Math.Max(Right, LabelRoom(piece.Output));
        Height = pieces.Sum(piece => piece.Height) + ArrowHeight * (pieces.Count - 1);
    }

    /// <inheritdoc />
    public override Shape Output => _pieces[^1].Output;

    /// <summary>What an arrow takes to the right that names a shape.</summary>
    public static double LabelRoom(Shape shape) => LabelDistance + Label(shape).Width;

    /// <summary>Draws an arrow that names the shape of what flows along it.</summary>
    public static void DrawArrow(DiagramPicture picture, double x, double y, Shape shape)
    {
        picture.Paths.Add(new PicturePath([(x, y), (x, y + ArrowHeight)], Arrow: true));
        var label = Label(shape);
        // A little above the middle: the arrowhead is below it.
        var top = y + (ArrowHeight - label.Height) / 2 - 2;
        picture.Texts.AddRange(StyledLine.Stack([label], x + LabelDistance, top, TextAnchor.Start));
    }

    /// <inheritdoc />
    public override void Draw(DiagramPicture picture, double x, double y)
    {
        for (var i = 0; i < _pieces.Count; i++)
        {
            if (i > 0)
            {
                DrawArrow(picture, x, y, _pieces[i - 1].Output);
                y += ArrowHeight;
            }
            _pieces[i].Draw(picture, x, y);
            y += _pieces[i].Height;
        }
    }

    private static StyledLine Label(Shape shape) => new(shape.ToString(), TextRole.Note);
}
