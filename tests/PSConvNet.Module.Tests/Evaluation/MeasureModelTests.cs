using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Evaluation;

public sealed class MeasureModelTests(TrainedSession shared) : IClassFixture<TrainedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void A_measurement_agrees_with_the_predictions_counted_one_by_one()
    {
        var result = _session.Run(
            """
            $metrics = $good | Measure-Model -Data $data
            $predictions = @(Invoke-Prediction $good $data)
            $right = @($predictions | Where-Object IsCorrect).Count
            $metrics.Samples - $predictions.Count
            $metrics.Accuracy - $right / 300
            $metrics.Errors - (300 - $right)
            $loss = 0.0
            foreach ($p in $predictions) { $loss -= [Math]::Log($p.Probabilities[$p.Truth]) / 300 }
            $metrics.Loss - $loss
            foreach ($p in $predictions) { $metrics.ConfusionMatrix[$p.Truth, $p.Label]-- }
            @($metrics.ConfusionMatrix | Where-Object { $_ -ne 0 }).Count
            foreach ($class in $metrics.Classes) {
                $class.Support - @($predictions | Where-Object Truth -eq $class.Label).Count
                $class.Predicted - @($predictions | Where-Object Label -eq $class.Label).Count
                $hits = @($predictions | Where-Object { $_.Truth -eq $class.Label -and $_.IsCorrect }).Count
                $class.Precision - $hits / [Math]::Max(1, $class.Predicted)
                $class.Recall - $hits / $class.Support
            }
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(5 + 10 * 4, result.Output.Count);
        Assert.All(result.Output, difference => Assert.Equal(0, Convert.ToDouble(difference.BaseObject, null), 1e-5));
    }

    [Fact]
    public void What_was_learned_shows_and_lies_in_its_interval()
    {
        var metrics = _session.Run("Measure-Model $good $seen").Output.Single();
        var interval = PSObject.AsPSObject(metrics.Properties["Interval"].Value);
        var accuracy = (double)metrics.Properties["Accuracy"].Value;

        Assert.Equal("PSConvNet.Evaluation.ModelMetrics", metrics.TypeNames[0]);
        Assert.Equal("good", metrics.Properties["Name"].Value);
        Assert.InRange(accuracy, 0.7, 1);
        Assert.InRange(
            accuracy,
            (double)interval.Properties["Lower"].Value,
            (double)interval.Properties["Upper"].Value
        );
    }

    [Fact]
    public void Either_part_can_be_measured()
    {
        var result = _session.Run(
            """
            $small = [PSConvNet.Data.Dataset]::new('Uneven', $data.Train, $data.Test.Take(120), $data.ClassNames, 'test')
            foreach ($part in @{}, @{ Part = 'Test' }, @{ Part = 'Train' }) { (Measure-Model $good $small @part).Samples }
            """
        );

        Assert.Equal([120, 120, 300], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void With_an_augmentation_it_predicts_and_compares_means_over_forms_and_says_so()
    {
        var result = _session.Run(
            """
            $how = @{ Augmentation = @{ Shift = 1; Rotate = 8 }; Times = 3; Seed = 5 }
            $plain = $good | Measure-Model -Data $data
            $metrics = $good | Measure-Model -Data $data @how
            $metrics.Loss - (-(@(Invoke-Prediction $good $data @how) | ForEach-Object { [Math]::Log($_.Probabilities[$_.Truth]) } | Measure-Object -Average).Average)
            $metrics.Loss - ($good, $poor | Compare-Model -Data $data @how | Where-Object Name -eq good).Loss
            $metrics.Loss -ne $plain.Loss
            ($metrics | Out-String) -replace '\s+', ' '
            ($plain | Out-String) -match 'Answers'
            ($good, $poor | Compare-Model -Data $data @how)[0].Summary
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(0, (double)result.Output[0].BaseObject, 1e-5);
        Assert.Equal(0, (double)result.Output[1].BaseObject, 1e-9);
        Assert.Equal(true, result.Output[2].BaseObject);
        const string words = "mean of 3 versions of each image (shift 1 px, rotate 8 degrees; seed 5)";
        Assert.Contains("Answers : " + words, (string)result.Output[3].BaseObject, StringComparison.Ordinal);
        Assert.Equal(false, result.Output[4].BaseObject);
        Assert.EndsWith(
            $"Test-time augmentation: {words}.",
            (string)result.Output[5].BaseObject,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("-Times 3", "ParameterNotApplicable")]
    [InlineData("-Seed 3", "ParameterNotApplicable")]
    [InlineData("-Augmentation @{ Shift = 1 } -Times 1", "ParameterArgumentValidationError")]
    [InlineData("-Augmentation @{ Shift = 40 }", "AugmentationDoesNotFit")]
    public void Forms_that_can_not_be_are_refused(string arguments, string id) =>
        Assert.StartsWith(
            id + ",",
            _session.RunForError($"$good | Measure-Model -Data $data {arguments}").FullyQualifiedErrorId,
            StringComparison.Ordinal
        );

    [Fact]
    public void Both_precisions_measure_nearly_the_same()
    {
        var result = _session.Run(
            "foreach ($precision in 'Float32', 'BFloat16') { (Measure-Model $good $data -Precision $precision).Loss }"
        );

        Assert.NotEqual(result.Output[0].BaseObject, result.Output[1].BaseObject);
        Assert.Equal((double)result.Output[0].BaseObject, (double)result.Output[1].BaseObject, 0.05);
    }

    [Theory]
    [InlineData("New-Small bad -Classes 3", "ClassCountMismatch", ErrorCategory.InvalidArgument)]
    [InlineData(
        "New-FlattenLayer | New-DenseLayer 10 | New-Model 32,32,1 -Name bad",
        "DataShapeMismatch",
        ErrorCategory.InvalidArgument
    )]
    [InlineData("New-Small bad -End Tanh", "PredictionsInvalid", ErrorCategory.InvalidData)]
    public void A_model_that_cannot_be_measured_is_reported_and_the_others_are(
        string bad,
        string errorId,
        ErrorCategory category
    )
    {
        var result = _session.Run(
            $"$bad = {bad}; $good, $bad, $poor | Measure-Model -Data $data | ForEach-Object Name"
        );

        Assert.Equal(["good", "poor"], result.Output.Select(o => o.BaseObject));
        var error = Assert.Single(result.Errors);
        Assert.Equal($"{errorId},PSConvNet.Commands.MeasureModelCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    [Theory]
    [InlineData("Measure-Model 'good' -Data $data", "ParameterArgumentTransformationError")]
    [InlineData("Measure-Model $good $data -Part Middle", "ParameterArgumentTransformationError")]
    [InlineData("Measure-Model $good", "MissingMandatoryParameter")]
    public void PowerShells_own_binding_refuses_the_rest(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Progress_names_the_model_and_ends_completed()
    {
        var records = _session.Run("Measure-Model $good $data").Progress;

        Assert.All(records, r => Assert.Equal("Measuring good", r.Activity));
        Assert.Equal("300 of 300 images", records[^1].StatusDescription);
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Fact]
    public void A_measurement_prints_as_a_list_and_its_classes_as_a_table()
    {
        var lines = Screen.Show("Measure-Model (New-Small) $data", DigitsSession.Setup);
        var classes = Screen.Show("(Measure-Model (New-Small) $data).Classes", DigitsSession.Setup);

        Assert.Matches(@"^Name +: small$", lines[0]);
        Assert.Matches(@"^Samples +: 300$", lines[1]);
        Assert.Contains(
            lines,
            line =>
                System.Text.RegularExpressions.Regex.IsMatch(
                    line,
                    @"^Accuracy +: \d+\.\d\d % \(95 % interval: \d+\.\d\d % to \d+\.\d\d %\)$"
                )
        );
        Assert.Equal(["Name", "Precision", "Recall", "F1", "Support"], Screen.Words(classes[0]));
        Assert.Equal(12, classes.Count);
    }
}
