using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>A parameter that would be passed over is an error that says what it needs.</summary>
public sealed class PartnerTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData(
        "New-Small | Invoke-Training -Data $data -CheckpointEvery 2",
        "-CheckpointEvery does nothing without -CheckpointPath"
    )]
    [InlineData(
        "New-Small | Invoke-Training -Data $data -KeepLast 2",
        "-KeepLast does nothing without -CheckpointPath"
    )]
    [InlineData("New-Small | Invoke-Training -Data $data -Force", "-Force does nothing without -CheckpointPath")]
    [InlineData("New-Small | Invoke-Training -Data $data -Patience 2", "-Patience does nothing without -EarlyStopping")]
    [InlineData(
        "New-Small | Invoke-Training -Data $data -Patience 2 -EarlyStopping:$false",
        "-Patience does nothing without -EarlyStopping"
    )]
    [InlineData(
        "Invoke-Sweep { } -Space $space -Data $data -Study none -Patience 2",
        "-Patience does nothing without -EarlyStopping"
    )]
    [InlineData(
        "Invoke-Sweep { } -Space $space -Data $data -Study none -GridPoints 2",
        "-GridPoints does nothing without -Sampler Grid"
    )]
    [InlineData(
        "Invoke-Sweep { } -Space $space -Data $data -Study none -GraceEpochs 2",
        "-GraceEpochs does nothing without -Pruner Median or Asha"
    )]
    [InlineData(
        "Invoke-Sweep { } -Space $space -Data $data -Study none -Pruner Median -ReductionFactor 2",
        "-ReductionFactor does nothing without -Pruner Asha"
    )]
    [InlineData("New-Augmentation -ElasticSigma 6", "-ElasticSigma does nothing without -Elastic")]
    [InlineData("New-Augmentation -Shift 2 -EraseArea 0.1,0.2", "-EraseArea does nothing without -Erase")]
    [InlineData("New-Augmentation -Noise 2 -Fill Edge", "-Fill does nothing without -Shift or -Rotate or")]
    [InlineData("Show-Image $data -Seed 2", "-Seed does nothing without -Shuffle or -Augmentation")]
    [InlineData("Show-Image $data -Shuffle -Index 1", "-Shuffle is only for images that -Index doesn't name")]
    [InlineData("Invoke-Prediction $model $data | Show-Image -Class 7", "-Class is only for data sets")]
    [InlineData("Measure-Model $model $data.Train -Part Test", "-Part is only for whole data sets")]
    [InlineData("Invoke-Prediction $model $data.Test -Part Train", "-Part is only for whole data sets")]
    [InlineData("Show-ConfusionMatrix $model $data.Test -Part Train", "-Part is only for whole data sets")]
    [InlineData("Show-Image $data.Test -Part Train", "-Part is only for whole data sets")]
    [InlineData("Show-ConfusionMatrix $measured -Part Train", "-Part does nothing without -Data")]
    [InlineData("Show-ConfusionMatrix $measured -Data $data", "-Data is only for models")]
    [InlineData(
        "New-ModelReport $model none.html -MistakeCount 3",
        "-MistakeCount is only for models that are measured"
    )]
    [InlineData("Get-SweepTrial none -Best 3 -State Failed", "-State is only for all trials")]
    [InlineData("Get-SweepTrial none -Best 3 -IncludeReplicate", "-IncludeReplicate is only for all trials")]
    public void It_is_refused(string script, string message)
    {
        _session.Run(
            "$space = New-SweepSpace @{ Units = 2, 3 }; $model = New-Small; $measured = Measure-Model $model $data"
        );

        var error = _session.RunForError(script);

        Assert.StartsWith("ParameterNotApplicable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_images_for_a_training_that_was_begun_without_are_refused()
    {
        using var folder = new CurrentFolder(_session);
        _session.Run(
            "$null = New-Small | Invoke-Training -Data $data -Epochs 1 -CheckpointPath run -KeepLast 1 -Quiet"
        );

        var error = _session.RunForError("Resume-Training run -Data $data -ValidationData $data");

        Assert.StartsWith("ParameterNotApplicable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void With_its_partner_it_is_used()
    {
        var result = _session.Run(
            """
            (New-Small | Invoke-Training -Data $data -Epochs 9 -EarlyStopping -Patience 1 -LearningRate 1e-30).History.Count
            New-Augmentation -Elastic 9 -ElasticSigma 6
            New-Augmentation -Shift 1 -Fill Edge
            Show-Image $data -Shuffle -Seed 2 | ForEach-Object Title
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["2", "elastic 9 (sigma 6 px)", "shift 1 px, edges drawn out", "Synthetic: 20 training images"],
            result.Output.Select(o => o.ToString())
        );
    }
}
