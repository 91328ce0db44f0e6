using System.Globalization;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>What is typed is what is used, or an error.</summary>
public sealed class ArgumentTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData("New-ConvLayer 8 -KernelSize 5,3", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer 8 -KernelSize '5,3'", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer 8 -KernelSize 5x3", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer 8 -KernelSize '5 X 3'", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer 8 -KernelSize ' 5 × 3 '", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer 8 -KernelSize @('5,3')", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer 8 -KernelSize @('5', '3')", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer 8 -KernelSize \"$(5, 3)\"", "Conv (8 filters 5 x 3)")]
    [InlineData("New-ConvLayer '8' -KernelSize 5.0", "Conv (8 filters 5 x 5)")]
    [InlineData("New-ConvLayer ('k', '5,3' | ConvertFrom-Csv | ForEach-Object k)", "Conv (5 filters 3 x 3)")]
    [InlineData(
        "'k;n', '5,3;8' | ConvertFrom-Csv -Delimiter ';' | ForEach-Object { New-ConvLayer $_.n $_.k }",
        "Conv (8 filters 5 x 3)"
    )]
    [InlineData("$env:TYPED_K = 5, 3; New-ConvLayer 8 $env:TYPED_K", "Conv (8 filters 5 x 3)")]
    [InlineData("& { param($K) New-ConvLayer 8 $K } -K '5,3'", "Conv (8 filters 5 x 3)")]
    [InlineData("New-MaxPoolLayer '3,2' -Stride 2x1", "MaxPool (3 x 2, stride 2 x 1)")]
    [InlineData("(New-FlattenLayer | New-Model '28,28,1').InputShape", "28 x 28 x 1")]
    [InlineData("(New-FlattenLayer | New-Model 28x28x1).InputShape", "28 x 28 x 1")]
    [InlineData("(New-FlattenLayer | New-Model $data.Shape).InputShape", "28 x 28 x 1")]
    [InlineData("New-Augmentation -Scale '0.9,1.1'", "scale 0.9..1.1")]
    [InlineData("New-SweepSpace -Integer @{ Units = '64,256,32' }", "Units: 64 to 256 by 32")]
    [InlineData("New-SweepSpace -LogUniform @{ Rate = '1e-4, 1e-2' }", "Rate: 0.0001 to 0.01 (log)")]
    [InlineData("New-ActivationLayer relu", "Activation (ReLU)")]
    [InlineData("New-ActivationLayer @('ReLU')", "Activation (ReLU)")]
    [InlineData("New-Optimizer SGD ' 1E-2 '", "SGD (LearningRate 0.01)")]
    public void Sizes_lists_and_names_are_read_as_they_look(string script, string expected)
    {
        var result = _session.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, Assert.Single(result.Output).ToString());
    }

    [Theory]
    // PowerShell reads 53, 15, 2, 0, 0, 1, 53, 1000 and 60.
    [InlineData("New-ConvLayer '5,3'", "'5,3'")]
    [InlineData("New-ConvLayer 8 -L2 '1,5'", "'1,5'")]
    [InlineData("New-DenseLayer 1.5", "1.5")]
    [InlineData("New-DenseLayer $null", "nothing")]
    [InlineData("New-DropoutLayer ''", "''")]
    [InlineData("New-DenseLayer $true", "True")]
    [InlineData("New-DenseLayer 5, 3", "5, 3")]
    [InlineData("Import-Mnist Synthetic -First '1,000'", "'1,000'")]
    [InlineData("Import-Mnist Synthetic -First '60.000'", "'60.000'")]
    [InlineData("New-ConvLayer 8 -KernelSize 2.5", "2.5")]
    [InlineData("New-ConvLayer 8 -KernelSize '5;3'", "'5;3'")]
    [InlineData("New-ConvLayer 8 -KernelSize '0x3'", "'0x3'")]
    [InlineData("New-ConvLayer 8 -KernelSize $null", "nothing")]
    [InlineData("New-ConvLayer 8 -KernelSize '5,3', '2'", "'5,3', '2'")]
    [InlineData("New-Model 28,wide", "28, 'wide'")]
    [InlineData("New-LearningRateSchedule Step -Every 2.5", "2.5")]
    [InlineData("New-Optimizer SGD -Momentum '0,9'", "'0,9'")]
    [InlineData("Show-Image $data -Columns '1,0'", "'1,0'")]
    [InlineData("New-ActivationLayer ReLU, GELU", "'ReLU', 'GELU'")]
    [InlineData("New-Optimizer SGD, Adam", "'SGD', 'Adam'")]
    [InlineData("New-LearningRateSchedule $true", "True")]
    [InlineData("New-ConvLayer 8 -Padding Same, Valid", "'Same', 'Valid'")]
    [InlineData("New-MaxPoolLayer 2 -Padding @{ Rows = 1 }", "a hashtable of Rows")]
    [InlineData("New-DenseLayer 8 -Name @{ a = 1 }", "a hashtable of a")]
    [InlineData("Measure-Model small $data", "'small'")]
    [InlineData("Measure-Model (New-Small) 'mnist'", "'mnist'")]
    [InlineData("Measure-Model (New-Small) $data, $data", "a Dataset, a Dataset")]
    [InlineData("New-ResidualBlock 'New-DenseLayer 3'", "'New-DenseLayer 3'")]
    [InlineData("New-SweepSpace 3", "3")]
    [InlineData("Export-Model a, b -Model (New-Small)", "'a', 'b'")]
    [InlineData("New-Augmentation -Scale '1,2'", "'1,2'")]
    [InlineData("New-ActivationLayer 'ReLU,GELU'", "'ReLU,GELU'")]
    [InlineData("New-ActivationLayer 99", "99")]
    [InlineData("New-ActivationLayer '1'", "'1'")]
    [InlineData("New-ActivationLayer 1", "1")]
    [InlineData("New-ActivationLayer ([DayOfWeek]::Monday)", "Monday")]
    [InlineData("Invoke-Prediction (New-Small) $data -Part Train, Test", "'Train', 'Test'")]
    [InlineData("Split-Dataset $data -Seed 9223372036854775808", "9223372036854775808")]
    public void What_PowerShell_would_turn_into_something_else_is_refused(string script, string shown)
    {
        var error = _session.RunForError(script);

        Assert.StartsWith(
            "ParameterArgumentTransformationError,",
            error.FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
        Assert.Contains($"It can't be {shown}: give ", error.Exception.Message, StringComparison.Ordinal);
        var cause = error.Exception.GetBaseException();
        Assert.Equal("ArgumentInvalid", cause.GetType().GetProperty("ErrorId")!.GetValue(cause));
    }

    [Theory]
    [InlineData("New-ActivationLayer 7", "give one of None, ReLU, LeakyReLU, GELU,")]
    [InlineData("New-DropoutLayer '0,5'", "give one number, with a decimal point.")]
    [InlineData("New-ConvLayer 8 a", "give whole numbers separated by commas or x, such as 5,3 or '5x3'.")]
    [InlineData("New-DenseLayer many", "give one whole number from 1 to 2147483647.")]
    [InlineData(
        "New-Small | Invoke-Training -Data $data -BatchSize 1.5",
        "give one whole number from 1 to 2147483647."
    )]
    [InlineData("Show-Image $data -Columns a", "give one whole number from 1 to 200.")]
    [InlineData("New-ConvLayer 8 -Padding Same, Valid", "give Valid, Same, or a number of pixels from 0 up.")]
    [InlineData("New-Optimizer SGD, Adam", "give an optimizer's name: SGD, Adam,")]
    [InlineData("Copy-Model (New-Small) -Reset -Seed 1e30", "from -9223372036854775808 to 9223372036854775807.")]
    public void The_sentence_says_what_to_give(string script, string remedy) =>
        Assert.Contains(remedy, _session.RunForError(script).Exception.Message, StringComparison.Ordinal);

    [Fact]
    public void Numbers_mean_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(0.5, _session.Run("(New-DropoutLayer 0.5).Rate").Output[0].BaseObject);
            Assert.Equal(0.5, _session.Run("(New-DropoutLayer '0.5').Rate").Output[0].BaseObject);
            Assert.Contains(
                "'0,5'",
                _session.RunForError("New-DropoutLayer (0.5).ToString([cultureinfo]'de-DE')").Exception.Message,
                StringComparison.Ordinal
            );
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_name_that_came_from_another_session_is_still_a_name()
    {
        var result = _session.Run(
            """
            $there = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((New-ActivationLayer GELU).Activation))
            New-ActivationLayer $there
            """
        );

        Assert.Equal("Activation (GELU)", Assert.Single(result.Output).ToString());
    }

    [Fact]
    public void A_null_where_nothing_is_the_default_is_that()
    {
        var result = _session.Run(
            "(New-MaxPoolLayer 3 -Stride $null).ToString(); (New-ActivationLayer ELU -Alpha $null).Alpha"
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["MaxPool (3 x 3)", null], result.Output.Select(o => o?.BaseObject));
    }

    [Theory]
    [InlineData(
        "Measure-Model $model -Data $data.Test | ForEach-Object Accuracy",
        "Measure-Model $model -Data $data | ForEach-Object Accuracy"
    )]
    [InlineData(
        "Measure-Model $model -Data $data.Train | ForEach-Object Accuracy",
        "Measure-Model $model -Data $data -Part Train | ForEach-Object Accuracy"
    )]
    [InlineData(
        "Invoke-Prediction $model $data.Test | ForEach-Object Label",
        "Invoke-Prediction $model $data | ForEach-Object Label"
    )]
    [InlineData(
        "Compare-Model $model -Data $data.Test | ForEach-Object Errors",
        "Compare-Model $model -Data $data | ForEach-Object Errors"
    )]
    [InlineData(
        "(Show-ConfusionMatrix $model -Data $data.Test).ToString('Text')",
        "(Show-ConfusionMatrix $model -Data $data).ToString('Text')"
    )]
    [InlineData(
        "(New-Small | Invoke-Training -Data $data.Train -Epochs 1).History.Loss",
        "(New-Small | Invoke-Training -Data $data -Epochs 1).History.Loss"
    )]
    public void A_part_of_a_data_set_is_taken_for_data(string part, string whole)
    {
        _session.Run("$model = New-Small; $null = $model | Invoke-Training -Data $data -Epochs 1");

        var (ofPart, ofWhole) = (_session.Run(part), _session.Run(whole));

        Assert.Empty(ofPart.Errors);
        Assert.NotEmpty(ofWhole.Output);
        Assert.Equal(ofWhole.Output.Select(o => o.BaseObject), ofPart.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_run_stands_for_its_model_wherever_a_model_is_taken()
    {
        var result = _session.Run(
            """
            $model = New-Small; $run = $model | Invoke-Training -Data $data -Epochs 1 -Quiet
            (Measure-Model $model $data).Accuracy -eq (Measure-Model $run $data).Accuracy
            ($run, $model | Measure-Model -Data $data).Count
            (Invoke-Prediction $run, $model -Data $data | Select-Object -First 1).Label -eq (Invoke-Prediction $model $data)[0].Label
            (Copy-Model $run).TrainedEpochs
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, 2, true, 1.0], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("[System.Collections.Generic.List[object]]")]
    [InlineData("[System.Collections.ArrayList]")]
    [InlineData("[System.Collections.ObjectModel.Collection[psobject]]")]
    public void A_list_of_any_type_is_a_list(string type)
    {
        var result = _session.Run(
            $$"""
            function New-List { $list = {{type}}::new(); foreach ($item in $args) { $null = $list.Add($item) }; , $list }
            (Copy-Model (New-List (New-Small a) (New-Small b))).Name
            "$(New-ConvLayer 8 -KernelSize (New-List 5 '3'))"
            "$(New-ConvLayer 8 -Padding (New-List Same))"
            (New-Small | Invoke-Training -Data $data -Epochs 0.1 -Quiet -Optimizer (New-List SGD)).Options.Optimizer.Name
            (Copy-Model (New-Small) -ClassName (New-List 0 1 2 3 4 5 6 7 8 nine)).ClassNames[9]
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["a", "b", "Conv (8 filters 5 x 3)", "Conv (8 filters 3 x 3, padding Same)", "SGD", "nine"],
            result.Output.Select(o => o.ToString())
        );
    }

    [Fact]
    public void Images_to_learn_from_are_not_measured_on()
    {
        var result = _session.Run("($data.Train | Split-Dataset)[0].Test.Count");

        Assert.Equal(0, Assert.Single(result.Output).BaseObject);
    }

    [Fact]
    public void A_long_seed_is_another_seed_than_its_lower_half()
    {
        var result = _session.Run(
            """
            $hashes = foreach ($seed in 5000000000, 705032704, -1, [long]::MaxValue) {
                [Convert]::ToHexString((Import-Mnist Synthetic -First 2 -Seed $seed).Train.Pixels.ToArray())
                [Convert]::ToHexString(($data | Split-Dataset -Seed $seed)[1].Train.Pixels.ToArray())
            }
            ($hashes | Select-Object -Unique).Count
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(8, Assert.Single(result.Output).BaseObject);
    }

    [Theory]
    [InlineData("Invoke-Training", "Optimizer")]
    [InlineData("Invoke-Training", "Schedule")]
    [InlineData("Find-LearningRate", "Optimizer")]
    public void What_has_to_be_something_is_not_null(string command, string parameter)
    {
        var error = _session.RunForError($"New-Small | {command} -Data $data -{parameter} $null");

        Assert.StartsWith("ParameterArgumentValidationError", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(parameter, error.ToString(), StringComparison.Ordinal);
    }
}
