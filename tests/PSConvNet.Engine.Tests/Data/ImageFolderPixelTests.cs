using SkiaSharp;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data;

/// <summary>What becomes of a picture's pixels.</summary>
public sealed class ImageFolderPixelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png")]
    [InlineData("bmp")]
    public void A_colour_picture_of_the_right_size_comes_back_pixel_by_pixel(string format)
    {
        // An odd width: rows of a BMP are then filled up.
        var file = format == "bmp" ? Bmp(5, 3, Color) : Encode(5, 3, Color);

        var pixels = Read(file, 3, 5, color: true);

        for (var y = 0; y < 3; y++)
        for (var x = 0; x < 5; x++)
        {
            var (c, at) = (Color(x, y), (y * 5 + x) * 3);
            Assert.Equal([c.Red, c.Green, c.Blue], pixels[at..(at + 3)]);
        }
    }

    [Theory]
    [InlineData("png")]
    [InlineData("bmp")]
    public void Grey_is_the_luma_of_Rec_601_and_grey_stays_what_it_is(string format)
    {
        SKColor Mixed(int x, int y) => y == 0 ? Color(x, y) : Grey(17 * x);
        var file = format == "bmp" ? Bmp(16, 2, Mixed) : Encode(16, 2, Mixed);

        var pixels = Read(file, 2, 16);

        for (var x = 0; x < 16; x++)
        {
            var c = Color(x, 0);
            Assert.Equal((int)(0.299 * c.Red + 0.587 * c.Green + 0.114 * c.Blue + 0.5), pixels[x]);
            Assert.Equal(17 * x, pixels[16 + x]);
        }
    }

    [Theory]
    [InlineData(1, 1, 28, 28)]
    [InlineData(640, 480, 28, 28)]
    [InlineData(7, 300, 31, 5)]
    [InlineData(28, 28, 64, 96)]
    public void A_picture_of_one_colour_stays_so_at_every_size(int width, int height, int newHeight, int newWidth)
    {
        var pixels = Read(Encode(width, height, (_, _) => new SKColor(201, 7, 98)), newHeight, newWidth, color: true);

        Assert.All(pixels.Chunk(3), pixel => Assert.Equal([201, 7, 98], pixel));
    }

    [Fact]
    public void A_ramp_of_twice_the_width_is_the_ramp_of_the_means_of_neighbours()
    {
        // Level 4 x at column x: columns 2 i and 2 i + 1 have the mean 8 i + 2, and any symmetric filter gives it.
        var pixels = Read(Encode(56, 56, (x, _) => Grey(4 * x)), 28, 28);

        for (var y = 0; y < 28; y++)
        for (var i = 1; i < 27; i++)
            Assert.Equal(8 * i + 2, pixels[y * 28 + i]);
    }

    [Fact]
    public void A_picture_is_stretched_to_the_size_whatever_its_sides()
    {
        // A frame of black around white, four times as wide as high: all four sides are still there.
        var pixels = Read(
            Encode(112, 28, (x, y) => x < 16 || x >= 96 || y < 4 || y >= 24 ? SKColors.Black : SKColors.White),
            28,
            28
        );

        Assert.Equal(
            [0, 0, 0, 0, 255],
            [pixels[14], pixels[27 * 28 + 14], pixels[14 * 28], pixels[14 * 28 + 27], pixels[14 * 28 + 14]]
        );
    }

    [Fact]
    public void Transparent_places_are_white_and_inverting_comes_after()
    {
        var file = Encode(2, 1, (x, _) => x == 0 ? SKColors.Transparent : new SKColor(0, 0, 0, 128));

        Assert.Equal([255, 127], Read(file, 1, 2));
        Assert.Equal([0, 128], Read(file, 1, 2, invert: true));
    }

    // Exif 2.32, tag 274: which side of what is seen the stored first row and first column are.
    [Theory]
    [InlineData(1, 'a', 'b', 'c', 'd')]
    [InlineData(2, 'b', 'a', 'd', 'c')]
    [InlineData(3, 'd', 'c', 'b', 'a')]
    [InlineData(4, 'c', 'd', 'a', 'b')]
    [InlineData(5, 'a', 'c', 'b', 'd')]
    [InlineData(6, 'c', 'a', 'd', 'b')]
    [InlineData(7, 'd', 'b', 'c', 'a')]
    [InlineData(8, 'b', 'd', 'a', 'c')]
    public void A_photograph_is_turned_as_the_camera_noted(byte orientation, params char[] quarters)
    {
        // Stored: a b over c d, 32 wide and 16 high.
        var jpeg = Encode(32, 16, (x, y) => Grey((y / 8 * 2 + x / 16) * 80), SKEncodedImageFormat.Jpeg);
        var (height, width) = orientation < 5 ? (16, 32) : (32, 16);

        var pixels = Read(Oriented(jpeg, orientation), height, width);

        for (var i = 0; i < 4; i++)
        {
            var (y, x) = (height / 4 + i / 2 * height / 2, width / 4 + i % 2 * width / 2);
            var level = (quarters[i] - 'a') * 80;
            Assert.InRange(pixels[y * width + x], level - 8, level + 8);
        }
    }

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(1, 50_000_000)]
    [InlineData(50_000_000, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_picture_that_claims_to_be_huge_is_refused_before_any_memory_is_taken(int width, int height)
    {
        var path = _folder.Write("bomb.png", Claim(width, height));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<ConvNetException>(() => ImageFile.Read(path, new Shape(28, 28, 1)));

        Assert.Equal("ImageFileInvalid", error.ErrorId);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_large_picture_takes_no_more_managed_memory_than_a_few_of_its_rows()
    {
        // As floating-point numbers of three colours, 12 million pixels would be 144 MB.
        var path = _folder.Write("large.png", Encode(4000, 3000, (x, _) => Grey(x >> 4)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var pixels = ImageFile.Read(path, new Shape(25, 25, 3));

        // Several bands; the ramp of 250 levels is there from end to end, 10 levels a column.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        for (var x = 1; x < 24; x++)
            Assert.InRange(pixels[(12 * 25 + x) * 3], 10 * x + 4, 10 * x + 5);
    }

    private static SKColor Color(int x, int y) => new((byte)(x * 15), (byte)(255 - x * 13 - y), (byte)(y * 90 + x));

    private byte[] Read(byte[] file, int height, int width, bool color = false, bool invert = false)
    {
        _folder.Write("class/picture.png", file);
        var options = new ImageFolderOptions
        {
            Height = height,
            Width = width,
            Color = color,
            Invert = invert,
            TestSplit = 0,
        };
        return ImageFolder.Read(_folder.Path, options).Train.Pixels.ToArray();
    }
}
