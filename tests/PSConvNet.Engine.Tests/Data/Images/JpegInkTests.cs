namespace PSConvNet.Tests.Data.Images;

/// <summary>JPEGs of four inks, as presses have them.</summary>
public sealed class JpegInkTests : IDisposable
{
    private const int AdobeSegment = 16;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Pillow 9.4 and Chromium show the file with the mark and the one without it so: both levels are what was stored.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ink_is_taken_to_be_stored_inverted_with_Adobes_mark_and_without_it(bool isMarked)
    {
        var file = JpegFiles.FourInks;
        if (!isMarked)
        {
            var mark = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xEE]);
            file = [.. file[..mark], .. file[(mark + AdobeSegment)..]];
        }

        var levels = ImageFile.Read(_folder.Write("inks.jpg", file), new Shape(8, 16));

        for (var i = 0; i < levels.Length; i++)
            Assert.InRange(levels[i] - (i % 16 < 8 ? 250 : 20), -6, 6);
    }
}
