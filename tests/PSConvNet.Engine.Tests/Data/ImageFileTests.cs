using SkiaSharp;

namespace PSConvNet.Tests.Data;

public sealed class ImageFileTests : IDisposable
{
    private static readonly SKColor[] s_fourColors = [SKColors.Red, SKColors.Lime, SKColors.Blue, SKColors.White];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_png_of_the_right_size_comes_back_pixel_by_pixel()
    {
        var path = Encode(2, 2, (x, y) => s_fourColors[y * 2 + x]);

        Assert.Equal([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255], ImageFile.Read(path, new Shape(2, 2, 3)));
    }

    [Fact]
    public void Grey_is_the_luma_of_Rec_601()
    {
        var path = Encode(2, 2, (x, y) => s_fourColors[y * 2 + x]);

        // 0.299, 0.587 and 0.114 of 255.
        Assert.Equal([76, 150, 29, 255], ImageFile.Read(path, new Shape(2, 2)));
        Assert.Equal([76, 150, 29, 255], ImageFile.Read(path, new Shape(2, 2, 1)));
    }

    [Fact]
    public void Inverting_turns_dark_on_light_into_light_on_dark()
    {
        var path = Encode(3, 1, (x, _) => new SKColor((byte)(x * 100), (byte)(x * 100), (byte)(x * 100)));

        Assert.Equal([255, 155, 55], ImageFile.Read(path, new Shape(1, 3), invert: true));
    }

    [Fact]
    public void Transparent_places_are_white_paper()
    {
        var path = Encode(2, 1, (x, _) => x == 0 ? SKColors.Transparent : new SKColor(0, 0, 0, 128));

        Assert.Equal([255, 127], ImageFile.Read(path, new Shape(1, 2)));
    }

    [Fact]
    public void A_bmp_written_by_hand_is_read()
    {
        // 2 x 1 pixels of 24 bits, blue first, rows padded to four bytes: red, then white.
        byte[] bmp =
        [
            .. "BM"u8,
            62,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            54,
            0,
            0,
            0,
            40,
            0,
            0,
            0,
            2,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            1,
            0,
            24,
            0,
            0,
            0,
            0,
            0,
            8,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            255,
            255,
            255,
            255,
            0,
            0,
        ];

        Assert.Equal([255, 0, 0, 255, 255, 255], ImageFile.Read(_folder.Write("a.bmp", bmp), new Shape(1, 2, 3)));
    }

    [Fact]
    public void A_jpeg_comes_back_nearly_so()
    {
        int[] color = [200, 100, 50];
        var path = Encode(16, 16, (_, _) => new SKColor(200, 100, 50), SKEncodedImageFormat.Jpeg);

        var pixels = ImageFile.Read(path, new Shape(16, 16, 3));

        for (var i = 0; i < pixels.Length; i++)
            Assert.InRange(pixels[i], color[i % 3] - 4, color[i % 3] + 4);
    }

    [Fact]
    public void A_photograph_taken_sideways_is_turned_upright()
    {
        // Left half black, right half white; orientation 6 says: turn a quarter clockwise, so black comes on top.
        var plain = File.ReadAllBytes(
            Encode(32, 32, (x, _) => x < 16 ? SKColors.Black : SKColors.White, SKEncodedImageFormat.Jpeg)
        );
        byte[] exif =
        [
            0xFF,
            0xE1,
            0,
            34,
            .. "Exif\0\0"u8,
            .. "II*\0"u8,
            8,
            0,
            0,
            0,
            1,
            0,
            0x12,
            1,
            3,
            0,
            1,
            0,
            0,
            0,
            6,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        var path = _folder.Write("turned.jpg", [.. plain[..2], .. exif, .. plain[2..]]);

        var pixels = ImageFile.Read(path, new Shape(2, 2));

        Assert.InRange(Math.Max(pixels[0], pixels[1]), 0, 60);
        Assert.InRange(Math.Min(pixels[2], pixels[3]), 195, 255);
    }

    [Fact]
    public void A_thin_line_survives_a_large_reduction()
    {
        // One row in a hundred is black; picking every hundredth pixel would mostly miss it.
        var path = Encode(100, 1000, (_, y) => y % 100 == 37 ? SKColors.Black : SKColors.White);

        var pixels = ImageFile.Read(path, new Shape(10, 10));

        Assert.All(pixels, p => Assert.InRange(p, (byte)245, (byte)254));
    }

    [Fact]
    public void Files_that_are_no_pictures_are_refused()
    {
        var text = _folder.Write("text.png", "not a picture"u8.ToArray());
        var empty = _folder.Write("empty.png", []);
        var whole = File.ReadAllBytes(Encode(64, 64, (x, y) => new SKColor((byte)(x * y), (byte)x, (byte)y)));
        var cut = _folder.Write("cut.png", whole[..(whole.Length / 2)]);

        foreach (var path in (string[])[text, empty, cut])
        {
            var error = Assert.Throws<ConvNetException>(() => ImageFile.Read(path, new Shape(8, 8)));
            Assert.Equal("ImageFileInvalid", error.ErrorId);
            Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_decompression_bomb_is_refused_by_its_header()
    {
        // A PNG header may claim 60,000 x 60,000 pixels in 33 bytes; the checksum must be right to be believed.
        byte[] header = [.. "IHDR"u8, 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0];
        byte[] png =
        [
            0x89,
            .. "PNG\r\n"u8,
            0x1A,
            0x0A,
            0,
            0,
            0,
            13,
            .. header,
            .. IdxBytes.Header(Crc32(header)),
            0,
            0,
            0,
            0,
            .. "IDAT"u8,
            .. IdxBytes.Header(Crc32("IDAT"u8)),
        ];
        var path = _folder.Write("bomb.png", png);

        var error = Assert.Throws<ConvNetException>(() => ImageFile.Read(path, new Shape(28, 28)));

        Assert.Equal("ImageFileInvalid", error.ErrorId);
        Assert.Contains("60000 x 60000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_picture_and_an_impossible_shape_have_errors_of_their_own()
    {
        var missing = Assert.Throws<ConvNetException>(() =>
            ImageFile.Read(Path.Combine(_folder.Path, "no.png"), new Shape(2, 2))
        );
        var flat = Assert.Throws<ConvNetException>(() => ImageFile.Read("any.png", new Shape(784)));
        var four = Assert.Throws<ConvNetException>(() => ImageFile.Read("any.png", new Shape(8, 8, 4)));

        Assert.Equal(("FileNotFound", ErrorKind.NotFound), (missing.ErrorId, missing.Kind));
        Assert.Equal("ImageShapeUnsupported", flat.ErrorId);
        Assert.Equal("ImageShapeUnsupported", four.ErrorId);
    }

    [Fact]
    public void Resizing_to_the_same_size_changes_nothing_and_a_plain_colour_stays()
    {
        float[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        Assert.Equal(pixels, ImageResampler.Resize(pixels, 2, 3, 2, 2, 3));

        var plain = ImageResampler.Resize([.. Enumerable.Repeat(42f, 17 * 13)], 17, 13, 1, 5, 29);
        Assert.All(plain, p => Assert.Equal(42f, p, 1e-3f));
    }

    [Fact]
    public void Halving_weighs_the_neighbours_as_Pillow_does()
    {
        // Triangle of reach 2 around 2.0 (of pixel centres 0.5 .. 3.5, and 4.5 at weight 0): 1/8, 3/8, 3/8, 1/8 inside;
        // at the edge 3/7, 3/7, 1/7.
        float[] row = [0, 80, 160, 80, 240, 40];

        var half = ImageResampler.Resize(row, 1, 6, 1, 1, 3);

        Assert.Equal((3 * 0 + 3 * 80 + 160) / 7f, half[0], 1e-3f);
        Assert.Equal((80 + 3 * 160 + 3 * 80 + 240) / 8f, half[1], 1e-3f);
        Assert.Equal((80 + 3 * 240 + 3 * 40) / 7f, half[2], 1e-3f);
    }

    private string Encode(
        int width,
        int height,
        Func<int, int, SKColor> color,
        SKEncodedImageFormat format = SKEncodedImageFormat.Png
    )
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            bitmap.SetPixel(x, y, color(x, y));
        using var data = bitmap.Encode(format, 100);
        return _folder.Write($"{Guid.NewGuid():N}.{format}", data.ToArray());
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var k = 0; k < 8; k++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
