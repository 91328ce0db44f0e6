using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>What is advised where a file can't be written: what helps there, and space only where the disk is full.</summary>
public sealed class WritingAdviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_folder_is_named() =>
        Advises(_folder.File("missing/further/net"), $"There is no folder {_folder.File("missing")}; create it");

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_named()
    {
        File.WriteAllText(_folder.File("file"), "");

        Advises(_folder.File("file/net"), $"{_folder.File("file")} is a file and not a folder");
        Advises(_folder.File("file/further/net"), $"{_folder.File("file")} is a file and not a folder");
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_named()
    {
        Directory.CreateDirectory(_folder.File("net"));

        Advises(_folder.File("net"), $"{_folder.File("net")} is a folder; move it away");
    }

    [Fact]
    public void A_name_that_is_too_long_is_to_be_shorter() =>
        Advises(_folder.File(new string('n', 300)), "Give a shorter name");

    [Fact]
    public void A_link_into_a_folder_that_is_gone_is_named()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(_folder.File("link"), _folder.File("gone/target"));

        Advises(_folder.File("link"), $"The link {_folder.File("link")} points to nothing");
        Advises(_folder.File("link/net"), $"The link {_folder.File("link")} points to nothing");
    }

    [Fact]
    public void A_link_that_leads_round_in_a_circle_is_the_same_error()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(_folder.File("circle"), _folder.File("circle"));

        var error = Assert.Throws<ConvNetException>(() => WholeFile.Write(_folder.File("circle"), _ => { }));

        Assert.Equal("FileNotWritten", error.ErrorId);
    }

    [Theory]
    [InlineData(28, "free space or choose another folder")]
    [InlineData(122, "free space or choose another folder")]
    [InlineData(30, "its disk is read-only")]
    [InlineData(40, "its links form a circle")]
    [InlineData(5, "check that its disk is connected")]
    public void What_linux_says_is_understood(int number, string advice)
    {
        if (OperatingSystem.IsLinux())
            Assert.StartsWith(
                advice,
                WritingAdvice.For(_folder.File("net"), new IOException("x", number)),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_right_that_is_missing_is_not_a_full_disk()
    {
        var cause = new UnauthorizedAccessException("Access is denied.");

        Assert.StartsWith("get permission", WritingAdvice.For(_folder.File("net"), cause), StringComparison.Ordinal);
        Assert.StartsWith(
            "get permission",
            WritingAdvice.For(_folder.Path, cause, isFolder: true),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_was_there_before_is_spoken_of_where_something_was()
    {
        File.WriteAllText(_folder.File("net"), "");
        var cause = new IOException("No space left on device", 28);

        Assert.Contains(
            "is untouched",
            FileFault.NotWritten(_folder.File("net"), cause).Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "untouched",
            FileFault.NotWritten(_folder.File("new"), cause).Message,
            StringComparison.Ordinal
        );
    }

    private static void Advises(string path, string advice)
    {
        var error = Assert.Throws<ConvNetException>(() => WholeFile.Write(path, stream => stream.WriteByte(1)));

        Assert.Equal("FileNotWritten", error.ErrorId);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("free space", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(".part", error.Message, StringComparison.Ordinal);
    }
}
