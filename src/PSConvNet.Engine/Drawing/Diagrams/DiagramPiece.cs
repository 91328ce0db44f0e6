namespace PSConvNet.Drawing;

/// <summary>A part of a picture that the flow goes through from top to bottom.</summary>
internal abstract class DiagramPiece
{
    /// <summary>What it takes to the left of the flow, in pixels.</summary>
    public double Left { get; private protected set; }

    /// <summary>What it takes to the right of the flow.</summary>
    public double Right { get; private protected set; }

    /// <summary>What it takes from where the flow comes in to where it goes out.</summary>
    public double Height { get; private protected set; }

    /// <summary>The shape of a sample after it.</summary>
    public abstract Shape Output { get; }

    /// <summary>Draws it with the flow coming in at a point.</summary>
    public abstract void Draw(DiagramPicture picture, double x, double y);

    /// <summary>A layer's piece.</summary>
    public static DiagramPiece Of(DiagramNode node) => node.IsBlock ? new BlockPiece(node) : new BoxPiece(node);
}
