using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps.Processes;

/// <summary>A script with one sweep, run by psconvnet, whose studies lie in a folder that is gone after the test.</summary>
public sealed class SweepScript : IDisposable
{
    /// <summary>Of each trial.</summary>
    public const int Epochs = 6;

    /// <summary>Of the sweep.</summary>
    public const int Trials = 6;

    private readonly TemporaryFolder _folder = new();

    /// <summary>What makes the layers, before which a test may put something.</summary>
    private readonly string _script = $$"""
        param($Study)
        $data = Import-Mnist -Name Synthetic -First 1000 | Expand-Dimension
        $space = New-SweepSpace @{ Units = 16, 32, 64; Activation = 'ReLU', 'GELU' } -LogUniform @{ LearningRate = 1e-4, 1e-2 }
        Invoke-Sweep -Space $space -Data $data -Epochs EPOCHS -Trials {{Trials}} -Retry 20 -Parallel PARALLEL -Study $Study {
            param($p)
            FIRST New-ConvLayer 4 | New-FlattenLayer | New-DenseLayer $p.Units -Activation $p.Activation | New-DenseLayer 10 -Activation Softmax
        } | ForEach-Object { "$_" }
        'done'
        """;

    private IReadOnlyList<string>? _undisturbed;

    /// <summary>The folder of all its studies.</summary>
    internal string Folder => _folder.Path;

    /// <summary>What a study comes to that nothing disturbs.</summary>
    internal IReadOnlyList<string> Undisturbed
    {
        get
        {
            if (_undisturbed is null)
            {
                using var shell = Start("undisturbed", parallel: 1);
                Assert.Contains("done", shell.Wait().Out, StringComparison.Ordinal);
                _undisturbed = Study("undisturbed").Table;
                Assert.Equal(Trials, _undisturbed.Count);
            }
            return _undisturbed;
        }
    }

    internal OutsideStudy Study(string name) => new(Path.Combine(Folder, name));

    /// <summary>Starts a sweep on a study.</summary>
    /// <param name="study">The study's name.</param>
    /// <param name="parallel">The number of its workers.</param>
    /// <param name="epochs">Of each trial.</param>
    /// <param name="first">What the script block does first.</param>
    internal RunningShell Start(string study, int parallel = 2, int epochs = Epochs, string first = "") =>
        ShellProcess.Start([
            _folder.Write(
                $"{study}.ps1",
                _script
                    .Replace("PARALLEL", $"{parallel}", StringComparison.Ordinal)
                    .Replace("EPOCHS", $"{epochs}", StringComparison.Ordinal)
                    .Replace("FIRST", first, StringComparison.Ordinal)
            ),
            Study(study).Folder,
        ]);

    public void Dispose() => _folder.Dispose();
}
