namespace PSConvNet.Module.Tests.Models;

/// <summary>One session for all tests of a class: opening a runspace takes longer than most of them.</summary>
public sealed class SharedSession : IDisposable
{
    internal PowerShellSession Session { get; } = new();

    public void Dispose() => Session.Dispose();
}

/// <summary>The same, with what small trainings need: <c>$data</c> (300 + 300 synthetic digits) and <c>New-Small</c>.</summary>
public sealed class DigitsSession : IDisposable
{
    /// <summary>Defines the data and the model maker in whichever session runs it.</summary>
    internal const string Setup = """
        $data = Import-Mnist -Name Synthetic -First 300 | Expand-Dimension
        function New-Small {
            param($Name = 'small', $Units = 16, $Classes = 10, $End = 'Softmax', $Seed = 1)
            New-FlattenLayer | New-DenseLayer $Units -Activation ReLU | New-DenseLayer $Classes -Activation $End |
                New-Model 28,28,1 -Name $Name -Seed $Seed
        }
        """;

    public DigitsSession() => Session.Run(Setup);

    internal PowerShellSession Session { get; } = new();

    public void Dispose() => Session.Dispose();
}
