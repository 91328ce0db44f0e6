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
    [InlineData("Import-ImageFolder . -TestSplit 0 -Seed 2", "-Seed is only for a test part that is held out")]
    [InlineData(
        "Import-ImageFolder . -TestPath . -TestSplit 0.1",
        "-TestSplit is only for a test part that is held out"
    )]
    [InlineData(
        "Import-ImageFolder -LiteralPath . -TestPath . -Seed 2",
        "-Seed is only for a test part that is held out"
    )]
    [InlineData("Show-Image $data -Force", "-Force is only for a file that -Path names")]
    [InlineData("$model | Show-Model -Force", "-Force is only for a file that -Path names")]
    [InlineData("Invoke-Notebook none.ipynb -Force", "-Force does nothing without -OutputPath")]
    [InlineData(
        "$model | Invoke-Training -Data $data -Optimizer (New-Optimizer SGD -LearningRate 0.3) -LearningRate 0.2",
        "-LearningRate is 0.2, and the SGD of -Optimizer has a learning rate of its own, 0.3"
    )]
    [InlineData(
        "$model | Invoke-Training -Data $data -Optimizer @{ Name = 'Adam'; LearningRate = 0.3 } -LearningRate 0.2",
        "give one of them"
    )]
    [InlineData(
        "Invoke-Sweep { } -Space $space -Data $data -Study none -Engine @{ Name = 'Local'; Parallel = 3 } -Parallel 2",
        "The option Parallel of the engine Local is given twice"
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

    [Theory]
    [InlineData(
        "Epochs 3",
        "@{ Integer = @{ Epochs = 1, 2 } }",
        "Epochs is given for all trials, and the space varies it"
    )]
    [InlineData(
        "LearningRate 0.1",
        "@{ LogUniform = @{ learningRate = 1e-4, 1e-2 } }",
        "LearningRate is given for all trials"
    )]
    [InlineData(
        "Optimizer (New-Optimizer SGD -Momentum 0.9)",
        "@{ Uniform = @{ Momentum = 0, 0.9 } }",
        "Momentum is given for all trials by -Optimizer, and the space varies it"
    )]
    [InlineData("Optimizer SGD", "@{ Choice = @{ Optimizer = 'SGD', 'Adam' } }", "Optimizer is given for all trials")]
    public void What_is_given_for_all_trials_is_not_varied(string option, string space, string message)
    {
        using var folder = new CurrentFolder(_session);

        var error = _session.RunForError(
            $"Invoke-Sweep {{ param($p) New-FlattenLayer | New-DenseLayer 10 }} -Space {space} -Data $data -Study none -{option}"
        );

        Assert.StartsWith("SweepOptionInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Frozen dense_1 -Unfrozen dense_1")]
    [InlineData("-Unfrozen dense_1")]
    [InlineData("-Frozen ''")]
    [InlineData("-Frozen dense_1, ' '")]
    public void Names_of_layers_that_change_nothing_are_refused_by_all_that_train(string options)
    {
        foreach (var command in (string[])["Invoke-Training", "Find-LearningRate"])
        {
            var error = _session.RunForError($"New-Small | {command} -Data $data {options}");
            Assert.StartsWith("TrainingOptionInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        }
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
