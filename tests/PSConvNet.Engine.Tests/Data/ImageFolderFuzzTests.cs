using SkiaSharp;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data;

public sealed class ImageFolderFuzzTests : IDisposable
{
    private const int Mutations = 250;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("bmp")]
    [InlineData("webp")]
    public async Task Mutated_pictures_are_decoded_or_refused_with_the_typed_error(string format)
    {
        var random = new Random(20261124);
        SKColor Noise(int x, int y) => new((byte)(x * 7 + random.Next(9)), (byte)(y * 5), (byte)(x ^ y));
        var whole = format switch
        {
            "bmp" => Bmp(33, 27, Noise),
            "png" => Encode(33, 27, Noise),
            "jpg" => Encode(33, 27, Noise, SKEncodedImageFormat.Jpeg),
            _ => Encode(33, 27, Noise, SKEncodedImageFormat.Webp),
        };
        _folder.Write($"class/000.{format}", whole);
        for (var i = 1; i <= Mutations; i++)
            _folder.Write($"class/{i:000}.{format}", Mutation.Of(whole, random));
        var told = new ImageFolderRecorder();
        var options = new ImageFolderOptions
        {
            Height = 16,
            Width = 16,
            Color = true,
            TestSplit = 0,
        };

        var data = await Task.Run(() => ImageFolder.Read(_folder.Path, options, told))
            .WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Mutations + 1, data.Train.Count + told.Unreadable.Count);
        Assert.All(told.Unreadable, e => Assert.Equal("ImageFileInvalid", e.ErrorId));
        // Both must occur, or the mutations are too tame or too wild to say anything.
        Assert.InRange(told.Unreadable.Count, Mutations / 20, Mutations);
        Assert.InRange(data.Train.Count, 2, Mutations);
    }
}
