using PSConvNet.Module.Tests.Evaluation;

namespace PSConvNet.Module.Tests.Models;

public sealed class CopyModelTests(TrainedSession shared) : IClassFixture<TrainedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void A_copy_is_another_model_with_the_same_answers()
    {
        var result = _session.Run(
            """
            $copy = $good | Copy-Model
            [object]::ReferenceEquals($copy, $good)
            $copy.Name, $copy.TrainedEpochs, ($copy.ClassNames -join ' ') -join '|'
            (Measure-Model $copy $data).Loss - (Measure-Model $good $data).Loss
            """
        );

        Assert.Equal([false, "good|20|0 1 2 3 4 5 6 7 8 9", 0.0], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Training_the_copy_leaves_the_original_as_it_was()
    {
        var result = _session.Run(
            """
            $before = $good.GetParameter('dense_1.kernel') -join ' '
            $copy = Copy-Model $good -Name next
            $null = $copy | Invoke-Training -Data $data -Epochs 1 -Quiet
            $good.TrainedEpochs, $copy.TrainedEpochs
            ($good.GetParameter('dense_1.kernel') -join ' ') -eq $before
            ($copy.GetParameter('dense_1.kernel') -join ' ') -eq $before
            """
        );

        Assert.Equal([20.0, 21.0, true, false], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Reset_begins_anew_by_the_originals_seed_or_another()
    {
        var result = _session.Run(
            """
            $fresh = (New-Small good -Units 64), (New-Small good -Units 64 -Seed 9)
            foreach ($copy in (Copy-Model $good -Reset), (Copy-Model $good -Reset -Seed 9)) {
                $wanted = @($fresh | Where-Object Seed -eq $copy.Seed)[0]
                $copy.Name, $copy.Seed, $copy.TrainedEpochs, $copy.ClassNames.Count -join ' '
                ($copy.GetParameter('dense_1.kernel') -join ' ') -eq ($wanted.GetParameter('dense_1.kernel') -join ' ')
            }
            """
        );

        Assert.Equal(["good 1 0 0", true, "good 9 0 0", true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("$good, $poor | Copy-Model", "good poor")]
    [InlineData("Copy-Model $good, $poor", "good poor")]
    [InlineData("Copy-Model -Model $good -Name a", "a")]
    [InlineData("$good, $poor | Copy-Model -Name both", "both both")]
    [InlineData("$good, $poor | Copy-Model -Name { \"$($_.Name) 2\" }", "good 2 poor 2")]
    [InlineData("$good, $poor | Copy-Model -Reset -Name { \"$($_.Name) 2\" }", "good 2 poor 2")]
    [InlineData("Copy-Model $good -Reset:$false | Where-Object TrainedEpochs -eq 20", "good")]
    public void One_or_several_are_copied_and_named(string script, string names)
    {
        var result = _session.Run($"({script} | ForEach-Object Name) -join ' '");

        Assert.Empty(result.Errors);
        Assert.Equal(names, result.Output.Single().BaseObject);
    }

    [Theory]
    [InlineData("Copy-Model $good -Seed 2", "MissingMandatoryParameter")]
    [InlineData("Copy-Model $good -Reset:$false -Seed 2", "SeedWithoutReset")]
    [InlineData("Copy-Model $good -Reset -Seed two", "ParameterArgumentTransformationError")]
    [InlineData("Copy-Model $good -Name ''", "ParameterArgumentValidationError")]
    [InlineData("Copy-Model 'good'", "ParameterArgumentTransformationError")]
    [InlineData("Copy-Model $null", "ParameterArgumentValidationErrorNullNotAllowed")]
    [InlineData("'good' | Copy-Model", "InputObjectNotBound")]
    public void What_makes_no_sense_is_refused_by_id(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(script).FullyQualifiedErrorId, StringComparison.Ordinal);
}
