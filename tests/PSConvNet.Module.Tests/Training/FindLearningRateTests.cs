using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>What Find-LearningRate gives, that each of its parameters arrives, and how it fails.</summary>
public sealed class FindLearningRateTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void A_curve_has_a_typed_point_a_batch_that_goes_down_the_pipeline()
    {
        var result = _session.Run(
            """
            $curve = New-Small | Find-LearningRate -Data $data -BatchSize 64 -MinimumRate 1e-5 -MaximumRate 0.1 -Steps 41
            $curve
            @($curve.Points | Where-Object LearningRate -lt 1.001e-3).Count
            $curve.Points[0].Loss -eq $curve.Points[0].SmoothedLoss
            """
        );

        var curve = result.Output[0];
        Assert.Equal("PSConvNet.Training.LearningRateCurve", curve.TypeNames[0]);
        Assert.Equal("small", curve.Properties["ModelName"].Value);
        Assert.Equal("Synthetic", curve.Properties["DatasetName"].Value);
        Assert.Equal("StepsDone", curve.Properties["StopReason"].Value.ToString());
        // Four decades in forty steps: the rate of the 21st is in the middle.
        Assert.Equal([21, true], result.Output.Skip(1).Select(o => o.BaseObject));
        var points = Points(curve);
        Assert.All(points, point => Assert.Equal("PSConvNet.Training.LearningRatePoint", point.TypeNames[0]));
        Assert.Equal(Enumerable.Range(1, 41), points.Select(point => (int)point.Properties["Step"].Value));
        Assert.Equal(
            Enumerable.Range(0, 41).Select(i => (i - 50) / 10.0),
            points.Select(point => Math.Round(Math.Log10((double)point.Properties["LearningRate"].Value), 9))
        );
    }

    [Fact]
    public void The_suggestion_goes_on_to_a_training_and_the_model_is_untouched_until_then()
    {
        var result = _session.Run(
            """
            $model = New-Small
            $before = $model.GetParameter('dense_1.kernel') -join ' '
            $curve = $model | Find-LearningRate -Data $data -BatchSize 32 -Quiet
            ($model.GetParameter('dense_1.kernel') -join ' ') -eq $before
            $model.TrainedEpochs
            $curve.Suggestion -gt 3e-4 -and $curve.Suggestion -lt 0.1
            $run = $model | Invoke-Training -Data $data -BatchSize 32 -Epochs 3 -LearningRate $curve.Suggestion -Quiet
            $run.Options.Optimizer.LearningRate -eq $curve.Suggestion
            $run.History[-1].Loss -lt $run.History[0].Loss
            """
        );

        Assert.Empty(result.Errors);
        Assert.Empty(result.Progress);
        Assert.Equal([true, 0.0, true, true, true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("-Optimizer sgd", "Optimizer", "SGD (LearningRate 0.01)")]
    [InlineData("-Optimizer (New-Optimizer AdamW -LearningRate 0.5)", "Optimizer", "AdamW (LearningRate 0.5)")]
    [InlineData("-BatchSize 50", "BatchSize", "50")]
    [InlineData("-Loss MeanSquaredError", "Loss", "MeanSquaredError")]
    [InlineData("-LabelSmoothing 0.25", "LabelSmoothing", "0.25")]
    [InlineData("-Seed 77", "Seed", "77")]
    [InlineData("-Precision Float32", "Precision", "Float32")]
    [InlineData("-Threads 1", "Threads", "1")]
    public void Each_setting_arrives_and_changes_the_losses(string parameters, string option, string value)
    {
        var result = _session.Run(
            $$"""
            $usual, $other = @{}, @{ Precision = 'BFloat16'; Threads = 2 }
            if ('{{option}}' -in 'Precision', 'Threads') { $usual = $other }
            $changed = New-Small | Find-LearningRate -Data $data -MaximumRate 0.1 -Steps 20 {{parameters}}
            $plain = New-Small | Find-LearningRate -Data $data -MaximumRate 0.1 -Steps 20 @usual
            [string]$changed.Options.{{option}}
            ($changed.Points.Loss -join ' ') -ne ($plain.Points.Loss -join ' ')
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([value, true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Several_models_give_a_curve_each_and_verbose_tells_how_each_ended()
    {
        var result = _session.Run(
            """
            $curves = (New-Small one), (New-Small two) | Find-LearningRate -Data $data -Verbose
            $curves.ModelName -join ' '
            (Find-LearningRate (New-Small three), (New-Small four) $data).ModelName -join ' '
            """
        );

        Assert.Equal(["one two", "three four"], result.Output.Select(o => o.BaseObject));
        Assert.Collection(
            result.Verbose,
            one => Assert.StartsWith("one on Synthetic: ", one, StringComparison.Ordinal),
            two => Assert.Matches(@"^two on Synthetic: \d+ rates in \d+\.\d s\. Suggestion 0\.\d+, ", two)
        );
        Assert.Equal(
            ["one", "two", "three", "four"],
            result
                .Progress.Where(r => r.RecordType == ProgressRecordType.Completed)
                .Select(r => r.Activity["Finding a learning rate for ".Length..])
        );
    }

    [Fact]
    public void A_curve_without_a_fall_has_no_suggestion_and_a_warning_says_what_to_try()
    {
        var result = _session.Run(
            "New-Small | Find-LearningRate -Data $data -MinimumRate 1e-9 -MaximumRate 1e-8 -Steps 20"
        );

        Assert.Null(result.Output.Single().Properties["Suggestion"].Value);
        Assert.Null(result.Output.Single().Properties["Minimum"].Value);
        Assert.Equal(
            "small: No suggestion: the loss did not fall. Try a MaximumRate of 1E-06, unless the model has learned all it can.",
            Assert.Single(result.Warnings)
        );
    }

    [Theory]
    [InlineData("-MinimumRate 0", "TrainingOptionInvalid", "-MinimumRate must be from 1e-30 to 1e30, not 0.")]
    [InlineData("-MinimumRate 100", "TrainingOptionInvalid", "-MaximumRate must be above -MinimumRate 100, not 10.")]
    [InlineData("-Steps 1", "TrainingOptionInvalid", "-Steps must be at least 10, not 1.")]
    [InlineData("-BatchSize 0", "TrainingOptionInvalid", "-BatchSize must be at least 1, not 0.")]
    [InlineData("-Threads 257", "TrainingOptionInvalid", "-Threads must be from 1 to 256")]
    [InlineData("-LabelSmoothing 0.1 -Loss MeanSquaredError", "TrainingOptionInvalid", "needs -Loss CrossEntropy")]
    public void A_setting_out_of_range_ends_the_pipeline(string parameters, string errorId, string message)
    {
        var result = _session.Run($"try {{ New-Small | Find-LearningRate -Data $data {parameters} }} catch {{ $_ }}");

        var error = Assert.IsType<ErrorRecord>(result.Output.Single().BaseObject);
        Assert.Equal($"{errorId},PSConvNet.Commands.FindLearningRateCommand", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-Small bad -Classes 5", "ClassCountMismatch", "end it with New-DenseLayer 10")]
    [InlineData("New-Small bad -End Tanh", "LossMismatch", "or use -Loss MeanSquaredError")]
    public void A_model_that_does_not_fit_is_reported_and_the_others_get_their_curves(
        string bad,
        string errorId,
        string message
    )
    {
        var result = _session.Run(
            $$"""
            $bad = {{bad}}
            $curves = @((New-Small before), $bad, (New-Small after) | Find-LearningRate -Data $data -Steps 20)
            $curves.ModelName -join ' '
            [object]::ReferenceEquals($bad, $Error[0].TargetObject)
            """
        );

        Assert.Equal(["before after", true], result.Output.Select(o => o.BaseObject));
        var error = Assert.Single(result.Errors);
        Assert.Equal($"{errorId},PSConvNet.Commands.FindLearningRateCommand", error.FullyQualifiedErrorId);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    [Theory]
    [InlineData("New-Small | Find-LearningRate -Data $data -Optimizer ada", "Adam, AdamW, Adadelta, Adagrad")]
    [InlineData("New-Small | Find-LearningRate -Data $data -Loss ", "CrossEntropy, MeanSquaredError")]
    [InlineData("New-Small | Find-LearningRate -Data $data -Precision ", "Auto, BFloat16, Float32")]
    public void Closed_sets_are_completed(string input, string expected) =>
        Assert.Equal(
            expected.Split(", ").Order(StringComparer.Ordinal),
            Completions.Of(_session, input).Select(c => c.CompletionText).Order(StringComparer.Ordinal)
        );

    private static IReadOnlyList<PSObject> Points(PSObject curve) =>
        [
            .. LanguagePrimitives
                .GetEnumerable(curve.Properties["Points"].Value)
                .Cast<object>()
                .Select(PSObject.AsPSObject),
        ];
}
