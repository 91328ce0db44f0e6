using System.Text;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data.Images;

/// <summary>Files whose endings say something else than their content, and pictures that aren't read.</summary>
public sealed class ImageSignatureTests : IDisposable
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

    [Theory]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1", "HEIC", "Convert it")]
    [InlineData("\0\0\0\u0018ftypavif\0\0\0\0mif1", "AVIF", "Convert it")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0", "a film", "Save it again")]
    [InlineData("II*\0\b\0\0\0", "TIFF", "Convert it")]
    [InlineData("MM\0*\0\0\0\b", "TIFF", "Convert it")]
    [InlineData("\0\0\u0001\0\u0001\0", "an icon", "Convert it")]
    [InlineData("PK\u0003\u0004 and more", "a ZIP archive", "Save it again")]
    [InlineData("<!DOCTYPE html><p>Not found", "a web page", "Save it again")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git lfs pull", "Save it again")]
    [InlineData("just words", "isn't a picture of a known format", "Save it again")]
    public void A_file_that_is_something_else_is_refused_by_its_name(string start, string name, string remedy)
    {
        var path = _folder.Write("IMG_0001.jpg", Encoding.Latin1.GetBytes(start));

        var error = Assert.Throws<ConvNetException>(() => ImageFile.Read(path, new Shape(2, 2)));

        Assert.Equal("ImageFileInvalid", error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_picture() =>
        Assert.Contains(
            "is a folder; name the pictures in it",
            Assert.Throws<ConvNetException>(() => ImageFile.Read(_folder.Path, new Shape(2, 2))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Pictures_passed_over_are_counted_by_ending_once_for_a_folder()
    {
        foreach (var name in (string[])["a", "b"])
        {
            _folder.Write($"{name}/0.png", Plain(0));
            for (var i = 0; i < 3; i++)
            {
                _folder.Write($"{name}/{i}.HEIC", [0]);
                _folder.Write($"{name}/deeper/{i}.heic", [0]);
                _folder.Write($"{name}/{i}.tiff", Plain(0));
            }
        }
        _folder.Write("a/more.zip", [1]);

        ImageFolder.Read(_folder.Path, s_all, _told);

        Assert.Equal(
            $"{_folder.Path}: skipped 12 .heic, 6 .tiff and 1 .zip files; the formats that can be read are PNG, JPEG, BMP, GIF, WebP. Convert pictures to PNG or JPEG, and unpack archives.",
            Assert.Single(_told.Warnings)
        );
    }

    [Fact]
    public void Pictures_without_their_ending_and_outside_of_the_classes_are_counted_too()
    {
        _folder.Write("a/0.png", Plain(0));
        _folder.Write("b/0.png", Plain(0));
        _folder.Write("a/image1", Plain(0));
        _folder.Write("a/image2", Plain(0));
        _folder.Write("b/photo.jpg.bak", Plain(0));
        _folder.Write("loose.png", Plain(0));

        ImageFolder.Read(_folder.Path, s_all, _told);

        Assert.Collection(
            _told.Warnings,
            first =>
                Assert.Contains(
                    "skipped 2 without an ending and 1 .bak files whose content is a picture",
                    first,
                    StringComparison.Ordinal
                ),
            second =>
                Assert.Contains(
                    "skipped 1 picture that lies beside the class folders",
                    second,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void What_is_no_picture_needs_no_warning()
    {
        foreach (var name in (string[])["a", "b"])
            _folder.Write($"{name}/0.png", Plain(0));
        foreach (
            var name in (string[])[".DS_Store", "._0.png", "Thumbs.db", "desktop.ini", "labels.csv", "readme", "empty"]
        )
            _folder.Write($"a/{name}", name == "empty" ? [] : "text"u8.ToArray());
        _folder.Write("a/.hidden.heic", [0]);

        ImageFolder.Read(_folder.Path, s_all, _told);

        Assert.Empty(_told.Warnings);
    }

    [Fact]
    public void The_warning_comes_before_the_error_where_no_picture_remains()
    {
        _folder.Write("a/0.png", Plain(0));
        _folder.Write("b/0.heic", [0]);

        var error = Assert.Throws<ConvNetException>(() => ImageFolder.Read(_folder.Path, s_all, _told));

        Assert.Equal("ClassEmpty", error.ErrorId);
        Assert.Contains("skipped 1 .heic file;", Assert.Single(_told.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_folder_has_a_warning_of_its_own()
    {
        _folder.Write("train/a/0.png", Plain(0));
        _folder.Write("train/b/0.png", Plain(0));
        _folder.Write("test/a/0.png", Plain(0));
        _folder.Write("test/b/0.png", Plain(0));
        _folder.Write("test/b/1.avif", [0]);
        var (train, test) = (Path.Combine(_folder.Path, "train"), Path.Combine(_folder.Path, "test"));

        ImageFolder.Read(train, s_all with { TestFolder = test }, _told);

        Assert.StartsWith($"{test}: skipped 1 .avif file;", Assert.Single(_told.Warnings), StringComparison.Ordinal);
    }
}
