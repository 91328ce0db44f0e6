using PSConvNet.Benchmarks.Fuzzing.Mutations;
using SkiaSharp;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>Pictures: PNG, JPEG, WebP, BMP and GIF, read as samples, to be shown and to be prepared.</summary>
internal sealed class PictureTarget() : FuzzTarget("picture", new PictureMutation(), "ImageFileInvalid")
{
    private const int Side = 12;
    private const int Header = 54;
    private static readonly Shape s_shape = new(8, 8, 3);

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds()
    {
        using var bitmap = new SKBitmap(Side, Side);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 20), (byte)(y * 20), (byte)(x * y), (byte)(255 - x)));
        }
        foreach (
            var format in (SKEncodedImageFormat[])
                [SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp]
        )
        {
            using var data = bitmap.Encode(format, 80);
            yield return data.ToArray();
        }
        yield return Bmp();
        // The smallest GIF there is: one pixel.
        yield return Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
    }

    /// <inheritdoc />
    public override object? Read(byte[] input, string path)
    {
        var sample = ImageFile.Read(path, s_shape);
        var (thumbnail, picture) = (ImageFile.ReadThumbnail(path, Side), ImageFile.ReadPicture(path, Side));
        return (sample.Length, thumbnail.Pixels.Length, thumbnail.Shape.Size, picture.Width * picture.Height);
    }

    /// <inheritdoc />
    public override void Check(object read)
    {
        var (sample, shown, shape, _) = ((int, int, int, int))read;
        Require(sample == s_shape.Size && shown == shape, "there are as many pixels as the shape has");
    }

    private static byte[] Bmp()
    {
        var bmp = new byte[Header + Side * Side * 3];
        "BM"u8.CopyTo(bmp);
        BitConverter.TryWriteBytes(bmp.AsSpan(2), bmp.Length);
        bmp[10] = Header;
        bmp[14] = 40;
        bmp[18] = Side;
        bmp[22] = Side;
        bmp[26] = 1;
        bmp[28] = 24;
        for (var i = Header; i < bmp.Length; i++)
            bmp[i] = (byte)(i * 7);
        return bmp;
    }
}
