using SkiaSharp;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data.Images;

/// <summary>Files that end early, at any byte.</summary>
public sealed class ImageCutTests : IDisposable
{
    private static readonly byte[] s_end = [0xFF, 0xD9];

    private static readonly Dictionary<string, Func<byte[]>> s_files = new()
    {
        ["png"] = () => Encode(13, 9, Noise),
        ["interlaced png"] = () => HandMade.Png(1, 1, 8, 0, interlaced: true, Zlib([0, 77])),
        ["bmp"] = () => Bmp(5, 7, Noise),
        ["gif"] = () => HandMade.Gif(9, 7, (x, y) => (x ^ y) % 2 == 0),
        ["gif of three frames"] = () => HandMade.Gif(5, 4, (x, _) => x > 1, frames: 3),
        ["webp"] = () => Encode(13, 9, Noise, SKEncodedImageFormat.Webp),
        ["jpeg"] = () => Encode(17, 11, Noise, SKEncodedImageFormat.Jpeg),
        ["jpeg with restarts"] = () => JpegFiles.Restarts,
        ["jpeg of several scans"] = () => JpegFiles.SeveralScans,
        ["progressive jpeg"] = () => JpegFiles.Progressive,
        ["progressive jpeg with restarts"] = () => JpegFiles.ProgressiveRestarts,
        ["progressive grey jpeg"] = () => JpegFiles.ProgressiveGrey,
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => [.. s_files.Keys];

    public static TheoryData<string> Jpegs =>
        [.. s_files.Keys.Where(kind => kind.Contains("jpeg", StringComparison.Ordinal))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_whole_file_is_read_whatever_follows_it_and_a_cut_one_is_refused(string kind)
    {
        var whole = s_files[kind]();

        Assert.True(IsRead(whole));
        Assert.True(IsRead([.. whole, .. "phones append films"u8, .. s_end]));
        Assert.DoesNotContain(Enumerable.Range(0, whole.Length), length => IsRead(whole[..length]));
    }

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void A_jpeg_that_was_cut_within_a_scan_is_refused_though_it_was_given_an_end(string kind)
    {
        const byte huffman = 0xC4;
        const byte scan = 0xDA;
        var whole = s_files[kind]();

        int[] read =
        [
            .. Enumerable.Range(0, whole.Length - s_end.Length).Where(length => IsRead([.. whole[..length], .. s_end])),
        ];

        // A progressive file may leave out scans that refine it: all of the picture is there, and coarser. Of others there is none to leave out.
        Assert.Equal(kind.StartsWith("progressive", StringComparison.Ordinal), read.Length > 0);
        // A marker's first byte alone, before that of the end, is a filling byte.
        Assert.All(
            read.Select(length => whole[length] == 0xFF ? length : length - 1),
            at => Assert.True(whole[at] == 0xFF && whole[at + 1] is huffman or scan)
        );
    }

    [Theory]
    [MemberData(nameof(Jpegs))]
    public void A_jpeg_that_was_cut_between_two_scans_is_read_where_every_coefficient_has_come(string kind)
    {
        var whole = s_files[kind]();
        var components = new Dictionary<byte, HashSet<int>>();
        var cuts = 0;
        for (var at = 2; at < whole.Length - s_end.Length; )
        {
            // Between segments, and then within a scan, in which only other markers and zero follow this byte.
            if (whole[at] != 0xFF || whole[at + 1] is 0 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                at++;
                continue;
            }
            var segment = whole.AsSpan(at + 4);
            if (whole[at + 1] is 0xC0 or 0xC2)
            {
                for (var i = 0; i < segment[5]; i++)
                    components[segment[6 + 3 * i]] = [];
            }
            if (whole[at + 1] == 0xDA)
            {
                var isWhole = components.Values.All(came => came.Count == 64);
                Assert.True(IsRead([.. whole[..at], .. s_end]) == isWhole, $"cut at {at}");
                cuts++;
                var (count, isFirst) = (segment[0], segment[3 + 2 * segment[0]] >> 4 == 0);
                for (var i = 0; isFirst && i < count; i++)
                {
                    for (var k = (int)segment[1 + 2 * count]; k <= segment[2 + 2 * count]; k++)
                        components[segment[1 + 2 * i]].Add(k);
                }
            }
            at += 2 + 256 * whole[at + 2] + whole[at + 3];
        }

        Assert.All(components.Values, came => Assert.Equal(64, came.Count));
        Assert.InRange(cuts, 1, 100);
    }

    /// <summary>The standard doesn't ask for all bits of all coefficients, and libjpeg writes such files where it is asked for them.</summary>
    [Fact]
    public void A_progressive_jpeg_without_the_scans_that_refine_it_is_nearly_the_whole_one()
    {
        var whole = JpegFiles.Progressive;
        var coarse = Enumerable
            .Range(0, whole.Length - s_end.Length)
            .Last(length => IsRead([.. whole[..length], .. s_end]));
        var shape = new Shape(11, 17);

        var levels = ImageFile.Read(_folder.Write("whole", whole), shape);
        var coarser = ImageFile.Read(_folder.Write("coarse", [.. whole[..coarse], .. s_end]), shape);

        Assert.NotEqual(levels, coarser);
        Assert.InRange(levels.Zip(coarser, (a, b) => Math.Abs(a - b)).Average(), 0, 12);
    }

    [Fact]
    public void A_cut_gif_and_a_cut_png_are_refused_though_they_were_given_an_end()
    {
        var gif = HandMade.Gif(9, 7, (x, y) => (x ^ y) % 2 == 0);
        var pixels = Zlib([.. Enumerable.Range(0, 90).Select(i => (byte)(i % 10 == 0 ? 0 : i))]);

        // The last code says that the picture is done, which its pixels did before.
        Assert.DoesNotContain(Enumerable.Range(1, gif.Length - 6), length => IsRead([.. gif[..length], 0, 0x3B]));
        Assert.True(IsRead(HandMade.Png(9, 9, 8, 0, interlaced: false, pixels)));
        Assert.DoesNotContain(
            Enumerable.Range(1, pixels.Length - 5),
            length => IsRead(HandMade.Png(9, 9, 8, 0, interlaced: false, pixels[..length]))
        );
    }

    private static SKColor Noise(int x, int y) => new((byte)(x * 41 + y), (byte)(x * y * 7), (byte)(255 - x * 3));

    private static byte[] Zlib(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal))
            zlib.Write(content);
        return packed.ToArray();
    }

    private bool IsRead(byte[] file)
    {
        var path = _folder.Write("picture", file);
        try
        {
            return ImageFile.Read(path, new Shape(4, 4)).Length == 16;
        }
        catch (ConvNetException e) when (e.ErrorId == "ImageFileInvalid")
        {
            return false;
        }
    }
}
