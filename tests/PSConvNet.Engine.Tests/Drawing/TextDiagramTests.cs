namespace PSConvNet.Tests.Drawing;

public class TextDiagramTests
{
    public static TheoryData<string> Names => DrawnNetworks.Names;

    [Fact]
    public void A_residual_block_shows_its_layers_and_the_way_around_them()
    {
        var lines = Lines(DrawnNetworks.Of("everything"));

        Assert.Equal(
            [
                "everything: 8 x 8 x 1 -> 3, 8 layers, 1,177 parameters",
                "",
                " ○    Input                                               8 x 8 x 1",
                " ●    Conv        6 filters 3 x 3, padding Same, no bias  8 x 8 x 6   54",
                " ●    BatchNorm                                           8 x 8 x 6   24",
                " ●    Activation  ReLU                                    8 x 8 x 6",
                " ●    MaxPool     2 x 2                                   4 x 4 x 6",
                " ├─╮  Residual",
                " │ ●  Conv        8 filters 3 x 3, padding Same, SiLU     4 x 4 x 8  440",
                " │ ●  Conv        8 filters 3 x 3, padding Same           4 x 4 x 8  584",
                " ● │  Conv        skip: 8 filters 1 x 1, no bias          4 x 4 x 8   48",
                " ⊕─╯  Sum                                                 4 x 4 x 8",
                " ●    Dropout     0.25                                    4 x 4 x 8",
                " ●    GlobalPool  Average                                         8",
                " ●    Dense       3 units, Softmax                                3   27",
            ],
            lines
        );
    }

    [Fact]
    public void Blocks_within_blocks_go_a_step_further_each()
    {
        var flow = Lines(DrawnNetworks.Of("nested")).Skip(2).Select(line => line[1..6].TrimEnd());

        Assert.Equal(
            ["○", "├─╮", "│ ●", "│ ├─╮", "│ │ ●", "│ ⊕─╯", "│ ├─╮", "│ │ ●", "│ ● │", "│ ⊕─╯", "● │", "⊕─╯", "●", "●"],
            flow
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_fits_eighty_columns_with_a_row_a_layer(string name)
    {
        var model = DrawnNetworks.Of(name);
        var (blocks, projections) = DrawnNetworks.Blocks(model);

        var lines = Lines(model);

        // The heading is a sentence of its own, which a terminal may break.
        Assert.All(lines.Skip(1), line => Assert.InRange(line.Length, 0, 80));
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        var flows = lines.Skip(2).ToList();
        // The dots: the layers but for the blocks, and the projections.
        Assert.Equal(
            DrawnNetworks.LayerNames(model).Count - blocks + projections,
            flows.Count(line => line.Contains('●', StringComparison.Ordinal))
        );
        Assert.Equal(blocks, flows.Count(line => line.Contains("├─╮", StringComparison.Ordinal)));
        Assert.Equal(blocks, flows.Count(line => line.Contains("⊕─╯", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_parameters_of_the_rows_add_up_to_the_models(string name)
    {
        var model = DrawnNetworks.Of(name);

        // Flush right, after two spaces at least; shapes are before them.
        var numbers = Lines(model)
            .Skip(2)
            .Where(line => line.Contains('●', StringComparison.Ordinal))
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries)[^1].Trim())
            .Select(cell =>
                int.TryParse(cell, System.Globalization.NumberStyles.AllowThousands, null, out var n) ? n : 0
            )
            .ToList();
        var shapesOfOne = model.Summary.Layers.Where(row => row.Parameters == 0 && row.OutputShape.Rank == 1);

        Assert.Equal(model.ParameterCount, numbers.Sum() - shapesOfOne.Sum(row => row.OutputShape.Size));
    }

    [Theory]
    [InlineData("hostile")]
    [InlineData("named")]
    public void Names_that_were_given_are_shown_and_do_nothing_to_a_terminal(string name)
    {
        var text = new ModelDiagram(DrawnNetworks.Of(name)).ToText();

        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain("\u202E", text, StringComparison.Ordinal);
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(
            name == "named" ? "the_network_s_own_layer:" : "a<b>&\"'`;#quot; ]])}\\n%%{init: {}}%%",
            words,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_wider_terminal_needs_no_breaks_and_a_narrow_one_more()
    {
        var diagram = new ModelDiagram(DrawnNetworks.Of("everything"));

        Assert.Equal(15, diagram.ToText(120).Split('\n').Length);
        Assert.All(diagram.ToText(60).Split('\n'), line => Assert.InRange(line.Length, 0, 60));
        // Below that lines get longer than the terminal, and still say everything.
        Assert.Equal(diagram.ToText(60), diagram.ToText(20));
    }

    private static string[] Lines(Model model) => new ModelDiagram(model).ToText().Split('\n');
}
