using System.Text.Json.Nodes;

namespace PSConvNet.Tests.Data.Preparation;

/// <summary>What data sets tell of where their strokes lie, and what models make of it.</summary>
public sealed class InkStatisticsTests
{
    [Fact]
    public void They_are_those_of_the_plain_formulas()
    {
        // Two images of one bright pixel each, at 1, 2 and 5, 4 of 8 x 6.
        var pixels = new byte[96];
        (pixels[2 * 8 + 1], pixels[48 + 4 * 8 + 5]) = (200, 100);

        var ink = InkStatistics.Of(new ImageSet("two", pixels, [0, 0], new Shape(6, 8)))!;

        Assert.Equal(94 / 96.0, ink.Black, 12);
        Assert.Equal(0, ink.AtEdge);
        Assert.Equal((1 / 6.0, 0), (ink.LongSide, ink.LongSideSpread));
        // Middles at 1.5, 2.5 and 5.5, 4.5 where the image's own is at 4, 3.
        Assert.Equal(0.5 - 0.5 / 6, ink.MassX, 12);
        Assert.Equal(0.5 + 0.5 / 6, ink.MassY, 12);
        Assert.Equal(Math.Sqrt(4 + 1) / 6, ink.MassSpread, 12);
        Assert.Equal(ink.MassSpread, ink.MiddleSpread, 12);
        Assert.False(ink.IsOfStrokes);
    }

    [SkippableFact]
    public void A_model_of_MNIST_has_pictures_prepared_as_its_authors_did()
    {
        Skip.If(DigitPictures.Mnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");

        Assert.Equal(
            new ImagePreparation { Fit = 20 },
            PixelStatistics.Of(DigitPictures.Mnist).PreparationFor(new Shape(28, 28, 1))
        );
    }

    [Fact]
    public void So_has_one_of_the_synthetic_digits_unless_they_were_read_from_files()
    {
        var digits = SyntheticDigits.Generate(500, 1).Train;

        var preparation = PixelStatistics.Of(digits).PreparationFor(digits.Shape)!;

        Assert.InRange(preparation.Fit!.Value, 19, 22);
        var files = new ImageSet("files", digits.Pixels.ToArray(), digits.Labels.ToArray(), digits.Shape)
        {
            IsOfPictures = true,
        };
        Assert.Null(PixelStatistics.Of(files).PreparationFor(files.Shape));
        Assert.Null(PixelStatistics.Of(digits).PreparationFor(new Shape(28, 28, 3)));
    }

    [Fact]
    public void Photographs_and_dark_ink_on_white_are_only_resized()
    {
        var digits = SyntheticDigits.Generate(200, 1).Train;
        var dark = digits.WithPixels(Array.ConvertAll(digits.Pixels.ToArray(), pixel => (byte)(255 - pixel)));
        var noise = new byte[digits.Pixels.Length];
        new Random(1).NextBytes(noise);

        Assert.Null(PixelStatistics.Of(dark).PreparationFor(dark.Shape));
        Assert.Null(PixelStatistics.Of(digits.WithPixels(noise)).PreparationFor(dark.Shape));
    }

    [Fact]
    public void A_set_keeps_its_preparation_whatever_is_taken_of_it_and_a_model_through_a_file()
    {
        using var folder = new TemporaryFolder();
        var preparation = new ImagePreparation
        {
            Fit = 18,
            Centre = InkCentre.Box,
            Polarity = InkPolarity.DarkOnLight,
            KeepStrokes = true,
        };
        var images = new ImageSet("some", new byte[784 * 4], [0, 1, 0, 1], new Shape(28, 28, 1))
        {
            Preparation = preparation,
        };
        var data = new Dataset("some", images, images, ["a", "b"], "here").Split(0.5, 1).Kept.Take(2);
        Assert.Equal(preparation, data.Train.Preparation);
        var model = new Model([new FlattenLayer(), new DenseLayer(2)], data.Shape, "m")
        {
            TrainingPixels = PixelStatistics.Of(data.Train),
        };
        var file = Path.Combine(folder.Path, "m.psconvnet");

        ModelFile.Save(model, file);

        Assert.Equal(preparation, ModelFile.Load(file).Preparation);
        Assert.Equal(preparation, model.Copy().Preparation);
    }

    [Theory]
    [InlineData("preparation", "fit", 0)]
    [InlineData("preparation", "fit", 1_000_000)]
    [InlineData("ink", "black", 2)]
    [InlineData("ink", "massX", 1e300)]
    public void What_cannot_be_is_refused(string part, string field, double value)
    {
        var digits = SyntheticDigits.Generate(20, 1).Train;
        var model = new Model([new FlattenLayer(), new DenseLayer(2)], digits.Shape, "m")
        {
            TrainingPixels = PixelStatistics.Of(digits) with { Preparation = new ImagePreparation { Fit = 20 } },
        };
        var json = ModelDocument.Write(model);
        Assert.NotNull(ModelDocument.Read(JsonNode.Parse(json.ToJsonString())!.AsObject()).Preparation);
        json["trainingPixels"]![part]![field] = field == "fit" ? JsonValue.Create((int)value) : JsonValue.Create(value);

        Assert.Throws<System.Text.Json.JsonException>(() =>
            ModelDocument.Read(JsonNode.Parse(json.ToJsonString())!.AsObject())
        );
    }
}
