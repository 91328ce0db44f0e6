using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>What New-Augmentation gives, and what the cmdlets that train do with it.</summary>
public sealed class NewAugmentationTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData("", "shift 1.5 px, rotate 8 degrees, scale 0.9..1.1, elastic 18 (sigma 6 px)")]
    [InlineData("-Verbose", "shift 1.5 px, rotate 8 degrees, scale 0.9..1.1, elastic 18 (sigma 6 px)")]
    [InlineData("1.5", "shift 1.5 px")]
    [InlineData("-Shift 0", "none")]
    [InlineData("-Rotate 180", "rotate 180 degrees")]
    [InlineData("-Scale 0.5,2", "scale 0.5..2")]
    [InlineData("-Shear 60", "shear 60 degrees")]
    [InlineData("-Elastic 8 -ElasticSigma 2.5", "elastic 8 (sigma 2.5 px)")]
    [InlineData("-Noise 10", "noise 10 levels")]
    [InlineData("-Erase 1 -EraseArea 0.1,0.2", "erase 1 (area 0.1..0.2)")]
    [InlineData("-FlipHorizontal -Fill Edge", "flip, edges drawn out")]
    public void What_is_named_is_on_and_all_else_is_off(string parameters, string expected)
    {
        var augmentation = _session.Run($"New-Augmentation {parameters}").Output.Single();

        Assert.Equal("PSConvNet.Data.Augmentation", augmentation.TypeNames[0]);
        Assert.Equal(expected, augmentation.ToString());
    }

    [Theory]
    [InlineData("-Shift -1")]
    [InlineData("-Shift ([double]::NaN)")]
    [InlineData("-Rotate 200")]
    [InlineData("-Scale 1.1,0.9")]
    [InlineData("-Scale 0,1")]
    [InlineData("-Shear 61")]
    [InlineData("-Elastic ([double]::PositiveInfinity)")]
    [InlineData("-Elastic 34 -ElasticSigma 0")]
    [InlineData("-Noise 300")]
    [InlineData("-Erase 2")]
    [InlineData("-Erase 0.5 -EraseArea 0.5,0.1")]
    [InlineData("-Fill 7", "ParameterArgumentTransformationError")]
    [InlineData("-Scale 1.1", "ParameterArgumentValidationError")]
    [InlineData("-Scale 1,2,3", "ParameterArgumentValidationError")]
    [InlineData("-Shift wide", "ParameterArgumentTransformationError")]
    public void What_can_not_be_is_refused_by_id(string parameters, string errorId = "AugmentationSettingInvalid")
    {
        var error = _session.RunForError($"New-Augmentation {parameters}");

        Assert.Equal($"{errorId},PSConvNet.Commands.NewAugmentationCommand", error.FullyQualifiedErrorId);
        Assert.True(error.CategoryInfo.Category is ErrorCategory.InvalidArgument or ErrorCategory.InvalidData);
    }

    [Fact]
    public void It_prints_on_one_line()
    {
        Assert.Equal(["Augmentation : shift 2 px, flip"], Screen.Show("New-Augmentation -Shift 2 -FlipHorizontal"));
    }

    [Theory]
    [InlineData("(New-Augmentation -Shift 2 -Rotate 10 -Scale 0.9,1.1)")]
    [InlineData("@{ Shift = 2; Rotate = 10; Scale = '0.9..1.1' }")]
    public void A_training_takes_it_or_a_table_of_its_settings_and_sees_what_apply_gives(string augmentation)
    {
        var result = _session.Run(
            $$"""
            $run = New-Small | Invoke-Training -Data $data -Epochs 1 -Seed 4 -Augmentation {{augmentation}}
            $seen = (New-Augmentation -Shift 2 -Rotate 10 -Scale 0.9,1.1).Apply($data.Train, 4, 1)
            $changed = [PSConvNet.Data.Dataset]::new('Changed', $seen, $data.Test, $data.ClassNames, 'test')
            $given = New-Small | Invoke-Training -Data $changed -Epochs 1 -Seed 4
            $run.History[0].Loss -eq $given.History[0].Loss
            $run.Options.Augmentation.ToString()
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, "shift 2 px, rotate 10 degrees, scale 0.9..1.1"], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("$null")]
    [InlineData("(New-Augmentation -Shift 0)")]
    public void Nothing_is_a_training_as_without(string augmentation)
    {
        var result = _session.Run(
            $$"""
            $run = New-Small | Invoke-Training -Data $data -Epochs 2 -Augmentation {{augmentation}}
            $plain = New-Small | Invoke-Training -Data $data -Epochs 2
            $run.History[1].Loss -eq $plain.History[1].Loss
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_table_with_a_setting_that_can_not_be_is_refused()
    {
        var error = _session.RunForError("New-Small | Invoke-Training -Data $data -Augmentation @{ Shift = -2 }");

        Assert.Contains(
            "Shift can't be -2: give a number of pixels, 0 or more.",
            error.Exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_shift_out_of_sight_is_an_error_that_leaves_the_next_model_its_turn()
    {
        var result = _session.Run(
            "(New-Small one), (New-Small two) | Invoke-Training -Data $data -Augmentation (New-Augmentation -Shift 28)"
        );

        Assert.Equal(2, result.Errors.Count);
        Assert.All(
            result.Errors,
            error =>
                Assert.Equal(
                    "AugmentationDoesNotFit,PSConvNet.Commands.InvokeTrainingCommand",
                    error.FullyQualifiedErrorId
                )
        );
        Assert.Contains("below 28", result.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recipe_and_the_test_of_learning_rates_take_it_too()
    {
        var result = _session.Run(
            """
            $augmentation = New-Augmentation
            $run = New-Small | Invoke-Training -Data $data -Recipe Fast -Epochs 1 -Augmentation $augmentation
            $run.Options.Augmentation -eq $augmentation
            $augmented = New-Small | Find-LearningRate -Data $data -Augmentation $augmentation -Steps 10
            $plain = New-Small | Find-LearningRate -Data $data -Steps 10
            $augmented.Points[0].Loss -ne $plain.Points[0].Loss
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_training_that_is_resumed_remembers_how_it_augments()
    {
        using var folder = new CurrentFolder(_session);
        var result = _session.Run(
            """
            $null = New-Small | Invoke-Training -Data $data -Epochs 2 -Augmentation (New-Augmentation -Shift 2) -CheckpointPath run
            (Resume-Training run -Data $data).Options.Augmentation.ToString()
            (Import-Model run/best.psconvnet).Name
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["shift 2 px", "small"], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_runs_table_says_how_images_were_changed()
    {
        var lines = Screen.Show(
            "New-Small | Invoke-Training -Data $data -Epochs 1 -Augmentation (New-Augmentation)",
            DigitsSession.Setup
        );

        Assert.Equal(
            "Augmented: shift 1.5 px, rotate 8 degrees, scale 0.9..1.1, elastic 18 (sigma 6 px)",
            string.Join(' ', lines.Skip(2).Take(2))
        );
    }
}
