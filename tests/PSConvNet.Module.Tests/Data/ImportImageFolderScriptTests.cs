using PSConvNet.Module.Tests.Evaluation;
using PSConvNet.Module.Tests.Models;
using PSConvNet.Module.Tests.Training;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Data;

/// <summary>examples/own-pictures.ps1 from its first line to its last, in a runspace of the engine alone.</summary>
public sealed class ImportImageFolderScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_folder_it_draws_shapes_and_does_the_whole_job()
    {
        var lines = Run(path: null, epochs: 2);

        Assert.Contains(
            lines,
            line => Screen.Words(line) is ["shapes", "360", "90", "28", "x", "28", "x", "1", "3", ..]
        );
        Assert.Contains(lines, line => line.StartsWith("conv ", StringComparison.Ordinal) && line.Contains('%'));
        Assert.Matches(@"^circle[\\/]1\.bmp: (circle|square|triangle), \d+ ?%$", lines[^3]);
        Assert.Matches(@"^triangle[\\/]1\.bmp: (circle|square|triangle), \d+ ?%$", lines[^1]);
    }

    [Fact]
    public void A_folder_of_ones_own_is_taken_and_left_as_it_is()
    {
        for (var i = 0; i < 10; i++)
        {
            _folder.Write($"mine/dark/{i}.png", GreyPng.Encode([(byte)i], 1, 1));
            _folder.Write($"mine/light/deeper/{i}.png", GreyPng.Encode([(byte)(255 - i)], 1, 1));
        }

        var lines = Run(Path.Combine(_folder.Path, "mine") + "/", epochs: 10);

        Assert.StartsWith(Path.Combine("dark", "0.png") + ": dark, ", lines[^2], StringComparison.Ordinal);
        Assert.StartsWith(Path.Combine("light", "deeper", "0.png") + ": light, ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(20, Directory.GetFiles(_folder.Path, "*.png", SearchOption.AllDirectories).Length);
    }

    private static IReadOnlyList<string> Run(string? path, int epochs) =>
        ExampleScript.Run("own-pictures.ps1", ("Path", path), ("Epochs", epochs)).Lines;
}
