using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>What the tutorial suggests to try next: each is one change to its text, and trains.</summary>
public sealed class TutorialSuggestionTests(DigitsSession shared) : IClassFixture<DigitsSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    // 3·3·1·64 + 64 in the first layer, and twice the channels in the second.
    [InlineData("New-ConvLayer 32", "New-ConvLayer 64", 1_199_882 + 320 + 32 * 9 * 64)]
    // 3·3·32·128 + 128 in the second layer, and twice as much to flatten.
    [InlineData("New-ConvLayer 64", "New-ConvLayer 128", 1_199_882 + 18_496 + 9216 * 128)]
    [InlineData(
        "New-DropoutLayer 0.5 |",
        "New-DropoutLayer 0.5 | New-DenseLayer 64 -Activation ReLU |",
        1_199_882 - 1290 + (128 + 1) * 64 + (64 + 1) * 10
    )]
    public void A_larger_network_is_one_change(string from, string to, int parameters) =>
        AssertTrains(Change(TutorialNetworks.Conv, from, to), parameters);

    [Theory]
    [InlineData("GELU")]
    [InlineData("ELU")]
    [InlineData("SiLU")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("LeakyReLU")]
    public void So_is_another_activation_in_either_network(string activation)
    {
        AssertTrains(Change(TutorialNetworks.Conv, "-Activation ReLU", $"-Activation {activation}"), 1_199_882);
        AssertTrains(Change(TutorialNetworks.Dense, "-Activation ReLU", $"-Activation {activation}"), 669_706);
    }

    private static string Change(string script, string from, string to)
    {
        var changed = script.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(script, changed);
        return changed;
    }

    private void AssertTrains(string network, int parameters)
    {
        var result = _session.Run(
            $$"""
            $model = {{network}}
            $before = $model.GetParameter($model.ParameterNames[0]) -join ' '
            $run = $model | Invoke-Training -Data $data -Epochs 0.2 -BatchSize 30 -Quiet
            $model.ParameterCount
            $run.Status.ToString()
            [double]::IsFinite($run.History[0].Loss)
            ($model.GetParameter($model.ParameterNames[0]) -join ' ') -ne $before
            """
        );

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal([parameters, "Completed", true, true], result.Output.Select(o => o.BaseObject));
    }
}
