using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Evaluation;

public sealed class CompareModelTests(TrainedSession shared) : IClassFixture<TrainedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void The_best_comes_first_with_what_was_measured_and_what_it_cost()
    {
        var result = _session.Run(
            """
            $rows = $poor, $run | Compare-Model -Data $seen
            ($rows | ForEach-Object Rank) -join ' '
            $rows.Name -join ' '
            $rows.Parameters -join ' '
            foreach ($pair in @($rows[0], $good), @($rows[1], $poor)) {
                $metrics = Measure-Model $pair[1] $seen
                $pair[0].Accuracy -eq $metrics.Accuracy -and $pair[0].Loss -eq $metrics.Loss -and $pair[0].Errors -eq $metrics.Errors
            }
            $rows[0].TrainingSeconds -eq $run.Seconds -and $rows[0].ImagesPerSecond -eq $run.ImagesPerSecond
            $null -eq $rows[1].TrainingSeconds -and $null -eq $rows[1].ImagesPerSecond
            $rows[0].Difference -eq 0 -and $rows[1].Difference -lt 0
            [Math]::Abs(100 * ($rows[1].Accuracy - $rows[0].Accuracy) - $rows[1].Difference) -lt 1e-9
            $null -eq $rows[0].PValue -and $rows[1].PValue -lt 0.001
            $good.TrainedEpochs, $poor.TrainedEpochs -join ' '
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["1 2", "good poor", "50890 3190", true, true, true, true, true, true, true, "20 0"],
            result.Output.Select(o => o.BaseObject)
        );
    }

    [Fact]
    public void The_verdict_says_in_a_sentence_who_is_better_and_whether_it_is_chance()
    {
        var result = _session.Run("Compare-Model $poor, $good $seen | ForEach-Object { $_.Verdict; $_.Summary }");

        var (verdict, summary) = (result.Output[2].ToString(), result.Output[3].ToString());
        Assert.Matches(
            @"^good beats poor by \d+\.\d points \(\d+\.\d % against \d+\.\d %\), McNemar p = \de-\d+: more than chance explains\.$",
            summary
        );
        Assert.Matches(@"^\d+\.\d points behind good, p = \de-\d+: more than chance explains$", verdict);
        Assert.Equal(summary, result.Output[0].ToString());
        Assert.Equal(summary, result.Output[1].ToString());
    }

    [Fact]
    public void A_tie_is_called_one_and_equal_names_are_told_apart()
    {
        var result = _session.Run(
            "$twins = (New-Small twin), (New-Small twin); $rows = Compare-Model $twins $data; $rows.Name; $rows[1].PValue; $rows[0].Summary"
        );

        Assert.Equal(["twin", "twin (2)", 1.0], result.Output.Take(3).Select(o => o.BaseObject));
        Assert.Matches(
            @"^twin and twin \(2\) are equally accurate \(\d+\.\d %\); their losses are equal too, McNemar p = 1\.$",
            result.Output[3].ToString()
        );
    }

    [Fact]
    public void The_same_model_twice_or_in_several_runs_is_one_row_with_all_its_seconds()
    {
        var result = _session.Run(
            """
            $model = New-Small again
            $runs = 1..2 | ForEach-Object { $model | Invoke-Training -Data $data -Epochs 1 -Quiet }
            $rows = @($model, $runs[0], $runs[1], $model, $runs[1] | Compare-Model -Data $data)
            $rows.Count
            [Math]::Abs($rows[0].TrainingSeconds - $runs[0].Seconds - $runs[1].Seconds) -lt 1e-9
            $rows[0].Summary
            """
        );

        Assert.Equal([1, true], result.Output.Take(2).Select(o => o.BaseObject));
        Assert.EndsWith(
            "there is no other model to compare it with.",
            result.Output[2].ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Parameters_are_those_of_the_summary_measured_statistics_included()
    {
        var result = _session.Run(
            """
            $model = New-ConvLayer 2 | New-BatchNormLayer | New-GlobalPoolLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
            (Compare-Model $model $data).Parameters - $model.ParameterCount
            """
        );

        Assert.Equal(0L, result.Output.Single().BaseObject);
    }

    [Theory]
    [InlineData("'conv'", "not String")]
    [InlineData("42", "not Int32")]
    [InlineData("(New-FlattenLayer)", "pipe all layers to New-Model first")]
    [InlineData("(Measure-Model $good $data)", "not ModelMetrics")]
    public void What_is_neither_model_nor_run_is_reported_and_the_others_are_compared(string intruder, string message)
    {
        var result = _session.Run($"$good, {intruder}, $poor | Compare-Model -Data $data | ForEach-Object Name");

        Assert.Equal(["good", "poor"], result.Output.Select(o => o.BaseObject));
        var error = Assert.Single(result.Errors);
        Assert.Equal("ComparisonInputInvalid,PSConvNet.Commands.CompareModelCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-Small bad -Classes 3", "ClassCountMismatch")]
    [InlineData("New-FlattenLayer | New-DenseLayer 10 | New-Model 32,32,1 -Name bad", "DataShapeMismatch")]
    public void So_is_a_model_that_does_not_fit_the_data(string bad, string errorId)
    {
        var result = _session.Run(
            $"$bad = {bad}; $poor, $bad, $good | Compare-Model -Data $data | ForEach-Object Name"
        );

        Assert.Equal(["good", "poor"], result.Output.Select(o => o.BaseObject));
        Assert.Equal(
            $"{errorId},PSConvNet.Commands.CompareModelCommand",
            Assert.Single(result.Errors).FullyQualifiedErrorId
        );
    }

    [Theory]
    [InlineData("Compare-Model @() $data", "ParameterArgumentValidationErrorEmptyArrayNotAllowed")]
    [InlineData("Compare-Model $null $data", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("Compare-Model $good", "ComparisonDataMissing")]
    public void PowerShells_own_binding_refuses_the_rest(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void A_comparison_prints_its_verdict_and_a_table_best_first()
    {
        var lines = Screen.Show(
            """
            $seen = [PSConvNet.Data.Dataset]::new('Seen', $data.Train, $data.Train, $data.ClassNames, 'test')
            $run = New-Small good -Units 64 | Invoke-Training -Data $data -Epochs 20 -BatchSize 30 -Quiet
            (New-Small poor -Units 4), $run | Compare-Model -Data $seen
            """,
            DigitsSession.Setup
        );

        // The verdict may take two lines.
        var table = lines.SkipWhile(line => !line.StartsWith("Name ", StringComparison.Ordinal)).ToList();
        Assert.Matches(
            @"^good beats poor by .* more than chance explains\.$",
            string.Join(' ', lines.Take(lines.Count - table.Count))
        );
        Assert.Equal(
            "Name Parameters Accuracy Interval Errors Points PValue Loss Seconds",
            string.Join(' ', Screen.Words(table[0]))
        );
        Assert.Matches(@"^good +50,890 +\d+\.\d\d % +\d+\.\d\d-\d+\.\d\d +\d+ +\d\.\d{4} +\d+\.\d$", table[2]);
        Assert.Matches(
            @"^poor +3,190 +\d+\.\d\d % +\d+\.\d\d-\d+\.\d\d +\d+ +-\d+\.\d\d +\de-\d+ +\d\.\d{4}$",
            table[3]
        );
        Assert.Equal(4, table.Count);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
    }
}
