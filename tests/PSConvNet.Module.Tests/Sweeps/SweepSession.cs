using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Sweeps;

/// <summary>
/// A session in a folder of its own, with small data (<c>$data</c>), a space (<c>$space</c>), a script block (<c>$layers</c>) and one study
/// of them, <c>grid</c>, that is done.
/// </summary>
public sealed class SweepSession : IDisposable
{
    private readonly CurrentFolder _folder;

    public SweepSession()
        : this(withGrid: true) { }

    /// <summary>Sets up the session.</summary>
    /// <param name="withGrid">Whether the study <c>grid</c> is made.</param>
    internal SweepSession(bool withGrid)
    {
        _folder = new CurrentFolder(Session);
        Session.Run(DigitsSession.Setup);
        Session.Run(
            """
            $space = New-SweepSpace -Choice @{ Units = 4, 8; LearningRate = 0.001, 0.01, 0.03 }
            $layers = {
                param($p)
                New-FlattenLayer | New-DenseLayer $p.Units -Activation ReLU | New-DenseLayer 10 -Activation Softmax
            }
            """
        );
        if (withGrid)
        {
            Grid = Session.Run(
                "Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study grid -Parallel 2 -Verbose"
            );
        }
    }

    /// <summary>What the sweep of the study <c>grid</c> gave.</summary>
    internal ScriptResult Grid { get; } = null!;

    internal PowerShellSession Session { get; } = new();

    /// <summary>The folder the session is in.</summary>
    internal string Folder => _folder.Path;

    /// <summary>A name for a study of one test.</summary>
    internal static string NewName() => "study-" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>What a study's trials came to, to the last bit.</summary>
    internal string[] Table(string study) =>
        [
            .. Session
                .Run(
                    $"Get-SweepTrial {study} | ForEach-Object {{ \"$($_.Id) $($_.State) $($_.Parameters) $($_.Value.ToString('R')) $($_.History[-1].Loss.ToString('R'))\" }}"
                )
                .Output.Select(line => line.ToString()),
        ];

    public void Dispose()
    {
        _folder.Dispose();
        Session.Dispose();
    }
}
