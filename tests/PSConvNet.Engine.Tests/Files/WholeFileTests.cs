using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

public sealed class WholeFileTests : IDisposable
{
    private static readonly DateTime s_longAgo = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_stays_a_link_and_what_it_leads_to_is_replaced()
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(_folder.File("far"));
        File.WriteAllText(_folder.File("far/target"), "old");
        File.CreateSymbolicLink(_folder.File("middle"), "far/target");
        File.CreateSymbolicLink(_folder.File("link"), "middle");

        Write(_folder.File("link"));

        Assert.Equal("middle", new FileInfo(_folder.File("link")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder.File("far/target")));
        Assert.Null(new FileInfo(_folder.File("far/target")).LinkTarget);
    }

    [Fact]
    public void A_file_keeps_its_permissions()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _folder.File("file");
        File.WriteAllText(path, "old");
        const UnixFileMode mode =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(path, mode);

        Write(path);

        Assert.Equal(mode, File.GetUnixFileMode(path));
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void What_a_killed_program_left_is_deleted_and_nothing_else()
    {
        var path = _folder.File("net.psconvnet");
        var abandoned = Part(WholeFile.NewPart(path));
        var used = Part(WholeFile.NewPart(path));
        var fresh = WholeFile.NewPart(path);
        File.WriteAllText(fresh, "");
        var others = (string[])
            [
                Part(WholeFile.NewPart(_folder.File("other.psconvnet"))),
                Part(path + ".0123.part"),
                Part(path + "." + new string('x', 32) + ".part"),
            ];
        using (new FileStream(used, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            File.SetLastWriteTimeUtc(used, s_longAgo);
            Write(path);
        }

        Assert.Equal(
            ((string[])[path, used, fresh, .. others]).Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal)
        );
        Assert.False(File.Exists(abandoned));
    }

    [Fact]
    public void An_error_names_the_file_that_was_asked_for()
    {
        var path = _folder.File("no/such/folder/net.psconvnet");

        var error = Assert.Throws<ConvNetException>(() => Write(path));

        Assert.Equal("FileNotWritten", error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", error.Message, StringComparison.Ordinal);
    }

    private static void Write(string path) => WholeFile.Write(path, stream => stream.Write("new"u8));

    private static string Part(string path)
    {
        File.WriteAllText(path, "half");
        File.SetLastWriteTimeUtc(path, s_longAgo);
        return path;
    }
}
