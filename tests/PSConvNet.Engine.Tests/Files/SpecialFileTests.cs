using System.Diagnostics;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>Pipes and devices where files are expected. A reader that opened one would wait for ever, and the test with it.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Readers =>
        ["model", "summary", "weights", "checkpoint", "newest", "IDX", "picture"];

    [Theory]
    [MemberData(nameof(Readers))]
    public void A_pipe_is_refused_at_once(string reader)
    {
        if (OperatingSystem.IsWindows())
            return;
        var pipe = Pipe("step-0000000001.psconvnet");
        File.CreateSymbolicLink(_folder.File("link"), pipe);

        foreach (var path in (string[])[pipe, _folder.File("link"), "/dev/zero"])
        {
            var error = Assert.Throws<ConvNetException>(() => Read(reader, path));
            Assert.True(
                error.ErrorId
                    is "FileNotReadable"
                        or "DataFileUnreadable"
                        or "DataFileInvalid"
                        or "ImageFileInvalid"
                        or "CheckpointNotFound",
                error.ErrorId
            );
        }
    }

    [Fact]
    public void A_pipe_is_not_replaced_and_not_written_to()
    {
        if (OperatingSystem.IsWindows())
            return;
        var pipe = Pipe("pipe");

        var error = Assert.Throws<ConvNetException>(() => WholeFile.Write(pipe, stream => stream.WriteByte(1)));

        Assert.Equal("FileNotWritten", error.ErrorId);
        Assert.True(RegularFile.IsSpecial(pipe));
        Assert.Equal([pipe], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Files_and_folders_and_what_is_not_there_are_nothing_special()
    {
        File.WriteAllBytes(_folder.File("empty"), []);

        Assert.False(RegularFile.IsSpecial(_folder.File("empty")));
        Assert.False(RegularFile.IsSpecial(_folder.Path));
        Assert.False(RegularFile.IsSpecial(_folder.File("nothing")));
    }

    private void Read(string reader, string path)
    {
        switch (reader)
        {
            case "model":
                ModelFile.Load(path);
                break;
            case "summary":
                ModelFile.ReadSummary(path);
                break;
            case "weights":
                WeightsFile.Load(new Model(Networks.SmallDense, new Shape(8, 8, 1)), path);
                break;
            case "checkpoint":
                Checkpoint.Read(path);
                break;
            case "newest":
                Checkpoint.Newest(_folder.Path);
                break;
            case "IDX":
                IdxInput.Open(path).Dispose();
                break;
            default:
                ImageFile.Read(path, new Shape(8, 8, 1));
                break;
        }
    }

    private string Pipe(string name)
    {
        using var process = Process.Start("mkfifo", _folder.File(name));
        process.WaitForExit();
        return _folder.File(name);
    }
}
