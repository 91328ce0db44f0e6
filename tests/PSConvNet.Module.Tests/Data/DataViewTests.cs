using static PSConvNet.Module.Tests.Models.Screen;

namespace PSConvNet.Module.Tests.Data;

public class DataViewTests
{
    [Fact]
    public void A_data_set_prints_as_a_short_table()
    {
        var lines = Show("Import-Mnist Synthetic -First 1200 | Expand-Dimension");

        Assert.Equal(["Name", "Train", "Test", "Shape", "ClassCount", "Source"], Words(lines[0]));
        Assert.Equal(
            ["Synthetic", "1,200", "1,200", "28", "x", "28", "x", "1", "10", "synthetic,", "seed", "1"],
            Words(lines[2])
        );
        Assert.Equal(3, lines.Count);
    }

    [Fact]
    public void A_shape_prints_as_people_write_it() =>
        Assert.Equal(["28 x 28 x 1"], Show("(Import-Mnist Synthetic -First 10 | Expand-Dimension).Shape"));

    [Fact]
    public void A_part_prints_its_count_and_shape()
    {
        var lines = Show("(Import-Mnist Synthetic -First 10).Train");

        Assert.Equal(["Train", "10", "28", "x", "28"], Words(lines[2]));
    }

    [Fact]
    public void A_measure_prints_brightness_and_classes()
    {
        var text = string.Join('\n', Show("Import-Mnist Synthetic -First 50 | Measure-Dataset"));

        Assert.Contains("Dataset: Synthetic", text, StringComparison.Ordinal);
        Assert.Matches(@"Part +Count +Mean +StdDev +Min +Max +Classes", text);
        Assert.Matches(@"Train +50 +0\.\d{4} +0\.\d{4} +0\.00 +1\.00 +0: \d+, 1: \d+", text);
    }

    [Fact]
    public void Class_counts_print_as_a_table_of_their_own()
    {
        var lines = Show("(Import-Mnist Synthetic -First 50 | Measure-Dataset)[0].Classes");

        Assert.Equal(["Label", "Name", "Count", "Share"], Words(lines[0]));
        Assert.Equal(12, lines.Count);
    }
}
