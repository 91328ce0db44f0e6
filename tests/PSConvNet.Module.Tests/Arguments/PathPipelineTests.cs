using PSConvNet.Module.Tests.Evaluation;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>Files and folders whose names have brackets, by every way that leads to a cmdlet.</summary>
public sealed class PathPipelineTests : IClassFixture<TrainedSession>, IDisposable
{
    private readonly PowerShellSession _session;
    private readonly CurrentFolder _folder;

    public PathPipelineTests(TrainedSession shared)
    {
        _session = shared.Session;
        _folder = new CurrentFolder(_session);
        foreach (var name in (string[])["one.png", "a[1].png"])
            File.WriteAllBytes(Path.Combine(_folder.Path, name), GreyPng.Encode(new byte[28 * 28], 28, 28));
        WriteSet("set[1]");
        WriteSet("set");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'one.png' | Invoke-Prediction $good -Raw")]
    [InlineData("'one.png' | Invoke-Prediction -Model $good -Raw")]
    [InlineData("'o*.png' | Invoke-Prediction -Model $good -Raw")]
    [InlineData("Get-Item -LiteralPath 'a[1].png' | Invoke-Prediction $good -Raw")]
    [InlineData("(Get-Item one.png) | Invoke-Prediction $good -Raw")]
    [InlineData("Show-Activation $good -ImagePath one.png -Raw")]
    [InlineData("$good | Show-Activation -ImagePath o*.png -Raw")]
    [InlineData("Show-Activation $good -LiteralImagePath 'a[1].png' -Raw")]
    [InlineData("Show-Activation $good -LiteralPath 'a[1].png' -Raw")]
    [InlineData("Get-Item -LiteralPath 'a[1].png' | Show-Activation -Model $good -Raw")]
    [InlineData("Get-Item -LiteralPath 'a[1].png' | Show-Image")]
    [InlineData("'one.png' | Show-Image")]
    public void A_picture_is_found(string script)
    {
        var result = _session.Run(script);

        Assert.Empty(result.Errors);
        Assert.Single(result.Output);
    }

    [Theory]
    [InlineData("Get-Item -LiteralPath 'set[1]' | Import-Mnist")]
    [InlineData("Import-Mnist -LiteralPath 'set[1]'")]
    [InlineData("Get-Item set | Import-Mnist")]
    [InlineData("'set' | Import-Mnist")]
    [InlineData("'se?' | Import-Mnist Digits")]
    public void A_folder_of_digits_is_found_and_its_files_are_looked_at(string script) =>
        // These are not the published files, and only who has found them knows.
        Assert.StartsWith(
            "DatasetHashMismatch,",
            _session.RunForError(script).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );

    [Fact]
    public void Weights_and_models_are_found_by_pattern_and_literally()
    {
        var result = _session.Run(
            """
            $null = $good | Export-Model w.safetensors
            [IO.File]::Copy("$PWD/w.safetensors", "$PWD/w[1].safetensors")
            $null = Export-Model $good ./m.psconvnet
            [IO.File]::Move("$PWD/m.psconvnet", "$PWD/m[1].psconvnet")
            ($good | Copy-Model | Import-Model -Weights w.s*).Name
            ($good | Copy-Model | Import-Model -LiteralWeights 'w[1].safetensors' -Match Order).Name
            (Get-Item -LiteralPath 'm[1].psconvnet' | Import-Model).Name
            ('m*.psconvnet' | Get-ModelSummary).Name
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["good", "good", "good", "good"], result.Output.Select(name => $"{name}"));
    }

    [Theory]
    [InlineData("'a[1].png' | Invoke-Prediction $good -Raw", "with [ or ] in its name, use -LiteralPath")]
    [InlineData("Show-Activation $good -ImagePath 'a[1].png'", "use -LiteralImagePath")]
    [InlineData("$good | Import-Model -Weights 'w[1].safetensors'", "use -LiteralWeights")]
    [InlineData("Show-Image 'a[1].png'", "give what Get-Item -LiteralPath gives")]
    public void A_name_with_brackets_is_answered_by_what_this_very_cmdlet_takes(string script, string remedy) =>
        Assert.Contains(remedy, _session.RunForError(script).Exception.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("$good | Invoke-Prediction $good")]
    [InlineData("New-FlattenLayer | Invoke-Prediction $good")]
    [InlineData("$good | Import-ImageFolder")]
    public void What_is_no_path_is_not_taken_for_one(string script) =>
        Assert.StartsWith(
            "InputObjectNotBound,",
            _session.RunForError(script).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );

    private void WriteSet(string folder)
    {
        var path = Directory.CreateDirectory(Path.Combine(_folder.Path, folder)).FullName;
        foreach (var part in (string[])["train", "t10k"])
        {
            File.WriteAllBytes(Path.Combine(path, $"{part}-images-idx3-ubyte"), IdxBytes.Images(3));
            File.WriteAllBytes(Path.Combine(path, $"{part}-labels-idx1-ubyte"), IdxBytes.Labels(3));
        }
    }
}
