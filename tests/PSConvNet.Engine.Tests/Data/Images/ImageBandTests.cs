using SkiaSharp;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data.Images;

/// <summary>Pictures that are decoded some rows at a time: what comes out, and what memory it takes.</summary>
public sealed class ImageBandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds =>
        [
            "grey 1",
            "grey 2",
            "grey 16",
            "colour 8",
            "colour 16",
            "palette",
            "alpha",
            "bmp",
            "jpeg",
            "progressive",
            "gif",
            "webp",
        ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_are_those_of_the_picture_as_a_whole_however_few_are_decoded_at_a_time(string kind)
    {
        var file = File(kind);
        using var whole = SKBitmap.Decode(file, new SKImageInfo(17, 11, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        var decoding = ImageLayout.Of(ImageSignature.Of(file)!.Format!.Value, file).Decoding;

        foreach (var rowsAtATime in (int[])[1, 3, 11])
        {
            var rows = new ImageRows(codec, decoding, rowsAtATime * 17 * 4);
            var seen = new byte[11 * 17 * 4];
            var result = rows.Decode(
                (y, row) =>
                {
                    for (var i = 0; i < 17 * 4; i++)
                        seen[y * 17 * 4 + i] =
                            !rows.IsGrey ? row[i]
                            : i % 4 == 3 ? byte.MaxValue
                            : row[i / 4];
                }
            );

            Assert.Equal(SKCodecResult.Success, result);
            Assert.Equal(whole.GetPixelSpan().ToArray(), seen);
        }
    }

    [Fact]
    public void A_tall_picture_of_six_kilobytes_takes_the_memory_of_a_band_and_two_rows()
    {
        // 49.8 million pixels, within the limit; floats of all its rows in the new width would be 200 MB.
        var path = _folder.Write("tall.png", HandMade.Png(760, 65_535, 1, 0, _ => new byte[95]));
        var memory = new ImageMemory();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var pixels = ImageFile.Read(path, new Shape(256, 256, 3), invert: true, memory);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(-1, pixels.AsSpan().IndexOfAnyExcept(byte.MaxValue));
        Assert.InRange(memory.Decoding.Peak, 1, ImageRows.BandMemory + (8 << 20));
        // What is managed is what was counted without the band, which is native.
        Assert.InRange(allocated, 1, memory.Decoding.Peak - 760 * 65_535 + (1 << 20));
    }

    [Fact]
    public void A_wide_picture_takes_as_little()
    {
        var path = _folder.Write("wide.png", HandMade.Png(65_535, 760, 1, 0, _ => new byte[8192]));
        var memory = new ImageMemory();
        var before = GC.GetAllocatedBytesForCurrentThread();

        ImageFile.Read(path, new Shape(64, 64, 3), invert: false, memory);

        Assert.InRange(memory.Decoding.Peak, 1, ImageRows.BandMemory + (8 << 20));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 8 << 20);
    }

    [Fact]
    public void What_cant_be_decoded_in_bands_is_refused_by_name_where_it_would_take_too_much()
    {
        var path = _folder.Write("large.png", HandMade.Png(7000, 7000, 16, 6, interlaced: true, [0]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<ConvNetException>(() => ImageFile.Read(path, new Shape(28, 28)));

        Assert.Equal("ImageFileInvalid", error.ErrorId);
        Assert.Contains(
            "decoding it would take 560 MB, and at most 512 MB are used",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1 << 20);
    }

    [Fact]
    public void Pictures_that_are_read_at_the_same_time_share_one_memory()
    {
        var path = _folder.Write("some.png", Encode(100, 100, (x, _) => Grey(x)));
        var memory = new ImageMemory { Decoding = new MemoryBudget(100_000) };

        Parallel.For(
            0,
            64,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            _ => ImageFile.Read(path, new Shape(8, 8), invert: false, memory)
        );

        // Each takes more than 40,000 bytes, so that two at a time have to do.
        Assert.InRange(memory.Decoding.Peak, 40_000, 100_000);
    }

    [Fact]
    public void Who_wants_more_than_there_is_gets_it_alone()
    {
        var budget = new MemoryBudget(10);
        var taken = 0;

        Parallel.For(
            0,
            50,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                using var lease = budget.Take(i % 5 == 0 ? 25 : 3);
                Interlocked.Increment(ref taken);
            }
        );

        Assert.Equal((50, 25L), (taken, budget.Peak));
    }

    private static byte[] File(string kind)
    {
        var random = new Random(7);
        byte[] Row(int length)
        {
            var row = new byte[length];
            random.NextBytes(row);
            return row;
        }
        byte[] Palette() => HandMade.Chunk("PLTE", Row(256 * 3));
        return kind switch
        {
            "grey 1" => HandMade.Png(17, 11, 1, 0, _ => Row(3)),
            "grey 2" => HandMade.Png(17, 11, 2, 0, _ => Row(5)),
            "grey 16" => HandMade.Png(17, 11, 16, 0, _ => Row(34)),
            "colour 8" => HandMade.Png(17, 11, 8, 2, _ => Row(51)),
            "colour 16" => HandMade.Png(17, 11, 16, 2, _ => Row(102)),
            "palette" => HandMade.Png(17, 11, 8, 3, _ => Row(17), Palette()),
            "alpha" => HandMade.Png(17, 11, 8, 6, _ => Row(68)),
            "bmp" => Bmp(17, 11, (x, y) => new SKColor((byte)(x * 15), (byte)(y * 23), (byte)(x ^ y))),
            "jpeg" => JpegFiles.Restarts,
            "progressive" => JpegFiles.Progressive,
            "gif" => HandMade.Gif(17, 11, (x, y) => (x * y) % 3 == 0),
            _ => Encode(17, 11, (x, y) => new SKColor((uint)(x * 7919 * (y + 1))), SKEncodedImageFormat.Webp),
        };
    }
}
