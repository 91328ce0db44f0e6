namespace PSConvNet.Data;

/// <summary>
/// From a pixel of the result to a place in the image: x' = Xx x + Xy y + X0, y' = Yx x + Yy y + Y0. Whole numbers are the centres of
/// pixels, x to the right and y down.
/// </summary>
internal readonly record struct AffineMap(float Xx, float Xy, float X0, float Yx, float Yy, float Y0)
{
    /// <summary>Leaves everything where it is.</summary>
    public static AffineMap Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>
    /// The inverse of: mirror, scale, shear along the rows and turn about the image's centre, then shift.
    /// </summary>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="motion">What is done to the image.</param>
    public static AffineMap Inverse(int height, int width, in Motion motion)
    {
        var (sin, cos) = Math.SinCos(motion.Turn * (Math.PI / 180));
        var slant = Math.Tan(motion.Shear * (Math.PI / 180));
        // Turned back, then sheared back: x loses the slant times y.
        var (yx, yy) = (-sin, cos);
        var (xx, xy) = (cos - slant * yx, sin - slant * yy);
        var across = (motion.Mirror ? -1 : 1) / motion.Scale;
        (xx, xy, yx, yy) = (xx * across, xy * across, yx / motion.Scale, yy / motion.Scale);
        var (centreX, centreY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        var (fromX, fromY) = (centreX + motion.Right, centreY + motion.Down);
        return new AffineMap(
            (float)xx,
            (float)xy,
            (float)(centreX - xx * fromX - xy * fromY),
            (float)yx,
            (float)yy,
            (float)(centreY - yx * fromX - yy * fromY)
        );
    }
}

/// <summary>How an image is moved.</summary>
/// <param name="Right">Pixels to the right.</param>
/// <param name="Down">Pixels down.</param>
/// <param name="Turn">Degrees, clockwise.</param>
/// <param name="Scale">How many times as large it gets.</param>
/// <param name="Shear">Degrees by which upright lines lean: with 45, each row goes a pixel further than the one above it.</param>
/// <param name="Mirror">Whether left and right are exchanged, first of all.</param>
internal readonly record struct Motion(
    double Right,
    double Down,
    double Turn,
    double Scale = 1,
    double Shear = 0,
    bool Mirror = false
);
