using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>Predictions for data sets and for arrays of pixels.</summary>
public sealed class InvokePredictionTests(TrainedSession shared) : IClassFixture<TrainedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void A_data_set_gives_an_answer_an_image_with_the_truth()
    {
        var result = _session.Run(
            """
            $answers = @($data | Invoke-Prediction $good)
            $answers.Count
            $answers[7]
            $data.Test.Labels.ToArray()[7]
            """
        );

        var answer = result.Output[1];
        Assert.Equal(300, result.Output[0].BaseObject);
        Assert.Equal("PSConvNet.Evaluation.Prediction", answer.TypeNames[0]);
        Assert.Equal(7, answer.Properties["Source"].Value);
        Assert.Equal(result.Output[2].BaseObject, answer.Properties["Truth"].Value);
    }

    [Fact]
    public void Probabilities_sum_to_one_and_the_label_has_the_largest()
    {
        var result = _session.Run(
            """
            foreach ($answer in Invoke-Prediction $good -Data $data) {
                $sum = $largest = 0.0
                foreach ($p in $answer.Probabilities) { $sum += $p; $largest = [Math]::Max($largest, $p) }
                [Math]::Abs($sum - 1) -lt 1e-5 -and $answer.Probability -eq $largest -and
                    $answer.Probabilities[$answer.Label] -eq $largest -and $answer.Probabilities.Count -eq 10 -and
                    $answer.IsCorrect -eq ($answer.Label -eq $answer.Truth)
            }
            """
        );

        Assert.Equal(Enumerable.Repeat<object>(true, 300), result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Classes_go_by_the_names_of_the_data_the_model_was_trained_on()
    {
        var result = _session.Run(
            """
            $names = 'nil', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'
            $named = [PSConvNet.Data.Dataset]::new('Named', $data.Train, $data.Test, [string[]] $names, 'test')
            $model = New-Small
            $untrained = Invoke-Prediction $model -Image (,$data.Test.GetImage(0).ToArray())
            $null = $model | Invoke-Training -Data $named -Epochs 1 -Quiet
            $image = Invoke-Prediction $model -Image (,$data.Test.GetImage(0).ToArray())
            $first = @(Invoke-Prediction $model $named)[0]
            $untrained.ClassName -eq "$($untrained.Label)"
            $image.ClassName -eq $names[$image.Label]
            $first.ClassName -eq $names[$first.Label] -and $first.TruthName -eq $names[$first.Truth]
            """
        );

        Assert.Equal([true, true, true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void The_training_part_can_be_asked_for_and_other_names_go_on_from_it()
    {
        var result = _session.Run(
            """
            $uneven = [PSConvNet.Data.Dataset]::new('Uneven', $data.Train, $data.Test.Take(5), $data.ClassNames, 'test')
            @($uneven | Invoke-Prediction $good).Count
            @($uneven | Invoke-Prediction $good -Part Train).Count
            @($uneven, $uneven | Invoke-Prediction $good).Count
            """
        );

        Assert.Equal([5, 300, 10], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("$bytes", "bytes")]
    [InlineData("[int[]] $bytes", "whole numbers")]
    [InlineData("[long[]] $bytes", "long numbers")]
    [InlineData("[double[]]($bytes | ForEach-Object { $_ / 255 })", "fractions")]
    [InlineData("[float[]]($bytes | ForEach-Object { $_ / 255 })", "single fractions")]
    [InlineData("[ulong[]] $bytes", "unsigned numbers")]
    [InlineData("@($bytes | ForEach-Object { $_ })", "a PowerShell list")]
    [InlineData("@($bytes | ForEach-Object { $_ / 255 })", "quotients, of which 255 / 255 is the whole number 1")]
    [InlineData("@($bytes | ForEach-Object { [psobject]::AsPSObject([int] $_) })", "wrapped numbers")]
    [InlineData("[Collections.Generic.List[byte]] $bytes", "a list")]
    [InlineData("$grid", "28 x 28 whole numbers")]
    [InlineData("$fractions", "28 x 28 x 1 fractions")]
    [InlineData("@(foreach ($y in 0..27) { ,$bytes[($y * 28)..($y * 28 + 27)] })", "rows")]
    [InlineData("@(0..27 | ForEach-Object { ,$bytes[($_ * 28)..($_ * 28 + 27)] })", "rows out of a pipeline")]
    public void An_image_may_come_in_any_array_of_numbers(string image, string what)
    {
        var result = _session.Run(
            $$"""
            $bytes = $data.Test.GetImage(3).ToArray()
            $grid = [int[,]]::new(28, 28)
            $fractions = [double[,,]]::new(28, 28, 1)
            foreach ($i in 0..783) {
                $grid[[Math]::Floor($i / 28), ($i % 28)] = $bytes[$i]
                $fractions[[Math]::Floor($i / 28), ($i % 28), 0] = $bytes[$i] / 255
            }
            $image = {{image}}
            $answer = Invoke-Prediction $good -Image (,$image)
            $wanted = @(Invoke-Prediction $good $data)[3]
            $answer.Label - $wanted.Label
            [Math]::Abs($answer.Probability - $wanted.Probability) -lt 1e-6
            $null -eq $answer.Truth -and $null -eq $answer.IsCorrect
            $answer.Source
            """
        );

        Assert.True(result.Errors.Count == 0, $"{what}: {string.Join(", ", result.Errors)}");
        Assert.Equal([0, true, true, 0], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("-Image $bytes")]
    [InlineData("-Image @($bytes | ForEach-Object { $_ / 255 })")]
    [InlineData("-Image (,$bytes)")]
    [InlineData("-Image @(,$bytes)")]
    [InlineData("-Image $data.Test.GetImage(3)")]
    [InlineData("-Image @(Invoke-Prediction $good $data)[3].Image")]
    public void A_single_image_needs_no_comma(string parameters)
    {
        var result = _session.Run(
            $"$bytes = $data.Test.GetImage(3).ToArray(); $answer = Invoke-Prediction $good {parameters}; $answer.Label - @(Invoke-Prediction $good $data)[3].Label"
        );

        Assert.Empty(result.Errors);
        Assert.Equal(0, result.Output.Single().BaseObject);
    }

    [Fact]
    public void Several_images_are_numbered_as_they_come()
    {
        var result = _session.Run(
            "Invoke-Prediction $good -Image $data.Test.GetImage(0).ToArray(), $data.Test.GetImage(1) | ForEach-Object Source"
        );

        Assert.Equal([0, 1], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("[byte[]]::new(783)", "An image of 28 x 28 x 1 has 784 pixels, but the array has 783.")]
    [InlineData("[byte[]]::new(785)", "but the array has ")]
    [InlineData("[byte[]]::new(0)", "but the array has 0")]
    [InlineData("([int[]]::new(783) + 256)", "A whole number in an image must be from 0 to 255, not 256.")]
    [InlineData("([int[]]::new(783) + -1)", "from 0 to 255, not -1")]
    [InlineData("([double[]]::new(783) + 1.5)", "A fraction in an image must be from 0 to 1, not 1.5.")]
    [InlineData("([double[]]::new(783) + [double]::NaN)", "from 0 to 1, not NaN")]
    [InlineData("(@(0.5) * 783 + 128)", "A fraction in an image must be from 0 to 1, not 128.")]
    [InlineData("(@(0) * 783 + 'ink')", "'ink' isn't one")]
    [InlineData("(@(0) * 783 + $null)", "'' isn't one")]
    [InlineData("'seven'", "An image consists of numbers, and 'seven' isn't one.")]
    [InlineData("42", "but the array has 1")]
    public void An_array_that_is_no_image_is_reported_and_the_others_go_on(string image, string message)
    {
        var result = _session.Run(
            $$"""
            $first, $last = $data.Test.GetImage(0).ToArray(), $data.Test.GetImage(1).ToArray()
            $images = [object[]]::new(3)
            $images[0], $images[1], $images[2] = $first, {{image}}, $last
            Invoke-Prediction $good -Image $images | ForEach-Object Source
            """
        );

        Assert.Equal([0, 2], result.Output.Select(o => o.BaseObject));
        var error = Assert.Single(result.Errors);
        Assert.Equal("ImageArrayInvalid,PSConvNet.Commands.InvokePredictionCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Invoke-Prediction $good (Import-Mnist -Name Synthetic -First 5)", 5)]
    [InlineData("Invoke-Prediction (New-Small -Classes 3) $data", 300)]
    [InlineData("Invoke-Prediction (New-Small -Classes 12) $data", 300)]
    public void Data_without_a_channel_and_models_of_more_or_fewer_classes_are_fine(string script, int count)
    {
        var result = _session.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(count, result.Output.Count);
    }

    [Fact]
    public void Data_of_another_shape_is_refused()
    {
        var error = _session.RunForError(
            "Invoke-Prediction (New-FlattenLayer | New-DenseLayer 10 | New-Model 32,32,1) $data"
        );

        Assert.Equal("DataShapeMismatch,PSConvNet.Commands.InvokePredictionCommand", error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("Invoke-Prediction $good", "MissingMandatoryParameter")]
    [InlineData("Invoke-Prediction $good $data -Path a.png", "PositionalParameterNotFound")]
    [InlineData("Invoke-Prediction $good $data -Invert", "PositionalParameterNotFound")]
    [InlineData("Invoke-Prediction 'good' -Data $data", "ParameterArgumentTransformationError")]
    [InlineData("Invoke-Prediction $good -Image $null", "ParameterArgumentValidationErrorNullNotAllowed")]
    public void PowerShells_own_binding_refuses_the_rest(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Answers_print_as_a_table()
    {
        var lines = Screen.Show(
            "Invoke-Prediction (New-Small) (Import-Mnist -Name Synthetic -First 3)",
            DigitsSession.Setup
        );

        Assert.Equal("Source", Screen.Words(lines[0])[0]);
        Assert.Equal(5, lines.Count);
        Assert.Matches(@"^ *0 +.*\d+\.\d", lines[2]);
    }
}
