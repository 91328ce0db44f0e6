using System.Management.Automation;
using PSConvNet.Module.Tests.Data;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>
/// A session with <c>$model</c>, which tells black, grey and white pictures apart (<c>$learn</c>), and <c>$later</c>, which has white and
/// grey pictures alone, in this order.
/// </summary>
public sealed class GreySession : IDisposable
{
    public GreySession()
    {
        var result = Session.Run(
            """
            function New-Part($Name, $Names, $Levels, $Each = 6) {
                $pixels = [System.Collections.Generic.List[byte]]::new()
                $labels = foreach ($place in 0..($Names.Count - 1)) {
                    foreach ($i in 1..$Each) { foreach ($j in 1..4) { $pixels.Add($Levels[$Names[$place]] + $i) }; $place }
                }
                [PSConvNet.Data.ImageSet]::new($Name, $pixels.ToArray(), [int[]]$labels, [PSConvNet.Shape]::new([int[]](2, 2, 1)))
            }
            function New-Grey($Name, [string[]]$Names) {
                $part = New-Part Test $Names @{ black = 10; grey = 120; white = 240; red = 80 }
                [PSConvNet.Data.Dataset]::new($Name, $part, $part, $Names, 'test')
            }
            function New-Net($Name, $Outputs = 3, $Seed = 1) {
                New-FlattenLayer | New-DenseLayer 16 -Activation ReLU | New-DenseLayer $Outputs -Activation Softmax | New-Model 2,2,1 -Name $Name -Seed $Seed
            }
            $learn = New-Grey learn black, grey, white
            $later = New-Grey later white, grey
            $unknown = New-Grey unknown grey, red
            $model, $other = (New-Net m), (New-Net other -Seed 2)
            $null = $model | Invoke-Training -Data $learn -Epochs 150 -BatchSize 6 -LearningRate 0.02 -Quiet
            $null = $other | Invoke-Training -Data (New-Grey learn white, black, grey) -Epochs 150 -BatchSize 6 -LearningRate 0.02 -Quiet
            (Measure-Model $model $learn).Errors + (Measure-Model $other $learn).Errors
            """
        );
        Assert.Empty(result.Errors);
        Assert.Equal(0, result.Output.Single().BaseObject);
    }

    internal PowerShellSession Session { get; } = new();

    public void Dispose() => Session.Dispose();
}

/// <summary>A class is a name, not a position, in every command where a data set meets a model.</summary>
public sealed class ClassNameTests(GreySession grey) : IClassFixture<GreySession>, IDisposable
{
    private readonly PowerShellSession _session = grey.Session;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("(Measure-Model $model $later).Accuracy", "1")]
    [InlineData("(Measure-Model $model $later).Classes.Name", "black grey white")]
    [InlineData("(Measure-Model $model $later).Classes.Support", "0 6 6")]
    [InlineData("$model, $other | Measure-Model -Data $later -Ensemble | ForEach-Object Accuracy", "1")]
    [InlineData("(Compare-Model $model, $other -Data $later).Accuracy", "1 1")]
    [InlineData("(Compare-Model $model, $other -Data $later)[1].PValue", "1")]
    [InlineData("(Invoke-Prediction $model $later).TruthName | Select-Object -Unique", "white grey")]
    [InlineData("(Invoke-Prediction $model $later).ClassName | Select-Object -Unique", "white grey")]
    [InlineData("(Invoke-Prediction $model $later).Truth | Select-Object -Unique", "2 1")]
    [InlineData("(Invoke-Prediction $model, $other $later).IsCorrect | Select-Object -Unique", "True")]
    [InlineData("(Invoke-Prediction $other $later).ClassName | Select-Object -Unique", "white grey")]
    [InlineData("(Show-Image $later -Model $model).Description -match 'truth' -or $Error.Count", "False")]
    [InlineData("(Show-ConfusionMatrix $model $later).Description -match 'gets 12 of 12 right'", "True")]
    [InlineData(
        "(Copy-Model $model | Invoke-Training -Data $later -Epochs 1 -LearningRate 1e-30 -ValidationData (New-Grey x grey, black) -Quiet -WarningAction Ignore).History[0].ValidationAccuracy",
        "1"
    )]
    [InlineData(
        "(Copy-Model $model | Invoke-Training -Data $later -Epochs 1 -Optimizer SGD -LearningRate 1e-30 -Quiet).History[0].Accuracy",
        "1"
    )]
    [InlineData(
        "$c = Copy-Model $model; $null = $c | Invoke-Training -Data $later -Epochs 1 -Quiet; $c.ClassNames",
        "black grey white"
    )]
    [InlineData(
        "(Find-LearningRate $model $later -Steps 10 -WarningAction Ignore -Quiet).Points[0].Loss -lt 0.2",
        "True"
    )]
    [InlineData(
        "(New-Net fresh | Invoke-Training -Data $learn -Epochs 1 -Optimizer SGD -LearningRate 1e-30 -ValidationData (New-Grey x white, grey, black) -Quiet).History[0] | ForEach-Object { [Math]::Round($_.Loss - $_.ValidationLoss, 4) }",
        "0"
    )]
    public void Another_order_and_fewer_classes_are_right(string script, string expected)
    {
        var result = _session.Run($"$Error.Clear(); {script}");
        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(' ', result.Output));
    }

    [Theory]
    [InlineData("Measure-Model $model $unknown")]
    [InlineData("Measure-Model $model $unknown -Part Train")]
    [InlineData("$model, $other | Measure-Model -Data $unknown -Ensemble")]
    [InlineData("Compare-Model $model -Data $unknown")]
    [InlineData("Invoke-Prediction $model -Data $unknown")]
    [InlineData("Invoke-Prediction $model, $other -Data $unknown")]
    [InlineData("Show-Image $unknown -Model $model -Wrong")]
    [InlineData("Show-ConfusionMatrix $model $unknown")]
    [InlineData("$model | Invoke-Training -Data $unknown -Quiet")]
    [InlineData("$model | Invoke-Training -Data $learn -ValidationData $unknown -Quiet")]
    [InlineData("New-Net fresh | Invoke-Training -Data $learn -ValidationData $unknown.Test -Quiet")]
    [InlineData("Find-LearningRate $model $unknown -Quiet")]
    [InlineData(
        "New-ModelReport $model ([IO.Path]::Combine([IO.Path]::GetTempPath(), 'not-written.html')) -Data $unknown"
    )]
    public void A_class_that_the_model_does_not_know_is_an_error_with_both_lists(string script)
    {
        var error = _session.RunForError(script);
        ImportMnistTests.AssertError(error, "ClassUnknown", ErrorCategory.InvalidData);
        Assert.Contains("'grey', 'red'", error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("'black', 'grey', 'white'", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal("black grey white", _session.Run("\"$($model.ClassNames)\"").Output.Single().ToString());
    }

    [Fact]
    public void Names_change_where_that_is_asked_and_a_report_s_commands_say_so()
    {
        _session.Runspace.SessionStateProxy.SetVariable("folder", _folder.Path);
        var result = _session.Run(
            """
            $copy = Copy-Model $model -Name copy
            $three = New-Grey three grey, red, white
            $null = $copy | Invoke-Training -Data $three -Epochs 1 -RenameClass -Quiet
            "$($copy.ClassNames)"
            $named = Copy-Model $model -ClassName noir, gris, blanc
            "$((Invoke-Prediction $named -Image (,(@(0) * 4))).ClassName) $($model.ClassNames)"
            $null = $copy | Export-Model $folder/copy.psconvnet
            $read = Import-Model $folder/copy.psconvnet
            "$($read.ClassNames) $($read.Runs.Options.RenameClasses)"
            New-ModelReport $read $folder/copy.html | Out-Null
            [IO.File]::ReadAllText("$folder/copy.html") -match 'Invoke-Training -Data \$\w+ -RenameClass '
            """
        );
        Assert.Empty(result.Errors);
        Assert.Equal(
            ["grey red white", "noir black grey white", "grey red white False True", "True"],
            result.Output.Select(o => o.ToString())
        );
        // Too many names, or so few that those left would stand for other outputs.
        string[] miscounted =
        [
            "Copy-Model $model -ClassName a, b, c, d",
            "Copy-Model $model -ClassName grey, white",
            "Copy-Model $model | Invoke-Training -Data $unknown -RenameClass -Quiet",
        ];
        foreach (var script in miscounted)
        {
            ImportMnistTests.AssertError(
                _session.RunForError(script),
                "ClassCountMismatch",
                ErrorCategory.InvalidArgument
            );
        }
        ImportMnistTests.AssertError(
            _session.RunForError("Copy-Model $model -ClassName a, a"),
            "ClassNameDuplicate",
            ErrorCategory.InvalidArgument
        );
    }

    [Fact]
    public void A_model_of_folders_is_right_on_other_folders_digits_match_MNIST_s_and_spellings_of_Unicode_are_one()
    {
        foreach (var (name, level) in new (string, byte)[] { ("7", 10), ("cafe\u0301", 240) })
            for (var i = 0; i < 3; i++)
                _folder.Write($"test/{name}/{i}.png", GreyPng.Encode([level, level, level, level], 2, 2));
        _session.Runspace.SessionStateProxy.SetVariable("folder", _folder.Path);
        var result = _session.Run(
            """
            $seen = New-Part Train 'caf', 7 @{ caf = 200; 7 = 5 }
            $data = [PSConvNet.Data.Dataset]::new('seen', $seen, $seen, [string[]]("caf`u{e9}", '7'), 'test')
            $two = New-Net two 2
            $null = $two | Invoke-Training -Data $data -Epochs 100 -BatchSize 6 -LearningRate 0.02 -Quiet
            $test = Import-ImageFolder $folder/test -Size 2 -TestSplit 0
            (Measure-Model $two $test -Part Train).Errors
            (Show-Image $test -Class "cafe`u{301}").Description -match "caf`u{e9}; caf`u{e9}; caf`u{e9}"
            $digits = Copy-Model (New-Net digits 10) -ClassName 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
            $mnist = Import-Mnist -Name Synthetic -First 20
            $small = [PSConvNet.Data.ImageSet]::new('Test', [byte[]]::new(80), $mnist.Test.Labels.ToArray(), [PSConvNet.Shape]::new([int[]](2, 2, 1)))
            $same = [PSConvNet.Data.Dataset]::new('digits', $small, $small, $mnist.ClassNames, 'test')
            $right = (Invoke-Prediction $digits $same).Where({ "$($_.Truth)" -eq "$(9 - $mnist.Test.Labels.ToArray()[$_.Source])" })
            $right.Count
            """
        );
        Assert.Empty(result.Errors);
        Assert.Equal(["0", "True", "20"], result.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void Splits_keep_a_class_s_only_image_and_warn_with_its_name()
    {
        var result = _session.Run(
            """
            $uneven = [PSConvNet.Data.ImageSet]::new('Train', [byte[]]::new(48), [int[]](@(0) * 10 + 1 + 2), $learn.Shape)
            $uneven = [PSConvNet.Data.Dataset]::new('uneven', $uneven, $uneven, [string[]]('many', 'one', 'two'), 'test')
            $kept, $held = Split-Dataset $uneven -Fraction 0.2
            $kept.Train.Labels.ToArray() -join ''
            $held.Test.Labels.ToArray() -join ''
            $run = New-Net net | Invoke-Training -Data $uneven -ValidationSplit 0.2 -Epochs 1 -Quiet
            $run.TrainingImages
            $run = New-Net net | Invoke-Training -Data $uneven -ValidationData $held -Epochs 1 -Quiet
            """
        );
        Assert.Equal(["0000000012", "00", "10"], result.Output.Select(o => o.ToString()));
        Assert.Equal(3, result.Warnings.Count);
        Assert.All(result.Warnings, warning => Assert.Contains("'one', 'two'", warning, StringComparison.Ordinal));
    }
}
