using PSConvNet.Module.Tests.Data;
using PSConvNet.Module.Tests.Models;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Training;

/// <summary>examples/mnist-tutorial.ps1 from its first line to its last, on a machine without the digits.</summary>
[Collection(EnvironmentTests.Name)]
public sealed class TutorialScriptTests : IDisposable
{
    private static readonly string[] s_variables = ["PSCONVNET_DATA", "PSCONVNET_MIRROR", "XDG_CACHE_HOME"];

    private readonly TemporaryFolder _folder = new();
    private readonly string?[] _saved = [.. s_variables.Select(Environment.GetEnvironmentVariable)];

    public TutorialScriptTests()
    {
        Skip.If(OperatingSystem.IsWindows(), "the cache can't be moved by an environment variable on Windows");
        Environment.SetEnvironmentVariable(
            "PSCONVNET_DATA",
            Directory.CreateDirectory(Path.Combine(_folder.Path, "data")).FullName
        );
        Environment.SetEnvironmentVariable(
            "XDG_CACHE_HOME",
            Directory.CreateDirectory(Path.Combine(_folder.Path, "cache")).FullName
        );
        Environment.SetEnvironmentVariable("PSCONVNET_MIRROR", LoopbackServer.DeadAddress().ToString());
    }

    public void Dispose()
    {
        for (var i = 0; i < s_variables.Length; i++)
            Environment.SetEnvironmentVariable(s_variables[i], _saved[i]);
        _folder.Dispose();
    }

    [SkippableFact]
    public void Without_the_digits_it_says_so_and_does_the_whole_job_on_synthetic_ones()
    {
        var (lines, warnings, verbose) = ExampleScript.Run("mnist-tutorial.ps1", ("Quick", true), ("Epochs", 1));
        var text = string.Join('\n', lines);

        Assert.Collection(
            warnings,
            first => Assert.Contains("-Name Synthetic", first, StringComparison.Ordinal),
            second =>
                Assert.Equal(
                    "Going on with SYNTHETIC digits, drawn by the module: the accuracies below are not those of MNIST.",
                    second
                )
        );
        Assert.Contains("Shape of a digit as imported:      28 x 28\n", text, StringComparison.Ordinal);
        Assert.Contains("Shape with the channel dimension:  28 x 28 x 1\n", text, StringComparison.Ordinal);
        Assert.Contains("Total parameters: 669,706", text, StringComparison.Ordinal);
        Assert.Contains("Total parameters: 1,199,882", text, StringComparison.Ordinal);
        Assert.Contains("conv beats dense by ", text, StringComparison.Ordinal);
        Assert.Matches(
            @"^After 1 epochs? on 10000 images of Synthetic: dense \d+\.\d\d ?% in \d+ s, conv \d+\.\d\d ?% in \d+ s\.$",
            lines[^1]
        );
        Assert.Equal(2, verbose.Count(told => told.Contains("epoch 1/1: loss", StringComparison.Ordinal)));
    }
}
