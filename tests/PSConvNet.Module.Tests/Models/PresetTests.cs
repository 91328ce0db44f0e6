namespace PSConvNet.Module.Tests.Models;

public sealed class PresetTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData("TutorialConv", TutorialNetworks.Conv)]
    [InlineData("TutorialDense", TutorialNetworks.Dense)]
    public void The_tutorials_presets_are_the_networks_of_its_pipelines(string preset, string pipeline)
    {
        var result = _session.Run(
            $$"""
            $typed = {{pipeline}}
            $preset = New-Model -Preset {{preset}}
            ($typed.Layers -join '; ') -eq ($preset.Layers -join '; ')
            $preset.Name
            """
        );

        Assert.Equal([true, preset], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_preset_takes_another_shape_name_and_number_of_classes()
    {
        var model = _session.Run("New-Model -Preset FastConv 32,32,3 -Classes 4 -Name mine").Output.Single();

        Assert.StartsWith("mine: 32 x 32 x 3 -> 4,", model.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_preset_that_does_not_fit_the_shape_is_refused_by_name()
    {
        var result = _session.Run("try { New-Model -Preset DeepConv 2,2,1 } catch { $_.FullyQualifiedErrorId }");

        Assert.Equal("LayerShapeMismatch,PSConvNet.Commands.NewModelCommand", result.Output.Single().BaseObject);
    }

    [Fact]
    public void The_plan_fits_a_terminal_a_row_a_step()
    {
        foreach (var preset in new[] { "TutorialConv", "FastConv", "DeepConv", "TutorialDense" })
        {
            var lines = Screen.Show($"New-Model -Preset {preset} | Get-ModelSummary -Plan");

            Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
            Assert.Contains("threads, each with its share of every batch", lines[0], StringComparison.Ordinal);
            Assert.Contains(lines, line => line.Contains("libtorch: matrix product", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_plan_is_made_for_the_precision_that_is_asked_for()
    {
        var result = _session.Run(
            """
            foreach ($precision in 'Float32', 'BFloat16') {
                $plan = New-Model -Preset TutorialConv | Get-ModelSummary -Plan -Precision $precision
                "$($plan.Precision): $($plan.Rules.Rule -contains 'dense products in fp32')"
            }
            """
        );

        Assert.Equal(["Float32: True", "BFloat16: False"], result.Output.Select(line => line.ToString()));
    }
}
