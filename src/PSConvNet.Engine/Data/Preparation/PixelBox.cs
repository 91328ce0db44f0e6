namespace PSConvNet.Data;

/// <summary>A rectangle of a picture, in pixels.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">How many columns.</param>
/// <param name="Height">How many rows.</param>
public sealed record PixelBox(int Left, int Top, int Width, int Height)
{
    /// <summary>The column after the last one.</summary>
    internal int Right => Left + Width;

    /// <summary>The row after the last one.</summary>
    internal int Bottom => Top + Height;

    /// <summary>The longer side.</summary>
    internal int LongSide => Math.Max(Width, Height);

    /// <summary>The smallest box around this one and another.</summary>
    internal PixelBox With(PixelBox other)
    {
        var (left, top) = (Math.Min(Left, other.Left), Math.Min(Top, other.Top));
        return new PixelBox(left, top, Math.Max(Right, other.Right) - left, Math.Max(Bottom, other.Bottom) - top);
    }

    /// <summary>What of this box lies in a picture of a size.</summary>
    internal PixelBox Within(int width, int height)
    {
        var (left, top) = (Math.Max(0, Left), Math.Max(0, Top));
        return new PixelBox(left, top, Math.Min(width, Right) - left, Math.Min(height, Bottom) - top);
    }

    /// <summary>How many pixels lie between this box and another, across or down, whichever is more; negative where they overlap.</summary>
    internal int GapTo(PixelBox other) => Math.Max(GapAcross(other), GapDown(other));

    /// <summary>How many columns lie between this box and another; negative where they overlap.</summary>
    internal int GapAcross(PixelBox other) => Math.Max(Left, other.Left) - Math.Min(Right, other.Right);

    /// <summary>How many rows lie between this box and another; negative where they overlap.</summary>
    internal int GapDown(PixelBox other) => Math.Max(Top, other.Top) - Math.Min(Bottom, other.Bottom);

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($"{Width} x {Height} at {Left}, {Top}");
}
