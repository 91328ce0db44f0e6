using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>-Recipe, a part of an epoch and the mean of the weights, as a person types them.</summary>
public sealed class RecipeTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Fact]
    public void Fast_picks_the_settings_and_the_runs_table_says_which()
    {
        var lines = Table("New-Small | Invoke-Training -Data $data -Recipe Fast");

        // A heading that is wider than a terminal goes on in the next line.
        var heading = string.Join(' ', lines.TakeWhile(line => !line.StartsWith("Epoch", StringComparison.Ordinal)));
        Assert.Contains("Adam (LearningRate 0.003, Beta1 0.7, Beta2 0.97", heading, StringComparison.Ordinal);
        Assert.Contains(" threads Fast: OneCycle (", heading, StringComparison.Ordinal);
        Assert.EndsWith("label smoothing 0.1, no averaging", heading, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_goes_over_what_Fast_picks()
    {
        var run = _session
            .Run(
                "New-Small | Invoke-Training -Data $data -Recipe Fast -Epochs 1 -LearningRate 0.02 -LabelSmoothing 0 -Schedule Constant -BatchSize 50"
            )
            .Output.Single();

        var options = new PSObject(run.Properties["Options"].Value);
        Assert.Equal("Constant", options.Properties["Schedule"].Value.ToString());
        Assert.Equal(0.0, options.Properties["LabelSmoothing"].Value);
        Assert.Equal(50, options.Properties["BatchSize"].Value);
        Assert.Contains(
            "LearningRate 0.02",
            options.Properties["Optimizer"].Value.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains("Beta1 0.7", options.Properties["Optimizer"].Value.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_tutorials_recipe_is_the_default_and_says_nothing_of_itself()
    {
        var plain = Table("New-Small | Invoke-Training -Data $data -Epochs 1");
        var named = Table("New-Small | Invoke-Training -Data $data -Epochs 1 -Recipe Tutorial");

        Assert.Equal(plain[0], named[0]);
        Assert.DoesNotContain(plain, line => line.Contains("Tutorial", StringComparison.Ordinal));
    }

    [Fact]
    public void Fast_learns_more_in_two_epochs_than_the_tutorials_recipe()
    {
        var losses = _session
            .Run(
                """
                $many = Import-Mnist -Name Synthetic -First 3000 | Expand-Dimension
                foreach ($recipe in 'Fast', 'Tutorial')
                {
                    $run = New-Model -Preset TutorialDense | Invoke-Training -Data $many -Recipe $recipe -Epochs 2
                    (Measure-Model $run.Model -Data $many).Accuracy
                }
                """
            )
            .Output.Select(o => (double)o.BaseObject)
            .ToList();

        Assert.True(losses[0] > losses[1], string.Join(" against ", losses));
    }

    [Fact]
    public void Half_an_epoch_more_is_a_record_more()
    {
        var run = _session.Run("New-Small | Invoke-Training -Data $data -Epochs 1.5 -BatchSize 30").Output.Single();

        Assert.Equal(2, ((System.Collections.ICollection)run.Properties["History"].Value).Count);
    }

    [Fact]
    public void The_mean_of_the_weights_differs_from_the_last_ones()
    {
        var accuracies = _session.Run(
            """
            $last = New-Small | Invoke-Training -Data $data -Epochs 2 -BatchSize 30
            $mean = New-Small | Invoke-Training -Data $data -Epochs 2 -BatchSize 30 -AverageDecay 0.9
            ($last.Model.GetParameter('dense_1.kernel') -join ' ') -ne ($mean.Model.GetParameter('dense_1.kernel') -join ' ')
            """
        );

        Assert.Equal(true, accuracies.Output.Single().BaseObject);
    }

    private List<string> Table(string script) =>
        [
            .. ((string)_session.Run($"({script}).ToTable()").Output.Single().BaseObject).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            ),
        ];
}
