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
            lines[0]
        );
        Assert.Equal("Epoch Loss Accuracy Learning rate Seconds Images/s", string.Join(' ', Screen.Words(lines[1])));
        Assert.Matches(@"^ *1 +\d\.\d{4} +\d+\.\d\d ?% +0\.001 +\d+\.\d +[\d,]+$", lines[3]);
        Assert.Matches(@"^ *2 +\d\.\d{4} ", lines[4]);
        Assert.Matches(@"^Completed after \d+\.\d s, best epoch [12]$", lines[5]);
        Assert.Equal(6, lines.Count);
    }

    [Fact]
    public void A_validated_run_shows_both_losses_within_a_terminals_width()
    {
        var lines = Screen.Show(
            "New-Small | Invoke-Training -Data $data -Epochs 1 -ValidationSplit 0.1",
            DigitsSession.Setup
        );

        Assert.Contains("Validation loss  Validation accuracy", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"^ *1( +\d\.\d{4} +\d+\.\d\d ?%){2} ", lines[3]);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 120));
    }

    [Fact]
    public void A_history_prints_as_a_table()
    {
        var lines = Screen.Show("(New-Small | Invoke-Training -Data $data -Epochs 2).History", DigitsSession.Setup);

        Assert.Equal(
            [
                "Epoch",
                "Loss",
                "Accuracy",
                "ValidationLoss",
                "ValidationAccuracy",
                "LearningRate",
                "Seconds",
                "Images/s",
            ],
            Screen.Words(lines[0])
        );
        Assert.Matches(@"^ *1 +\d\.\d{4} +\d+\.\d\d ?% +0\.001 +\d+\.\d +[\d,]+$", lines[2]);
        Assert.Equal(4, lines.Count);
    }
}
