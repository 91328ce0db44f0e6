namespace PSConvNet.Drawing;

/// <summary>Finds a place for everything: the flow runs down one line, with each piece arranged around it.</summary>
internal static class DiagramLayout
{
    private const double Margin = 20;
    private const double TitleWidth = 420;

    /// <summary>The diagram as a picture.</summary>
    public static DiagramPicture Arrange(ModelDiagram diagram)
    {
        var picture = new DiagramPicture { Title = diagram.Title, Description = diagram.Description };
        var column = new ColumnPiece([
            BoxPiece.Plain("Input", diagram.InputShape),
            .. diagram.Nodes.Select(DiagramPiece.Of),
            BoxPiece.Plain("Output", diagram.Nodes[^1].Output),
        ]);
        StyledLine[] heading =
        [
            .. StyledLine.Wrap(diagram.Name, TextRole.Title, TitleWidth),
            .. StyledLine.Wrap(diagram.Facts, TextRole.Note, TitleWidth),
        ];
        var top = Margin + heading.Sum(line => line.Height) + 14;
        picture.Texts.AddRange(StyledLine.Stack(heading, Margin, Margin, TextAnchor.Start));
        var room = Math.Max(column.Left + column.Right, heading.Max(line => line.Width));
        // In the middle where the heading is wider than the network.
        var flow = Margin + column.Left + (room - column.Left - column.Right) / 2;
        column.Draw(picture, flow, top);
        picture.Width = Math.Ceiling(room + 2 * Margin);
        picture.Height = Math.Ceiling(top + column.Height + Margin);
        return picture;
    }
}
