using System.Globalization;

namespace PSConvNet.Tests.Drawing;

public class ActivationGridTests
{
    private static readonly Shape s_shape = new(6, 6, 1);

    [Fact]
    public void Every_layer_that_changes_values_has_its_maps_on_a_scale_of_its_own()
    {
        var model = Small();
        var picture = (TilePicture)ActivationGrid.Of(model, Sample());

        Assert.Equal(
            ["Input", "conv2d_1", "max_pooling2d_1", "dense_1"],
            picture.Sections.Select(section => section.Heading!.Split(':')[0])
        );
        Assert.Equal([1, 3, 3, 1], picture.Sections.Select(section => section.Tiles.Count));
        Assert.Equal((4, 4), Size(picture.Sections[1].Tiles[0].Image));
        Assert.Equal((2, 2), Size(picture.Sections[2].Tiles[0].Image));
    }

    [Fact]
    public void A_convolutions_map_is_the_sum_over_its_window()
    {
        var model = Small();
        var picture = (TilePicture)ActivationGrid.Of(model, Sample(), ["conv2d_1"]);
        var kernel = model.GetParameter("conv2d_1.kernel");
        var bias = model.GetParameter("conv2d_1.bias");
        var pixels = Sample().Pixels.Span;
        var sums = new double[3, 4, 4];
        for (var filter = 0; filter < 3; filter++)
        for (var y = 0; y < 4; y++)
        for (var x = 0; x < 4; x++)
        {
            double sum = bias[filter];
            for (var dy = 0; dy < 3; dy++)
            for (var dx = 0; dx < 3; dx++)
                sum += kernel[filter * 9 + dy * 3 + dx] * (pixels[(y + dy) * 6 + x + dx] / 255.0);
            sums[filter, y, x] = Math.Max(0, sum);
        }

        var maps = picture.Sections[1].Tiles;
        var most = sums.Cast<double>().Max();
        Assert.EndsWith(
            most.ToString("G3", CultureInfo.InvariantCulture),
            picture.Sections[1].Heading,
            StringComparison.Ordinal
        );
        // Viridis grows brighter all the way: an order of brightness is an order of values.
        var drawn = new List<(double Value, double Brightness)>();
        for (var filter = 0; filter < 3; filter++)
        for (var y = 0; y < 4; y++)
        for (var x = 0; x < 4; x++)
        {
            var (red, green, blue) = maps[filter].Image[x, y];
            drawn.Add((sums[filter, y, x], 0.2126 * red + 0.7152 * green + 0.0722 * blue));
        }
        var ordered = drawn.OrderBy(cell => cell.Value).ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Value - ordered[i - 1].Value > most / 100)
                Assert.True(ordered[i].Brightness > ordered[i - 1].Brightness);
        }
    }

    [Fact]
    public void What_pooling_and_logits_give_is_shown_as_it_is_and_not_as_probabilities()
    {
        var picture = (TilePicture)ActivationGrid.Of(Small(), Sample());

        // The largest of a map stays when it is pooled: both scales end in the same number.
        Assert.Equal(picture.Sections[1].Heading!.Split(" to ")[1], picture.Sections[2].Heading!.Split(" to ")[1]);
    }

    [Fact]
    public void The_last_layer_says_the_answer_the_whole_network_gives()
    {
        var model = new Model(Networks.SmallOfEverything, new Shape(8, 8, 1), seed: 3);
        var data = Networks.Bars();
        new Trainer(model, data, new TrainingOptions { Epochs = 1 }).Run();
        var answer = Prediction.Of(model, data.Test.Take(1)).Single();

        var picture = (TilePicture)ActivationGrid.Of(model, new ImageSample(data.Test.GetImage(0), data.Test.Shape));

        Assert.EndsWith($"most for {answer.ClassName}", picture.Sections[^1].Heading, StringComparison.Ordinal);
        Assert.Contains(
            answer.Probability.ToString("G3", CultureInfo.InvariantCulture)[..4],
            picture.Sections[^1].Heading,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_layer_that_is_not_there_is_refused_with_those_that_are()
    {
        var e = Assert.Throws<ConvNetException>(() => ActivationGrid.Of(Small(), Sample(), ["conv9"]));

        Assert.Equal("LayerUnknown", e.ErrorId);
        Assert.Contains("conv2d_1, max_pooling2d_1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_are_blue_below_zero_white_at_zero_and_orange_above()
    {
        var model = Small();
        var kernel = model.GetParameter("conv2d_1.kernel");
        var picture = (TilePicture)FilterGrid.Of(model);

        var tiles = picture.Sections.Single().Tiles;
        Assert.Equal(3, tiles.Count);
        for (var filter = 0; filter < 3; filter++)
        for (var i = 0; i < 9; i++)
        {
            var (red, _, blue) = tiles[filter].Image[i % 3, i / 3];
            var weight = kernel[filter * 9 + i];
            Assert.Equal(Math.Sign(weight), Math.Abs(red - blue) <= 1 ? 0 : Math.Sign(red - blue));
        }
    }

    [Fact]
    public void A_convolution_of_many_channels_has_a_row_a_filter_and_a_column_a_channel()
    {
        var model = new Model(Networks.TutorialConv, new Shape(28, 28, 1), "conv");
        var section = ((TilePicture)FilterGrid.Of(model, "CONV2D_2", 5)).Sections.Single();
        var kernel = model.GetParameter("conv2d_2.kernel");

        Assert.Equal((5, 25), (section.Columns, section.Tiles.Count));
        // Filter 2, channel 3: of the stored out x height x width x in.
        var tile = section.Tiles[2 * 5 + 3].Image;
        for (var i = 0; i < 9; i++)
        {
            var weight = kernel[(2 * 9 + i) * 32 + 3];
            var (red, _, blue) = tile[i % 3, i / 3];
            Assert.True(Math.Abs(weight) < 0.01 || Math.Sign(red - blue) == Math.Sign(weight));
        }
    }

    [Theory]
    [InlineData("dense_1", "LayerHasNoFilters")]
    [InlineData("nothing", "LayerUnknown")]
    public void Only_convolutions_have_filters(string layer, string id) =>
        Assert.Equal(id, Assert.Throws<ConvNetException>(() => FilterGrid.Of(Small(), layer)).ErrorId);

    [Fact]
    public void Of_a_network_without_convolutions_is_said_that_there_are_none_whichever_layer_is_named()
    {
        var model = new Model([new FlattenLayer(), new DenseLayer(2)], s_shape, "flat");

        foreach (var layer in (string?[])["dense_1", null])
        {
            var error = Assert.Throws<ConvNetException>(() => FilterGrid.Of(model, layer));
            Assert.Equal("flat has no convolution, and so no filters to show: add a ConvLayer.", error.Message);
        }
    }

    private static (int, int) Size(Bitmap image) => (image.Width, image.Height);

    private static Model Small() =>
        new(
            [
                new ConvLayer(3) { Activation = Activation.ReLU },
                new MaxPoolLayer(new Window(2, 2)),
                new DropoutLayer(0.2),
                new FlattenLayer(),
                new DenseLayer(2),
            ],
            s_shape,
            "small",
            seed: 5
        );

    private static ImageSample Sample() =>
        new(Enumerable.Range(0, 36).Select(i => (byte)(i * 37 % 256)).ToArray(), s_shape);
}
