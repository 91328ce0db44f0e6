namespace PSConvNet.Drawing;

/// <summary>A residual block: a frame with its layers, the way around them on the right, and the sum of both.</summary>
internal sealed class BlockPiece : DiagramPiece
{
    private const double Padding = 14;
    private const double TitleMost = 180;
    private const double Branch = 22;
    private const double LaneDistance = 24;
    private const double LabelDistance = 8;

    private static readonly StyledLine s_skip = new("skip", TextRole.Note);

    private readonly DiagramNode _block;
    private readonly IReadOnlyList<StyledLine> _title;
    private readonly ColumnPiece _body;
    private readonly BoxPiece? _projection;
    private readonly BoxPiece _sum;
    private readonly double _titleHeight;
    private readonly double _bodyHeight;
    private readonly double _lane;

    public BlockPiece(DiagramNode block)
    {
        _block = block;
        _title = [.. StyledLine.Wrap(block.Name, TextRole.Name, TitleMost)];
        _body = new ColumnPiece([.. block.Body.Select(Of)]);
        _projection = block.Projection is null ? null : new BoxPiece(block.Projection);
        var activation = block.SumActivation;
        _sum = BoxPiece.Plain(activation == Activation.None ? "Sum" : $"Sum, {activation}", block.Output);

        var bodyRight = Math.Max(Math.Max(_body.Right, _sum.Right), ColumnPiece.LabelRoom(block.Output));
        _lane = bodyRight + LaneDistance + (_projection?.Left ?? 0);
        Right = _lane + (_projection?.Right ?? LabelDistance + s_skip.Width) + Padding;
        // The name stands left of the line that comes in.
        Left =
            Math.Max(
                Math.Max(_body.Left, _sum.Left),
                _title.Select(line => line.Width).DefaultIfEmpty().Max() + LabelDistance
            ) + Padding;
        _titleHeight = Padding + _title.Sum(line => line.Height) + 4;
        _bodyHeight = Math.Max(_body.Height, _projection?.Height ?? 0);
        Height = _titleHeight + Branch + _bodyHeight + ColumnPiece.ArrowHeight + _sum.Height + Padding;
    }

    /// <inheritdoc />
    public override Shape Output => _block.Output;

    /// <inheritdoc />
    public override void Draw(DiagramPicture picture, double x, double y)
    {
        picture.Frames.Add(new PictureFrame(x - Left, y, Left + Right, Height, _block.Name));
        picture.Texts.AddRange(StyledLine.Stack(_title, x - Left + Padding, y + Padding, TextAnchor.Start));

        var fork = y + _titleHeight;
        var body = fork + Branch;
        var bodyEnd = body + _bodyHeight;
        var sum = bodyEnd + ColumnPiece.ArrowHeight;
        picture.Paths.Add(new PicturePath([(x, y), (x, body)], Arrow: true));
        _body.Draw(picture, x, body);
        // Where the box on the way around is the taller one, the line down from the body is longer.
        if (_body.Height < _bodyHeight)
            picture.Paths.Add(new PicturePath([(x, body + _body.Height), (x, bodyEnd)], Arrow: false));
        ColumnPiece.DrawArrow(picture, x, bodyEnd, _body.Output);
        DrawWayAround(picture, x, fork, (body + bodyEnd) / 2, sum + _sum.Height / 2);
        _sum.Draw(picture, x, sum);
        picture.Paths.Add(new PicturePath([(x, sum + _sum.Height), (x, y + Height)], Arrow: false));
    }

    private void DrawWayAround(DiagramPicture picture, double x, double fork, double middle, double sum)
    {
        var lane = x + _lane;
        var target = (x + _sum.Right, sum);
        if (_projection is null)
        {
            picture.Paths.Add(new PicturePath([(x, fork), (lane, fork), (lane, sum), target], Arrow: true));
            picture.Texts.AddRange(
                StyledLine.Stack([s_skip], lane + LabelDistance, middle - s_skip.Height / 2, TextAnchor.Start)
            );
            return;
        }
        var top = middle - _projection.Height / 2;
        picture.Paths.Add(new PicturePath([(x, fork), (lane, fork), (lane, top)], Arrow: true));
        _projection.Draw(picture, lane, top);
        picture.Paths.Add(new PicturePath([(lane, top + _projection.Height), (lane, sum), target], Arrow: true));
    }
}
