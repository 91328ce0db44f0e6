using System.Management.Automation;
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

    [Fact]
    public void Strokes_of_ink_are_prepared_where_that_is_asked_for()
    {
        // A stroke across or down, dark on light or light on dark, never in the middle.
        for (var i = 0; i < 20; i++)
        {
            var (ink, paper) = i % 2 == 0 ? (30, 220) : (220, 30);
            byte[] Picture(Func<int, int, bool> isInk) =>
                GreyPng.Encode(
                    [.. Enumerable.Range(0, 1024).Select(p => (byte)(isInk(p % 32, p / 32) ? ink : paper))],
                    32,
                    32
                );
            _folder.Write($"ink/across/{i}.png", Picture((x, y) => y - 2 == i % 7 && x is > 3 and < 22));
            _folder.Write($"ink/down/{i}.png", Picture((x, y) => x - 2 == i % 7 && y is > 3 and < 22));
        }
        var path = Path.Combine(_folder.Path, "ink");

        using var session = new PowerShellSession();
        var preparations = session.Run("New-ImagePreparation; New-ImagePreparation -Fit 40").Output;

        var lines = Run(path, epochs: 20, preparations[0]);
        var error = Assert.ThrowsAny<RuntimeException>(() => Run(path, epochs: 1, preparations[1]));

        Assert.StartsWith(Path.Combine("across", "0.png") + ": across, ", lines[^2], StringComparison.Ordinal);
        Assert.StartsWith(Path.Combine("down", "0.png") + ": down, ", lines[^1], StringComparison.Ordinal);
        // Of 28 pixels, 40 can't be filled: the preparation was passed on.
        Assert.StartsWith(
            "PreparationSettingInvalid",
            error.ErrorRecord.FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }

    private static IReadOnlyList<string> Run(string? path, int epochs, object? preparation = null) =>
        ExampleScript.Run("own-pictures.ps1", ("Path", path), ("Epochs", epochs), ("Preparation", preparation)).Lines;
}
