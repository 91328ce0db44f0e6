namespace PSConvNet.Module.Tests.Models;

/// <summary>Import-Model -Weights and frozen layers at the prompt: what is said, where, and that it is so.</summary>
public sealed class WeightsCommandTests : IClassFixture<DigitsSession>, IDisposable
{
    private readonly PowerShellSession _session;
    private readonly CurrentFolder _folder;

    public WeightsCommandTests(DigitsSession shared)
    {
        _session = shared.Session;
        _folder = new CurrentFolder(_session);
        _session.Run(
            """
            New-FlattenLayer | New-DenseLayer 16 -Name a | New-DenseLayer 16 -Name b | New-DenseLayer 20 -Name head | New-Model 28,28,1 |
                Export-Model old.safetensors -Force > $null
            $new = New-FlattenLayer | New-DenseLayer 16 -Name a | New-DenseLayer 16 -Name b |
                New-DenseLayer 10 -Activation Softmax -Name head | New-Model 28,28,1 -Name new -Seed 2
            """
        );
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pairs_are_verbose_and_a_new_head_and_layers_that_are_alike_are_warned_of()
    {
        var result = _session.Run(
            """
            $partial = $new | Import-Model -Weights old.safetensors -Partial -Verbose 4>&1 3>&1 | ForEach-Object { "$_" }
            $other = New-FlattenLayer | New-DenseLayer 16 | New-DenseLayer 16 | New-DenseLayer 16 | New-Model 28,28,1
            New-FlattenLayer | New-DenseLayer 16 -Name x | New-DenseLayer 16 -Name z | New-DenseLayer 16 -Name y | New-Model 28,28,1 |
                Export-Model alike.safetensors > $null
            $alike = $other | Import-Model -Weights alike.safetensors -Match Order 3>&1 | ForEach-Object { "$_" }
            $partial + $alike
            """
        );

        Assert.Empty(result.Errors);
        var lines = result.Output.Select(o => $"{o}").ToList();
        Assert.Contains("a.weight (16 x 784) -> a.weight", lines);
        Assert.Contains(
            lines,
            line => line.StartsWith("new keeps its own weights in head: head.bias", StringComparison.Ordinal)
        );
        Assert.Contains("old.safetensors also has weights that weren't used: head.bias, head.weight.", lines);
        Assert.Contains(lines, line => line.Contains("y -> dense_2, z -> dense_3", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_that_are_not_finite_go_everywhere_with_one_warning_and_can_not_be_trained()
    {
        var result = _session.Run(
            """
            $bad = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name bad
            $bad | Export-Model bad.safetensors -Force > $null
            $bytes = [IO.File]::ReadAllBytes("$PWD/bad.safetensors")
            $start = 8 + [BitConverter]::ToInt64($bytes, 0)
            $header = [Text.Encoding]::UTF8.GetString($bytes, 8, $start - 8) -replace '"psconvnet.sha256"', '"psconvnex.sha256"' -replace '"writer"', '"writex"'
            [Text.Encoding]::UTF8.GetBytes($header).CopyTo($bytes, 8)
            [BitConverter]::GetBytes([float]::NaN).CopyTo($bytes, $start)
            [IO.File]::WriteAllBytes("$PWD/bad.safetensors", $bytes)
            $bad | Import-Model -Weights bad.safetensors -WarningVariable imported 3> $null > $null
            foreach ($ending in 'safetensors', 'onnx', 'psconvnet') {
                $bad | Export-Model "again.$ending" -WarningVariable exported 3> $null > $null
                $exported.Count, "$exported", [IO.File]::Exists("$PWD/again.$ending")
            }
            $null = Import-Model again.psconvnet -WarningVariable read 3> $null
            $imported.Count, "$imported", $read.Count, "$read"
            try { $bad | Invoke-Training -Data $data -Epochs 1 -ErrorAction Stop -Quiet } catch { $_.FullyQualifiedErrorId }
            """
        );

        Assert.Empty(result.Errors);
        const string said =
            "bad can't answer with these weights: dense_1.bias has 1 of 10 values that aren't finite. Its training diverged, or they come from a damaged file.";
        Assert.Equal(
            [
                1,
                said,
                true,
                1,
                said,
                true,
                1,
                said,
                true,
                1,
                said,
                1,
                said,
                "WeightsInvalid,PSConvNet.Commands.InvokeTrainingCommand",
            ],
            result.Output.Select(o => o.BaseObject)
        );
    }

    [Fact]
    public void A_training_leaves_frozen_layers_and_says_which()
    {
        var result = _session.Run(
            """
            $before = $new.GetParameter('a.kernel') -join ' '
            $run = $new | Invoke-Training -Data $data -Epochs 1 -Frozen * -Unfrozen head -Quiet
            $before -eq ($new.GetParameter('a.kernel') -join ' ')
            ($run | Out-String) -match 'Frozen: a, b'
            $kept = New-FlattenLayer | New-DenseLayer 16 -Frozen -Name a | New-DenseLayer 10 | New-Model 28,28,1
            ($kept | Get-ModelSummary).NonTrainableParameterCount
            "$($kept | Show-Model -Format Text)" -match 'frozen'
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, true, 12_560, true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("$new | Import-Model -Weights old.safetensors -Partial -Match Order", "PartialByOrder")]
    [InlineData("$new | Import-Model -Weights old.safetensors -From Keras", "WeightsMismatch")]
    [InlineData("$new | Invoke-Training -Data $data -Frozen nosuch", "LayerUnknown")]
    [InlineData("$new | Invoke-Training -Data $data -Frozen 'a,b', head", "NothingToTrain")]
    [InlineData("$new | Find-LearningRate -Data $data -Frozen flatten_1", "LayerHasNoWeights")]
    [InlineData("Import-Model old.safetensors", "ModelFileInvalid")]
    public void Errors_have_ids(string script, string id) =>
        Assert.Contains(id, _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);
}
