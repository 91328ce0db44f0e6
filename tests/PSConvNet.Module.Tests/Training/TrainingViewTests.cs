using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

public class TrainingViewTests
{
    [Fact]
    public void A_run_prints_as_a_heading_a_table_of_epochs_and_how_it_ended()
    {
        var lines = Screen.Show(
            "New-Small | Invoke-Training -Data $data -Epochs 2 -Threads 1 -Precision Float32",
            DigitsSession.Setup
        );

        Assert.Matches(
            @"^small on Synthetic: 300 images, Adam \(LearningRate 0\.001\), batches of 128, Float32, 1 threads?$",
            $"{lines[0]} {lines[1]}"
        );
        Assert.Equal("Epoch Loss Accuracy LearningRate Seconds Images/s", string.Join(' ', Screen.Words(lines[2])));
        Assert.Matches(@"^ *1 +\d\.\d{4} +\d+\.\d\d ?% +0\.001 +\d+\.\d +[\d,]+$", lines[4]);
        Assert.Matches(@"^ *2 +\d\.\d{4} ", lines[5]);
        Assert.Matches(@"^Completed after \d+\.\d s, best epoch [12]$", lines[6]);
        Assert.Equal(7, lines.Count);
    }

    [Fact]
    public void A_validated_run_shows_both_losses_within_a_terminals_width()
    {
        var lines = Screen.Show(
            "New-Small | Invoke-Training -Data $data -Epochs 1 -ValidationSplit 0.1",
            DigitsSession.Setup
        );

        Assert.Contains("ValLoss  ValAccuracy", lines[2], StringComparison.Ordinal);
        Assert.Matches(@"^ *1( +\d\.\d{4} +\d+\.\d\d ?%){2} ", lines[4]);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void A_history_prints_as_a_table()
    {
        var lines = Screen.Show("(New-Small | Invoke-Training -Data $data -Epochs 2).History", DigitsSession.Setup);

        Assert.Equal(
            ["Epoch", "Loss", "Accuracy", "ValLoss", "ValAccuracy", "LearningRate", "Seconds", "Images/s"],
            Screen.Words(lines[0])
        );
        Assert.Matches(@"^ *1 +\d\.\d{4} +\d+\.\d\d ?% +0\.001 +\d+\.\d +[\d,]+$", lines[2]);
        Assert.Equal(4, lines.Count);
    }

    [Fact]
    public void A_curve_of_learning_rates_prints_with_bars_and_what_follows_from_it()
    {
        var lines = Screen.Show("New-Small | Find-LearningRate -Data $data -BatchSize 32", DigitsSession.Setup);

        Assert.Matches(
            @"^small on Synthetic: rates from 1E-06 to 10, Adam, batches of 32, (Float32|BFloat16)$",
            lines[0]
        );
        Assert.Equal("LearningRate SmoothedLoss", string.Join(' ', Screen.Words(lines[1])));
        Assert.Matches(@"^ +1E-06 +\d\.\d{4}  #+$", lines[3]);
        Assert.Single(lines, line => line.EndsWith("# < falls fastest", StringComparison.Ordinal));
        Assert.Single(lines, line => line.EndsWith("# < lowest", StringComparison.Ordinal));
        Assert.Matches(
            @"^Suggestion 0\.\d+, where the loss falls fastest; a tenth of the rate with the lowest loss is 0\.\d+\.$",
            $"{lines[^3]} {lines[^2]}"
        );
        Assert.Matches(
            @"^\d+( of 100)? batches in \d+\.\d s(: the smoothed loss rose above 4 times its minimum)?\.$",
            lines[^1]
        );
        Assert.InRange(lines.Count, 17, 28);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void The_points_of_a_curve_print_as_a_table()
    {
        var lines = Screen.Show(
            "(New-Small | Find-LearningRate -Data $data -MaximumRate 1e-3 -Steps 10).Points",
            DigitsSession.Setup
        );

        Assert.Equal("Step LearningRate Loss SmoothedLoss", string.Join(' ', Screen.Words(lines[0])));
        Assert.Matches(@"^ *1 +1E-06 +(\d\.\d{4}) +\1$", lines[2]);
        Assert.Equal(12, lines.Count);
    }
}
