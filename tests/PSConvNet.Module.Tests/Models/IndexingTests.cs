using PSConvNet.Module.Tests.Evaluation;

namespace PSConvNet.Module.Tests.Models;

/// <summary>PowerShell indexes arrays and lists; of a compiler's read-only list it gives the whole for any index.</summary>
public sealed class IndexingTests(TrainedSession shared) : IClassFixture<TrainedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    [Theory]
    [InlineData("$data", "ClassNames")]
    [InlineData("(Import-Mnist -Name Synthetic -First 5)", "ClassNames")]
    [InlineData("(Measure-Dataset $data)[0]", "Classes")]
    [InlineData("(New-ResidualBlock { New-ConvLayer 3 })", "Layers")]
    [InlineData("$good", "ClassNames Layers ParameterNames")]
    [InlineData("(New-DenseLayer 2 -Activation Softmax | New-DenseLayer 2 | New-Model 4 3> $null)", "Warnings")]
    [InlineData("$good.Summary", "Layers")]
    [InlineData("(Get-ModelSummary $good)", "Layers")]
    [InlineData("(New-ResidualBlock { New-DenseLayer 3; New-DenseLayer 4 } | New-Model 4).Summary.Layers[0]", "Layers")]
    [InlineData("(New-Optimizer SGD)", "Settings")]
    [InlineData("(New-LearningRateSchedule Step)", "Settings")]
    [InlineData("$run", "History")]
    [InlineData("(Measure-Model $good $data)", "Classes Labels Predictions")]
    [InlineData("@(Invoke-Prediction $good $data)[0]", "Probabilities")]
    public void A_list_can_be_indexed(string item, string properties)
    {
        var result = _session.Run(
            $$"""
            $item = {{item}}
            foreach ($name in '{{properties}}' -split ' ') {
                $list = $item.$name
                $first = @($list)[0]
                "$name $([object]::ReferenceEquals($list[0], $first) -or ($list[0] -ceq $first -and $list[0].GetType() -eq $first.GetType()))"
            }
            """
        );

        Assert.Equal(properties.Split(' ').Select(name => $"{name} True"), result.Output.Select(o => o.ToString()));
    }
}
