using System.Diagnostics;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data;

/// <summary>Symbolic links: followed where they lead to more pictures, never in circles.</summary>
public sealed class ImageFolderLinkTests : IDisposable
{
    private static readonly ImageFolderOptions s_all = new()
    {
        Height = 2,
        Width = 2,
        TestSplit = 0,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageFolderRecorder _told = new();

    public ImageFolderLinkTests() => Skip.If(OperatingSystem.IsWindows(), "links need a privilege on Windows");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_class_may_be_a_link_and_so_may_folders_and_files_in_it()
    {
        _folder.Write("store/dogs/1.png", Plain(10));
        _folder.Write("store/puppies/1.png", Plain(20));
        _folder.Write("store/one.png", Plain(30));
        Link("pets/dogs", "store/dogs");
        Link("store/dogs/young", "store/puppies");
        File.CreateSymbolicLink(In("store/dogs/z.png"), In("store/one.png"));

        var data = Read("pets");

        Assert.Equal(["dogs"], data.ClassNames);
        Assert.Equal([10, 20, 30], Levels(data));
    }

    [SkippableFact]
    public void Links_in_circles_are_passed_over_and_no_picture_comes_twice()
    {
        _folder.Write("pets/a/1.png", Plain(10));
        _folder.Write("pets/a/deep/2.png", Plain(20));
        _folder.Write("pets/b/3.png", Plain(30));
        Link("pets/all", "pets");
        Link("pets/above", ".");
        Link("pets/a/deep/self", "pets/a/deep");
        Link("pets/a/deep/up", "pets/a");
        Link("pets/a/top", "pets");
        Link("pets/a/again", "pets/a/deep");

        var data = Read("pets");

        Assert.Equal(["a", "b"], data.ClassNames);
        Assert.Equal(3, data.Train.Count);
        Assert.Equal([10, 20, 30], Levels(data).Order());
        foreach (var link in (string[])["all", "above", "a/top", "a/deep"])
            Assert.Contains(In("pets/" + link), _told.Messages[0], StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Links_that_double_at_every_step_are_read_once()
    {
        // 2^30 paths lead to the one picture.
        for (var i = 0; i < 30; i++)
        {
            Directory.CreateDirectory(In($"steps/{i}"));
            Link($"steps/{i}/left", $"steps/{i + 1}");
            Link($"steps/{i}/right", $"steps/{i + 1}");
        }
        _folder.Write("steps/30/p.png", Plain(40));
        Link("pets/a", "steps/0");

        Assert.Equal([40], Levels(Read("pets")));
    }

    [SkippableFact]
    public void The_folder_itself_may_be_reached_through_a_link_and_overlap_is_still_seen()
    {
        _folder.Write("real/pets/a/1.png", Plain(10));
        Link("short", "real");
        var options = s_all with { TestFolder = In("real/pets") };

        var error = Assert.Throws<ConvNetException>(() => ImageFolder.Read(In("short/pets"), options));

        Assert.Equal([10], Levels(Read("short/pets")));
        Assert.Equal("FoldersOverlap", error.ErrorId);
    }

    [SkippableFact]
    public void A_link_to_nothing_or_to_itself_is_a_picture_that_cant_be_read()
    {
        _folder.Write("pets/a/1.png", Plain(10));
        File.CreateSymbolicLink(In("pets/a/gone.png"), In("nothing.png"));
        File.CreateSymbolicLink(In("pets/a/self.png"), In("pets/a/self.png"));

        var data = Read("pets");

        Assert.Equal(1, data.Train.Count);
        Assert.Equal([In("pets/a/gone.png"), In("pets/a/self.png")], _told.Unreadable.Select(e => e.Target));
    }

    [SkippableFact]
    public void A_pipe_is_not_waited_for()
    {
        _folder.Write("pets/a/1.png", Plain(10));
        using (var process = Process.Start("mkfifo", In("pets/a/pipe.png")))
            process.WaitForExit();
        File.CreateSymbolicLink(In("pets/a/to-pipe.png"), In("pets/a/pipe.png"));

        var data = Task.Run(() => Read("pets"));

        Assert.True(data.Wait(TimeSpan.FromSeconds(20)), "it waits for the pipe");
        Assert.Equal(["ImageFileInvalid", "ImageFileInvalid"], _told.Unreadable.Select(e => e.ErrorId));
    }

    private Dataset Read(string folder) => ImageFolder.Read(In(folder), s_all, _told);

    private string In(string name) => Path.GetFullPath(Path.Combine(_folder.Path, name));

    private void Link(string link, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(link))!);
        Directory.CreateSymbolicLink(In(link), Path.TrimEndingDirectorySeparator(In(target)));
    }

    private static IEnumerable<int> Levels(Dataset data) =>
        Enumerable.Range(0, data.Train.Count).Select(i => (int)data.Train.GetImage(i).Span[0]);
}
