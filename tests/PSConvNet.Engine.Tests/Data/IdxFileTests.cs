using System.IO.Compression;

namespace PSConvNet.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_come_back_as_written(bool gzip)
    {
        var bytes = IdxBytes.Images(7, 5, 4);

        var images = IdxFile.ReadImages(_folder.Write("images", gzip ? IdxBytes.Gzip(bytes) : bytes));

        Assert.Equal((7, 5, 4), (images.Count, images.Height, images.Width));
        Assert.Equal(bytes[16..], images.Pixels);
        Assert.Equal(IdxBytes.Sha256(bytes), images.Sha256);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_come_back_as_written(bool gzip)
    {
        var bytes = IdxBytes.Labels(23);

        var labels = IdxFile.ReadLabels(_folder.Write("labels", gzip ? IdxBytes.Gzip(bytes) : bytes), 10);

        Assert.Equal(Enumerable.Range(0, 23).Select(i => i % 10), labels.Values);
        Assert.Equal(IdxBytes.Sha256(bytes), labels.Sha256);
    }

    [Fact]
    public void Images_larger_than_their_compressed_size_suggests_are_read_whole()
    {
        // Zeros compress 1000 : 1, so the buffer must grow several times.
        byte[] bytes = [.. IdxBytes.Header(0x803, 900, 28, 28), .. new byte[900 * 784]];

        var images = IdxFile.ReadImages(_folder.Write("images.gz", IdxBytes.Gzip(bytes)));

        Assert.Equal(bytes[16..], images.Pixels);
    }

    [Theory]
    [InlineData(0, "a header of 16 bytes", "0 bytes")]
    [InlineData(3, "a header of 16 bytes", "3 bytes")]
    [InlineData(15, "a header of 16 bytes", "15 bytes")]
    [InlineData(16, "140 bytes after the header", "0")]
    [InlineData(155, "140 bytes after the header", "139")]
    public void Truncated_images_are_refused(int length, string expected, string found)
    {
        var bytes = IdxBytes.Images(7, 5, 4)[..length];

        AssertInvalid(_folder.Write("images", bytes), ReadImages, expected, found);
        AssertInvalid(_folder.Write("images.gz", IdxBytes.Gzip(bytes)), ReadImages, expected, found);
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_is_refused()
    {
        var whole = IdxBytes.Gzip(IdxBytes.Images(2, 5, 4));
        for (var length = 2; length < whole.Length; length++)
            AssertInvalid(_folder.Write("images.gz", whole[..length]), ReadImages);
    }

    [Fact]
    public void Trailing_bytes_are_refused()
    {
        byte[] bytes = [.. IdxBytes.Images(7, 5, 4), 0];

        AssertInvalid(_folder.Write("images", bytes), ReadImages, "140 bytes after the header", "141");
        AssertInvalid(
            _folder.Write("images.gz", IdxBytes.Gzip(bytes)),
            ReadImages,
            "140 bytes after the header",
            "more"
        );
        byte[] behind = [.. IdxBytes.Gzip(bytes[..^1]), 1, 2, 3, 4, 5, 6, 7, 8];
        AssertInvalid(_folder.Write("images.gz", behind), ReadImages, "a gzip end", "after its end");
    }

    [Fact]
    public void The_wrong_kind_of_file_is_named()
    {
        var labels = _folder.Write("labels", IdxBytes.Labels(7));
        var images = _folder.Write("images", IdxBytes.Images(7));
        var page = _folder.Write("page", "<!DOCTYPE html><title>404</title>"u8.ToArray());

        AssertInvalid(labels, ReadImages, "0x00000803", "0x00000801 (IDX labels)");
        AssertInvalid(images, ReadLabels, "0x00000801", "0x00000803 (IDX images)");
        AssertInvalid(page, ReadImages, "0x00000803", "an HTML page");
    }

    [Theory]
    [InlineData(0u, 28u, 28u)]
    [InlineData(uint.MaxValue, 28u, 28u)]
    [InlineData(1u, 0u, 28u)]
    [InlineData(1u, 28u, 0u)]
    [InlineData(1u, 5000u, 28u)]
    [InlineData(2_000_000u, 28u, 28u)]
    [InlineData(1_000_000u, 28u, 28u)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue)]
    public void Sizes_that_lie_are_refused_without_allocating_them(uint count, uint height, uint width)
    {
        byte[] bytes = [.. IdxBytes.Header(0x803, count, height, width), .. new byte[100]];
        var plain = _folder.Write("images", bytes);
        var gzip = _folder.Write("images.gz", IdxBytes.Gzip(bytes));

        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertInvalid(plain, ReadImages);
        AssertInvalid(gzip, ReadImages);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Labels_out_of_range_are_refused()
    {
        var bytes = IdxBytes.Labels(20);
        bytes[8 + 13] = 10;

        AssertInvalid(_folder.Write("labels", bytes), ReadLabels, "labels from 0 to 9", "10 at position 13");
    }

    [Fact]
    public void A_gzip_bomb_is_refused_before_it_unfolds()
    {
        var honest = _folder.Write("honest.gz", Bomb(0x803, 200_000, 28, 28));
        var hidden = _folder.Write("hidden.gz", Bomb(0x803, 1, 28, 28));

        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertInvalid(honest, ReadImages, "at most", "a header that claims 156800000");
        AssertInvalid(hidden, ReadImages, "784 bytes after the header", "more");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Damaged_gzip_data_is_refused()
    {
        var bytes = IdxBytes.Gzip(IdxBytes.Images(50));
        bytes[bytes.Length / 2] ^= 0xFF;

        AssertInvalid(_folder.Write("images.gz", bytes), ReadImages);
    }

    [Fact]
    public void A_file_that_is_not_there_is_reported_as_such()
    {
        var error = Assert.Throws<ConvNetException>(() => IdxFile.ReadImages(Path.Combine(_folder.Path, "none")));

        Assert.Equal(("DataFileUnreadable", ErrorKind.NotFound), (error.ErrorId, error.Kind));
    }

    private static void ReadImages(string path) => IdxFile.ReadImages(path);

    private static void ReadLabels(string path) => IdxFile.ReadLabels(path, 10);

    private static void AssertInvalid(string path, Action<string> read, params string[] words)
    {
        var error = Assert.Throws<ConvNetException>(() => read(path));
        Assert.Equal("IdxFileInvalid", error.ErrorId);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    private static byte[] Bomb(params uint[] header)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Optimal))
        {
            gzip.Write(IdxBytes.Header(header));
            var zeros = new byte[784 * 1000];
            for (var i = 0; i < 200; i++)
                gzip.Write(zeros);
        }
        return result.ToArray();
    }
}
