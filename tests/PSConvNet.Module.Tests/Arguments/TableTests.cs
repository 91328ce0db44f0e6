using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>What a New- cmdlet describes can be written as a table where it is used.</summary>
public sealed class TableTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData(
        "Optimizer",
        "@{ Name = 'SGD'; Momentum = 0.9; nesterov = $true }",
        "New-Optimizer SGD -Momentum 0.9 -Nesterov"
    )]
    [InlineData("Optimizer", "@{ name = 'adamw'; WeightDecay = '0.05' }", "New-Optimizer AdamW -WeightDecay 0.05")]
    [InlineData(
        "Optimizer",
        "('{ \"Name\": \"RMSprop\", \"Rho\": 0.8 }' | ConvertFrom-Json)",
        "New-Optimizer RMSprop -Rho 0.8"
    )]
    [InlineData("Optimizer", "@{ Name = 'Adam' }", "New-Optimizer Adam")]
    [InlineData("Schedule", "@{ Name = 'Cosine'; WarmUp = 0.1 }", "New-LearningRateSchedule Cosine -WarmUp 0.1")]
    [InlineData("Schedule", "([ordered]@{ Name = 'Step'; Every = '3' })", "New-LearningRateSchedule Step -Every 3")]
    [InlineData(
        "Augmentation",
        "@{ Shift = 2; Scale = 0.9, 1.1; Fill = 'edge' }",
        "New-Augmentation -Shift 2 -Scale 0.9,1.1 -Fill Edge"
    )]
    [InlineData(
        "Augmentation",
        "@{ Shift = '1.5'; Scale = '0.9,1.1'; FlipHorizontal = $true }",
        "New-Augmentation -Shift 1.5 -Scale 0.9,1.1 -FlipHorizontal"
    )]
    [InlineData(
        "ClassWeight",
        "@{ 9 = '2.5'; 1 = 2 }",
        "& { $w = [System.Collections.Generic.Dictionary[string, double]]::new(); $w['1'] = 2; $w['9'] = 2.5; [PSConvNet.Training.ClassWeights]::Of($w) }"
    )]
    [InlineData("ClassWeight", "balanced", "[PSConvNet.Training.ClassWeights]::Balanced")]
    [InlineData("ClassWeight", "None", "$null")]
    public void It_is_the_same_as_what_the_cmdlet_gives(string parameter, string table, string cmdlet)
    {
        var result = _session.Run(
            $"(New-Small | Invoke-Training -Data $data -Epochs 0.1 -Quiet -{parameter} {table}).Options.{parameter} -eq ({cmdlet})"
        );

        Assert.Empty(result.Errors);
        Assert.Equal(true, Assert.Single(result.Output).BaseObject);
    }

    [Fact]
    public void A_space_is_a_table_of_tables()
    {
        using var folder = new CurrentFolder(_session);
        // Nothing is run: the space is read before.
        var result = _session.Run(
            """
            $table = @{ Choice = @{ Optimizer = 'SGD', 'Adam' }; Integer = @{ Units = '8,16' }; Uniform = @{ Momentum = 0, 0.9 }; When = @{ Momentum = { param($p) $p.Optimizer -eq 'SGD' } } }
            Invoke-Sweep -Space $table -Data $data -Study none -WhatIf { param($p) New-FlattenLayer | New-DenseLayer 10 }
            """
        );

        Assert.Empty(result.Errors);
        Assert.Contains(
            "A space has no Units; it has hashtables named Choice, Integer, Uniform, LogUniform, When",
            _session
                .RunForError("Invoke-Sweep { } -Space @{ Units = 8, 16 } -Data $data -Study none")
                .Exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_object_of_JSON_stands_for_a_table_where_a_space_is_described()
    {
        var result = _session.Run("New-SweepSpace ('{ \"Units\": [16, 32] }' | ConvertFrom-Json)");

        Assert.Empty(result.Errors);
        Assert.Equal("Units: 16, 32", Assert.Single(result.Output).ToString());
    }

    [Fact]
    public void A_dictionary_of_any_type_is_a_table()
    {
        var result = _session.Run(
            """
            $table = [System.Collections.Generic.Dictionary[string, object]]::new()
            $table.Name = 'SGD'; $table.Momentum = 0.9
            (New-Small | Invoke-Training -Data $data -Epochs 0.1 -Quiet -Optimizer $table).Options.Optimizer.Momentum
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(0.9, Assert.Single(result.Output).BaseObject);
    }

    [Theory]
    [InlineData(
        "-Optimizer @{ Name = 'SGD'; Beta1 = 0.9 }",
        "OptimizerSettingUnknown",
        "SGD has no setting Beta1; it takes LearningRate, WeightDecay, Momentum, Nesterov."
    )]
    [InlineData("-Optimizer @{ Momentum = 0.9 }", "ArgumentInvalid", "give it a Name, one of SGD, Adam,")]
    [InlineData(
        "-Optimizer @{ Name = 'SGD'; Momentum = '0,9' }",
        "OptimizerSettingInvalid",
        "Momentum of SGD can't be 0,9: give a number."
    )]
    [InlineData(
        "-Optimizer @{ Name = 'SGD'; Momentum = $null }",
        "ArgumentInvalid",
        "Momentum in the hashtable has no value"
    )]
    [InlineData(
        "-Schedule @{ Name = 'Step'; Every = 2.5 }",
        "ScheduleSettingInvalid",
        "Every of Step can't be 2.5: give a whole number."
    )]
    [InlineData("-Schedule @{ Name = 'Steps' }", "ScheduleUnknown", "There is no schedule 'Steps'")]
    [InlineData(
        "-Augmentation @{ Shfit = 2 }",
        "AugmentationSettingUnknown",
        "Augmentation has no setting Shfit; it takes Shift, Rotate, Scale,"
    )]
    [InlineData("-Augmentation @{ Shift = '1,5' }", "AugmentationSettingInvalid", "Shift can't be 1,5: give a number.")]
    [InlineData("-Augmentation @{ Fill = 'Zero,Edge' }", "AugmentationSettingInvalid", "give one of Zero, Edge.")]
    [InlineData(
        "-Augmentation @{ ElasticSigma = 6 }",
        "AugmentationSettingInvalid",
        "ElasticSigma does nothing without Elastic"
    )]
    [InlineData(
        "-Augmentation @{ Noise = 2; Fill = 'Edge' }",
        "AugmentationSettingInvalid",
        "Fill does nothing without Shift or"
    )]
    [InlineData(
        "-Optimizer SGD, Adam",
        "ArgumentInvalid",
        "It can't be 'SGD', 'Adam': give one optimizer: a name (SGD,"
    )]
    [InlineData("-Optimizer $true", "ArgumentInvalid", "It can't be True: give one optimizer")]
    [InlineData("-Schedule Step, Cosine", "ArgumentInvalid", "It can't be 'Step', 'Cosine': give one schedule: a name")]
    [InlineData("-Schedule 3", "ArgumentInvalid", "It can't be 3: give one schedule")]
    [InlineData(
        "-Augmentation $true",
        "ArgumentInvalid",
        "It can't be True: give the output of New-Augmentation, or a hashtable"
    )]
    [InlineData("-Augmentation Shift", "ArgumentInvalid", "It can't be 'Shift': give the output of New-Augmentation")]
    [InlineData("-ValidationData 'test'", "ArgumentInvalid", "It can't be 'test': give images")]
    [InlineData(
        "-CheckpointPath x -CheckpointEvery 1,2",
        "ArgumentInvalid",
        "It can't be 1, 2: give a whole number of epochs"
    )]
    [InlineData(
        "-Augmentation @{ Scale = '0,9..1,1' }",
        "AugmentationSettingInvalid",
        "give two numbers, the lower first, such as 0.9, 1.1 or '0.9..1.1'."
    )]
    public void A_setting_that_can_not_be_is_refused_with_what_can(string parameters, string id, string message)
    {
        var error = _session.RunForError($"New-Small | Invoke-Training -Data $data {parameters}");

        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        var cause = error.Exception.GetBaseException();
        Assert.Equal(id, cause.GetType().GetProperty("ErrorId")!.GetValue(cause));
    }
}
