namespace PSConvNet.Tests.Models;

/// <summary>The summary of a network with a residual block: its layers are rows of their own, as with Keras' expand_nested.</summary>
public class NestedSummaryTests
{
    private static readonly Shape s_image = new(28, 28, 1);

    private static LayerSpec[] Layers(bool frozen = false) =>
        [
            new ConvLayer(4) { Padding = Padding.Same },
            new ResidualBlock([
                new ConvLayer(8)
                {
                    Padding = Padding.Same,
                    Stride = new(2, 2),
                    Frozen = frozen,
                },
                new BatchNormLayer(),
                new ResidualBlock([new ConvLayer(8) { Padding = Padding.Same, Name = "inner" }]),
            ])
            {
                Activation = Activation.ReLU,
            },
            new GlobalPoolLayer(PoolKind.Average),
        ];

    [Fact]
    public void The_layers_within_a_block_follow_its_row_indented_and_its_projection_ends_them()
    {
        var rows = Table(Layers());

        Assert.Equal(
            [
                "conv2d_1",
                "residual_1",
                "  conv2d_1",
                "  batch_normalization_1",
                "  residual_1",
                "    inner",
                "  projection",
                "global_average_pooling2d_1",
            ],
            rows.Select(row => row[..26].TrimEnd()).Where(name => name.Length > 0)
        );
        Assert.Contains(
            rows,
            row =>
                row.StartsWith("residual_1 ", StringComparison.Ordinal)
                && row.Contains("  Residual (ReLU)  ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Each_row_has_its_own_shape_and_parameters_and_the_block_s_are_their_sum()
    {
        var block = new Model(Layers(), s_image).Summary.Layers[1];

        // 3 x 3 x 4 x 8 + 8; gamma, beta, mean and variance of 8 channels; 3 x 3 x 8 x 8 + 8; 1 x 1 x 4 x 8.
        Assert.Equal([296, 32, 584, 32], block.Layers.Select(layer => layer.Parameters));
        Assert.Equal([296, 16, 584, 32], block.Layers.Select(layer => layer.TrainableParameters));
        Assert.Equal(584, Assert.Single(block.Layers[2].Layers).Parameters);
        Assert.Equal(block.Layers.Sum(layer => layer.Parameters), block.Parameters);
        Assert.All(block.Layers, layer => Assert.Equal(new Shape(14, 14, 8), layer.OutputShape));
        Assert.Empty(new Model(Layers(), s_image).Summary.Layers[0].Layers);
    }

    [Fact]
    public void In_a_notebook_they_are_indented_too() =>
        Assert.Contains(
            ">&nbsp;&nbsp;&nbsp;&nbsp;inner</th>",
            new Model(Layers(), s_image).Summary.ToHtml(),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_frozen_layer_within_a_block_trains_nothing()
    {
        var block = new Model(Layers(frozen: true), s_image).Summary.Layers[1];

        Assert.Equal([0, 16, 584, 32], block.Layers.Select(layer => layer.TrainableParameters));
    }

    [Fact]
    public void Names_and_settings_that_are_too_wide_for_a_terminal_go_on_in_the_next_line()
    {
        const string Name = "a_layer_whose_name_is_as_long_as_the_whole_table_may_be_on_a_usual_terminal_of_eighty";
        var summary = new Model(
            [
                new ConvLayer(4)
                {
                    Name = Name,
                    Padding = Padding.Same,
                    Dilation = new(2, 2),
                    Groups = 1,
                    Activation = Activation.LeakyReLU,
                    Frozen = true,
                },
                new FlattenLayer(),
            ],
            s_image
        ).Summary;

        var lines = summary.ToTable().Split('\n');

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        var rows = lines.Skip(4).TakeWhile(line => !line.StartsWith("flatten", StringComparison.Ordinal)).ToList();
        Assert.Equal(Name, string.Concat(rows.Select(row => row.Split(' ')[0])));
        Assert.Equal(
            $"Conv ({summary.Layers[0].Layer.Settings})",
            string.Join(
                    ' ',
                    rows.Select(row =>
                        row[row.Split(' ')[0].Length..]
                            .Replace("28 x 28 x 4          40", "", StringComparison.Ordinal)
                            .Trim()
                    )
                )
                .Trim()
        );
    }

    private static List<string> Table(LayerSpec[] layers) =>
        [.. new Model(layers, s_image).Summary.ToTable().Split('\n').Skip(4).TakeWhile(line => line.Length > 0)];
}
