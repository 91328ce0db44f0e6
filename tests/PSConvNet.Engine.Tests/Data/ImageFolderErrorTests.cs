using SkiaSharp;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data;

/// <summary>Damaged files, wrong folders, links in circles, and stops.</summary>
public sealed class ImageFolderErrorTests : IDisposable
{
    private static readonly ImageFolderOptions s_all = new()
    {
        Height = 2,
        Width = 2,
        TestSplit = 0,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageFolderRecorder _told = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_that_cant_be_read_are_told_in_their_order_and_left_out()
    {
        var whole = Encode(40, 40, (x, y) => new SKColor((byte)(x * y), (byte)x, (byte)y));
        _folder.Write("a/0.png", Plain(10));
        _folder.Write("a/1-cut.png", whole[..(whole.Length / 2)]);
        _folder.Write("a/2-empty.png", []);
        _folder.Write("a/3.png", Plain(20));
        _folder.Write("b/0-text.jpg", "no picture"u8.ToArray());
        _folder.Write("b/1-bomb.png", Claim(30_000, 30_000));
        _folder.Write("b/2.jpg", Bmp(2, 2, (_, _) => Grey(30)));

        var data = Read(s_all);

        Assert.Equal([10, 20, 30], Enumerable.Range(0, 3).Select(i => (int)data.Train.GetImage(i).Span[0]));
        Assert.Equal([0, 0, 1], data.Train.Labels.ToArray());
        Assert.Equal(
            ["a/1-cut.png", "a/2-empty.png", "b/0-text.jpg", "b/1-bomb.png"],
            _told.Unreadable.Select(e =>
                Path.GetRelativePath(_folder.Path, (string)e.Target!).Replace(Path.DirectorySeparatorChar, '/')
            )
        );
        Assert.All(_told.Unreadable, e => Assert.Equal("ImageFileInvalid", e.ErrorId));
        Assert.Contains("left out 4 that can't be read", _told.Messages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_picture_moves_no_other_one_to_the_other_part()
    {
        for (var i = 0; i < 20; i++)
            _folder.Write($"a/{i:00}.png", Plain(i));
        var options = s_all with { TestSplit = 0.25 };
        var before = Read(options);
        var damaged = before.Test.GetImage(2).Span[0];
        _folder.Write($"a/{damaged:00}.png", [1, 2, 3]);

        var after = Read(options);

        Assert.Equal(before.Train.Pixels.ToArray(), after.Train.Pixels.ToArray());
        Assert.Equal(before.Test.Pixels.ToArray().Where(p => p != damaged), after.Test.Pixels.ToArray());
    }

    [Fact]
    public void Without_an_observer_the_first_unreadable_picture_ends_the_reading()
    {
        _folder.Write("a/0.png", Plain(0));
        var bad = _folder.Write("a/1.png", "no"u8.ToArray());
        _folder.Write("a/2.png", []);

        var error = Assert.Throws<ConvNetException>(() => ImageFolder.Read(_folder.Path, s_all));

        Assert.Equal(("ImageFileInvalid", bad), (error.ErrorId, error.Target));
    }

    [Fact]
    public void An_observer_that_throws_ends_the_reading_with_what_it_throws()
    {
        for (var i = 0; i < 50; i++)
            _folder.Write($"a/{i:00}.png", Plain(0));
        var observer = new ImageFolderRecorder { Step = _ => throw new InvalidOperationException("enough") };

        Assert.Equal(
            "enough",
            Assert.Throws<InvalidOperationException>(() => ImageFolder.Read(_folder.Path, s_all, observer)).Message
        );
    }

    [Fact]
    public void A_stop_ends_a_long_reading_soon()
    {
        var large = Encode(2500, 2000, (x, y) => Grey(x ^ y));
        for (var i = 0; i < 200; i++)
            _folder.Write($"a/{i:000}.png", large);
        using var stop = new CancellationTokenSource();
        var observer = new ImageFolderRecorder { Step = _ => stop.Cancel() };

        Assert.ThrowsAny<OperationCanceledException>(() => ImageFolder.Read(_folder.Path, s_all, observer, stop.Token));

        Assert.InRange(observer.Steps.Max(s => s.Done), 0, 150);
    }

    [Fact]
    public void A_stop_before_the_start_reads_nothing()
    {
        _folder.Write("a/0.png", Plain(0));

        Assert.ThrowsAny<OperationCanceledException>(() =>
            ImageFolder.Read(_folder.Path, s_all, _told, new CancellationToken(canceled: true))
        );
        Assert.Empty(_told.Steps);
    }

    [Fact]
    public void Folders_that_are_not_those_of_classes_are_refused_with_a_remedy()
    {
        Directory.CreateDirectory(In("empty"));
        _folder.Write("loose/p.png", Plain(0));
        _folder.Write("hollow/a/p.png", Plain(0));
        _folder.Write("hollow/b/p.tiff", Plain(0));
        _folder.Write("spoilt/a/p.png", Plain(0));
        _folder.Write("spoilt/b/p.png", [1]);
        _folder.Write("parts/Train/a/p.png", Plain(0));
        _folder.Write("parts/validation/a/p.png", Plain(0));

        Refused("missing", "FolderNotFound", ErrorKind.NotFound, "There is no folder");
        Refused("loose/p.png", "FolderNotFound", ErrorKind.NotFound, "is a file");
        Refused("empty", "ClassFoldersMissing", ErrorKind.InvalidData, "contains no folders");
        Refused("loose", "ClassFoldersMissing", ErrorKind.InvalidData, "create one for each class");
        Refused(
            "hollow",
            "ClassEmpty",
            ErrorKind.InvalidData,
            $"{In("hollow/b")} contains no pictures that can be read (.png, .apng, .jpg"
        );
        Refused("spoilt", "ClassEmpty", ErrorKind.InvalidData, "No picture of b is left");
        Refused(
            "parts",
            "FolderLayoutUnsupported",
            ErrorKind.InvalidArgument,
            $"use ImageFolder.Read for {In("parts/Train")} with ImageFolderOptions.TestFolder {In("parts/validation")}."
        );
        Refused("parts/Train", "DatasetTooSmall", ErrorKind.InvalidArgument, "both need at least one", split: 0.2);
    }

    [Fact]
    public void Folders_of_parts_beside_other_classes_are_classes()
    {
        foreach (var name in (string[])["bus", "car", "train"])
            _folder.Write($"{name}/p.png", Plain(0));

        Assert.Equal(["bus", "car", "train"], Read(s_all).ClassNames);
    }

    [Fact]
    public void A_test_folder_must_be_another_one_and_know_no_other_classes()
    {
        _folder.Write("data/a/p.png", Plain(0));
        _folder.Write("data/b/b/p.png", Plain(0));
        _folder.Write("other/A/p.png", Plain(0));

        Refused("data", "FoldersOverlap", ErrorKind.InvalidArgument, "two separate folders", test: "data");
        Refused("data", "FoldersOverlap", ErrorKind.InvalidArgument, "contains the other", test: "data/b");
        Refused("data/b", "FoldersOverlap", ErrorKind.InvalidArgument, "contains the other", test: "data");
        Refused("data", "ClassUnknown", ErrorKind.InvalidData, $"{In("other/A")} isn't a class of", test: "other");
        Refused("data", "FolderNotFound", ErrorKind.NotFound, In("missing"), test: "missing");
    }

    [Fact]
    public void More_than_an_array_holds_is_refused_before_a_picture_is_opened()
    {
        // 171 images of 2048 x 2048 x 3 are just above 2^31 bytes, 170 below.
        for (var i = 0; i < 171; i++)
            _folder.Write($"a/{i:000}.png", [1]);
        var options = new ImageFolderOptions
        {
            Height = 2048,
            Width = 2048,
            Color = true,
            TestSplit = 0,
        };

        var error = Assert.Throws<ConvNetException>(() => ImageFolder.Read(_folder.Path, options, _told));

        Assert.Equal(("DatasetTooLarge", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.StartsWith("171 images of 2048 x 2048 x 3 take 2.2 GB", error.Message, StringComparison.Ordinal);
        Assert.Empty(_told.Steps);
    }

    [Theory]
    [InlineData(0, 28, 0.2, null, "SizeOutOfRange")]
    [InlineData(28, 2049, 0.2, null, "SizeOutOfRange")]
    [InlineData(-1, -1, 0.2, null, "SizeOutOfRange")]
    [InlineData(28, 28, 1.0, null, "FractionOutOfRange")]
    [InlineData(28, 28, -0.1, null, "FractionOutOfRange")]
    [InlineData(28, 28, double.NaN, null, "FractionOutOfRange")]
    [InlineData(28, 28, 0.2, 0, "FirstOutOfRange")]
    public void Settings_out_of_range_are_refused(int height, int width, double split, int? first, string id)
    {
        var options = new ImageFolderOptions
        {
            Height = height,
            Width = width,
            TestSplit = split,
            First = first,
        };

        var error = Assert.Throws<ConvNetException>(() => ImageFolder.Read("nowhere", options));

        Assert.Equal((id, ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    private Dataset Read(ImageFolderOptions options) => ImageFolder.Read(_folder.Path, options, _told);

    private string In(string name) => Path.GetFullPath(Path.Combine(_folder.Path, name));

    private void Refused(string folder, string id, ErrorKind kind, string says, double split = 0, string? test = null)
    {
        var options = s_all with { TestSplit = split, TestFolder = test is null ? null : In(test) };
        var error = Assert.Throws<ConvNetException>(() => ImageFolder.Read(In(folder), options, _told));
        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
