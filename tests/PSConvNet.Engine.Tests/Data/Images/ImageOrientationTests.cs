using FsCheck.Fluent;
using SkiaSharp;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data.Images;

/// <summary>How the camera was held is in the EXIF of a PNG, a WebP and a JPEG alike.</summary>
public sealed class ImageOrientationTests : IDisposable
{
    // Exif 2.32, tag 274, of a picture that is stored as 1 2 3 over 4 5 6: where its first row and first column are seen.
    private static readonly byte[][][] s_upright =
    [
        [
            [1, 2, 3],
            [4, 5, 6],
        ],
        [
            [3, 2, 1],
            [6, 5, 4],
        ],
        [
            [6, 5, 4],
            [3, 2, 1],
        ],
        [
            [4, 5, 6],
            [1, 2, 3],
        ],
        [
            [1, 4],
            [2, 5],
            [3, 6],
        ],
        [
            [4, 1],
            [5, 2],
            [6, 3],
        ],
        [
            [6, 3],
            [5, 2],
            [4, 1],
        ],
        [
            [3, 6],
            [2, 5],
            [1, 4],
        ],
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png", true)]
    [InlineData("png", false)]
    [InlineData("png with JPEG's prefix", false)]
    [InlineData("webp", true)]
    [InlineData("webp", false)]
    [InlineData("webp with JPEG's prefix", true)]
    public void All_eight_ways_of_holding_the_camera_come_out_upright(string kind, bool isLittle)
    {
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var upright = s_upright[orientation - 1];
            byte[] exif =
            [
                .. kind.EndsWith("prefix", StringComparison.Ordinal) ? "Exif\0\0"u8 : [],
                .. HandMade.Exif(orientation, isLittle),
            ];

            Assert.Equal(
                upright.SelectMany(row => row.Select(level => level * 40)),
                Read(Stored(kind, exif), upright.Length, upright[0].Length)
            );
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_jpegs_way_is_read_in_both_orders_of_bytes_and_behind_other_segments(bool isLittle)
    {
        var plain = Encode(48, 32, (x, y) => Grey((1 + y / 16 * 3 + x / 16) * 40), SKEncodedImageFormat.Jpeg);
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var upright = s_upright[orientation - 1];
            var exif = HandMade.WithApp1(plain, [.. "Exif\0\0"u8, .. HandMade.Exif(orientation, isLittle)]);
            var jpeg = HandMade.WithApp1(exif, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. "<x/>"u8]);

            var seen = Read(jpeg, upright.Length * 16, upright[0].Length * 16);

            // The middle of each of the six fields.
            for (var y = 0; y < upright.Length; y++)
            for (var x = 0; x < upright[0].Length; x++)
                Assert.InRange(
                    seen[(16 * y + 8) * 16 * upright[0].Length + 16 * x + 8],
                    upright[y][x] * 40 - 3,
                    upright[y][x] * 40 + 3
                );
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65535)]
    public void A_number_that_is_none_of_the_eight_leaves_the_picture_as_it_is(int orientation) =>
        Assert.Equal(
            Read(Stored("png", []), 2, 3),
            Read(Stored("png", HandMade.Exif(orientation, isLittle: true)), 2, 3)
        );

    [Fact]
    public void No_damage_to_the_EXIF_fails_the_picture() =>
        FsCheck.Check.QuickThrowOnFailure(
            Prop.ForAll<byte[], byte, int>(
                (noise, value, at) =>
                {
                    var exif = HandMade.Exif(6, isLittle: value % 2 == 0);
                    exif[(int)((uint)at % exif.Length)] = value;
                    byte[][] blocks = [noise, [.. exif, .. noise], exif[..(int)((uint)at % exif.Length)]];
                    return blocks.All(block =>
                        ExifOrientation.Of(block) is >= 1 and <= 8
                        && Read(Stored("png", block), 2, 3).Length == 6
                        && Read(Stored("webp", block), 2, 3).Length == 6
                    );
                }
            )
        );

    private static byte[] Stored(string kind, byte[] exif) =>
        kind.StartsWith("png", StringComparison.Ordinal)
            ? HandMade.Png(3, 2, 8, 0, y => y == 0 ? [40, 80, 120] : [160, 200, 240], HandMade.Chunk("eXIf", exif))
            : HandMade.Webp(Encode(3, 2, (x, y) => Grey((1 + 3 * y + x) * 40), SKEncodedImageFormat.Webp), 3, 2, exif);

    private int[] Read(byte[] file, int height, int width) =>
        [.. ImageFile.Read(_folder.Write("picture", file), new Shape(height, width)).Select(level => (int)level)];
}
