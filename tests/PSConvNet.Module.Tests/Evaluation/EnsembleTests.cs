using System.Diagnostics;
using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>Several models asked and measured as one.</summary>
public sealed class EnsembleTests(TrainedSession shared) : IClassFixture<TrainedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void Several_models_give_one_answer_an_image_the_mean_of_theirs()
    {
        var result = _session.Run(
            """
            $other = New-Small other -Units 8 -Seed 5
            $all = @(Invoke-Prediction $good, $poor, $other $data)
            $each = foreach ($model in $good, $poor, $other) { ,@(Invoke-Prediction $model $data) }
            $all.Count
            $differences = foreach ($i in 0, 7, 299) {
                foreach ($class in 0..9) {
                    $mean = ($each[0][$i].Probabilities[$class] + $each[1][$i].Probabilities[$class] + $each[2][$i].Probabilities[$class]) / 3
                    [Math]::Abs($all[$i].Probabilities[$class] - $mean)
                }
            }
            @($differences | Where-Object { $_ -lt 1e-6 }).Count
            $all[7].Truth -eq $each[0][7].Truth
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([300, 30, true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void An_ensemble_is_measured_as_its_answers_counted_one_by_one()
    {
        var result = _session.Run(
            """
            $metrics = Measure-Model $good, $poor $data -Ensemble
            $answers = @($data | Invoke-Prediction $good, $poor)
            $metrics.Name
            $metrics.Errors - @($answers | Where-Object { -not $_.IsCorrect }).Count
            $loss = 0.0
            foreach ($answer in $answers) { $loss -= [Math]::Log($answer.Probabilities[$answer.Truth]) / 300 }
            [Math]::Abs($metrics.Loss - $loss) -lt 1e-5
            $piped = $good, $poor | Measure-Model -Data $data -Ensemble
            $piped.Loss - $metrics.Loss
            (Measure-Model $good, $poor $data -Ensemble -Part Train).Samples
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["good + poor", 0, true, 0.0, 300], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("$good, $poor | Measure-Model -Data $data", "good poor")]
    [InlineData("Measure-Model $good, $poor $data", "good poor")]
    [InlineData("Measure-Model $good, $poor $data -Ensemble:$false", "good poor")]
    [InlineData("Measure-Model $good $data -Ensemble", "good")]
    [InlineData("@() | Measure-Model -Data $data -Ensemble", "")]
    public void Without_the_switch_each_model_is_measured_by_itself(string script, string names)
    {
        var result = _session.Run($"@({script} | ForEach-Object Name) -join ' '");

        Assert.Empty(result.Errors);
        Assert.Equal(names, result.Output.Single().BaseObject);
    }

    [Fact]
    public void Images_without_a_data_set_get_the_class_names_of_the_models_that_were_trained()
    {
        var result = _session.Run(
            """
            $answer = Invoke-Prediction $poor, $good -Image $data.Test.GetImage(3).ToArray()
            $wanted = @(Invoke-Prediction $poor, $good $data)[3]
            $answer.ClassName -eq $wanted.ClassName
            [Math]::Abs($answer.Probability - $wanted.Probability) -lt 1e-6
            $null -eq $answer.Truth
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, true, true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData(
        "(New-FlattenLayer | New-DenseLayer 10 | New-Model 28,28 -Name flat)",
        "EnsembleMismatch",
        ErrorCategory.InvalidArgument,
        "good takes images of 28 x 28 x 1 and flat images of 28 x 28"
    )]
    [InlineData(
        "(New-Small three -Classes 3)",
        "EnsembleMismatch",
        ErrorCategory.InvalidArgument,
        "good has 10 classes and three has 3"
    )]
    [InlineData(
        "(New-ConvLayer 2 | New-Model 28,28,1 -Name picture)",
        "EnsembleOutputInvalid",
        ErrorCategory.InvalidArgument,
        "picture outputs 26 x 26 x 2"
    )]
    [InlineData("(New-Small odd -End Tanh)", "PredictionsInvalid", ErrorCategory.InvalidData, "but odd gave")]
    public void What_does_not_go_together_is_refused_by_id(
        string other,
        string errorId,
        ErrorCategory category,
        string message
    )
    {
        var asked = _session.RunForError($"Invoke-Prediction $good, {other} $data");
        var measured = _session.RunForError($"$good, {other} | Measure-Model -Data $data -Ensemble");

        Assert.Equal($"{errorId},PSConvNet.Commands.InvokePredictionCommand", asked.FullyQualifiedErrorId);
        Assert.Equal($"{errorId},PSConvNet.Commands.MeasureModelCommand", measured.FullyQualifiedErrorId);
        Assert.All(
            [asked, measured],
            error =>
            {
                Assert.Equal(category, error.CategoryInfo.Category);
                Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData("Invoke-Prediction @() $data", "ParameterArgumentValidationErrorEmptyArrayNotAllowed")]
    [InlineData("Invoke-Prediction $good, $null $data", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("Invoke-Prediction -Model $good, 'poor' -Data $data", "ParameterArgumentTransformationError")]
    public void PowerShells_own_binding_refuses_the_rest(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Progress_names_the_ensemble_and_counts_its_images_once()
    {
        var records = _session.Run("Measure-Model $good, $poor $data -Ensemble").Progress;

        Assert.All(records, r => Assert.Equal("Measuring good + poor", r.Activity));
        Assert.Equal("300 of 300 images", records[^1].StatusDescription);
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
    }

    [Theory]
    [InlineData("Invoke-Prediction $many $long")]
    [InlineData("$many | Measure-Model -Data $long -Ensemble")]
    public void Ctrl_C_ends_it_within_a_round_and_the_models_can_be_trained(string script)
    {
        // Enough work for minutes: what ends soon was stopped.
        _session.Run(
            """
            $model = New-ConvLayer 64 -Activation ReLU | New-ConvLayer 64 | New-GlobalPoolLayer | New-DenseLayer 10 |
                New-Model 28,28,1 -Name slow
            $many = @($model) * 500
            $pixels = [byte[]]::new(784 * 4000)
            $part = [PSConvNet.Data.ImageSet]::new('long', $pixels, [int[]]::new(4000), $model.InputShape)
            $long = [PSConvNet.Data.Dataset]::new('Long', $part, $part, $data.ClassNames, 'test')
            """
        );
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript(script);
        var running = shell.BeginInvoke();
        var clock = Stopwatch.StartNew();
        while (shell.Streams.Progress.Count == 0)
        {
            Assert.False(running.IsCompleted, "it ended before it could be stopped");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "it did not begin within a minute");
            Thread.Sleep(10);
        }

        shell.Stop();

        Assert.InRange(shell.Streams.Progress[^1].PercentComplete, 0, 50);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Single(_session.Run("$model | Invoke-Training -Data $data -Epochs 0.01 -Quiet").Output);
    }
}
