namespace PSConvNet.Module.Tests.Models;

public class ModelViewTests
{
    private static readonly string[] s_table =
    [
        "small: input 28 x 28 x 1",
        "Name       Description          OutputShape  Parameters",
        "---------  -------------------  -----------  ----------",
        "flatten_1  Flatten                       784           0",
        "dense_1    Dense (16 units)               16      12,560",
        "dense_2    Dense (10 units, Softmax)          10         170",
    ];

    [Theory]
    [InlineData("")]
    [InlineData(" | Get-ModelSummary")]
    public void A_model_and_its_summary_print_as_Keras_table(string asked)
    {
        var lines = Screen.Show(
            "New-FlattenLayer | New-DenseLayer 16 | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name small"
                + asked
        );

        Assert.Equal(s_table.Select(Screen.Words), lines.Take(s_table.Length).Select(Screen.Words).Select(Rule));
        Assert.Equal("Total parameters: 12,730 (0.05 MB)", lines[^2]);
        Assert.Equal("Trainable: 12,730, not trainable: 0", lines[^1]);
        Assert.Equal(s_table.Length + 2, lines.Count);
    }

    [Fact]
    public void The_tutorials_table_fits_a_terminal_and_ends_in_its_totals()
    {
        var lines = Screen.Show(TutorialNetworks.Conv);

        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Contains(lines, line => line.StartsWith("Total parameters: 1,199,882", StringComparison.Ordinal));
        // Numbers are flush right, so that they can be compared by eye.
        Assert.Single(
            lines.Where(line => line.Contains("2d_", StringComparison.Ordinal)).Select(line => line.Length).Distinct()
        );
    }

    [Fact]
    public void Several_models_print_one_after_another()
    {
        var lines = Screen.Show("foreach ($name in 'one', 'two') { New-FlattenLayer | New-Model 2,2 -Name $name }");

        Assert.Equal(
            ["one: input 2 x 2", "two: input 2 x 2"],
            lines.Where(line => line.Contains("input", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_summarys_rows_print_as_a_table_of_their_own()
    {
        var lines = Screen.Show("(New-ConvLayer 8 | New-FlattenLayer | New-Model 28,28,1 | Get-ModelSummary).Layers");

        Assert.Equal(["Name", "Description", "OutputShape", "Parameters"], Screen.Words(lines[0]));
        Assert.Matches(@"^conv2d_1 +Conv \(8 filters 3 x 3\) +26 x 26 x 8 +80$", lines[2]);
    }

    /// <summary>A rule is as long as its column is wide, which is not what these tests are about.</summary>
    private static string[] Rule(string[] words) =>
        words[0].StartsWith("---", StringComparison.Ordinal) ? Screen.Words(s_table[2]) : words;
}
