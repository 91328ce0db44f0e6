using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>Draws pictures as pixels.</summary>
internal static class PngCanvas
{
    /// <summary>A PNG file's bytes.</summary>
    public static byte[] Write(CanvasPicture picture, double scale, bool dark)
    {
        var theme = dark ? Theme.Dark : Theme.Light;
        var info = new SKImageInfo(
            (int)Math.Ceiling(picture.Width * scale),
            (int)Math.Ceiling(picture.Height * scale),
            SKColorType.Rgba8888,
            SKAlphaType.Opaque
        );
        using var surface =
            SKSurface.Create(info)
            ?? throw new ConvNetException(
                ErrorIds.PictureTooLarge,
                ErrorKind.InvalidArgument,
                $"{picture.Title}: {info.Width} x {info.Height} pixels are more than can be drawn; show less at a time.",
                picture
            );
        surface.Canvas.Clear(theme.Page);
        surface.Canvas.Scale((float)scale);
        picture.Draw(new Pen(surface.Canvas, theme));
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
