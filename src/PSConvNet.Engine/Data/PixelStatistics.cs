using System.Text.Json;
using System.Text.Json.Serialization;

namespace PSConvNet.Data;

/// <summary>
/// What the pixels of a set of images are like, on a scale from 0 to 1. A model keeps those of the images it learned from, so that pictures
/// unlike them can be told.
/// </summary>
/// <param name="Images">How many images there are.</param>
/// <param name="Mean">The pixels' mean.</param>
/// <param name="StandardDeviation">The pixels' standard deviation.</param>
/// <param name="Maximum">The brightest pixel.</param>
/// <param name="DarkImage">The mean of a dark image: one in two hundred is darker.</param>
/// <param name="BrightImage">The mean of a bright image: one in two hundred is brighter.</param>
public sealed record PixelStatistics(
    int Images,
    double Mean,
    double StandardDeviation,
    double Maximum,
    double DarkImage,
    double BrightImage
) : IReadFromFile
{
    private const int OneIn = 200;

    /// <summary>Where the strokes lie; null where images aren't of one channel, and where a file doesn't say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InkStatistics? Ink { get; init; }

    /// <summary>How the images were made of pictures; null where they weren't, or that isn't known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImagePreparation? Preparation { get; init; }

    /// <summary>
    /// How users' pictures become like these images: as these did, or, where they are of strokes on black with a margin around them, as
    /// MNIST's authors made them; null for other images.
    /// </summary>
    /// <param name="shape">One image's shape.</param>
    internal ImagePreparation? PreparationFor(Shape shape)
    {
        if (!ImagePreparation.IsPossible(shape))
            return null;
        if (Preparation is not null || Ink is not { IsOfStrokes: true } ink)
            return Preparation;
        var side = Math.Min(shape[0], shape[1]);
        return new ImagePreparation
        {
            Fit = Math.Clamp((int)Math.Round(ink.LongSide * side), 1, side),
            Centre = ink.MassSpread <= ink.MiddleSpread ? InkCentre.Mass : InkCentre.Box,
        };
    }

    /// <summary>Measures images; all is 0 where there are none.</summary>
    public static PixelStatistics Of(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var means = new double[images.Count];
        long sum = 0;
        long squares = 0;
        byte maximum = 0;
        for (var i = 0; i < means.Length; i++)
        {
            var image = PixelSums.Of(images.GetImage(i).Span);
            means[i] = image.Sum / 255.0 / images.Shape.Size;
            sum += image.Sum;
            squares += image.Squares;
            maximum = Math.Max(maximum, image.Most);
        }
        if (means.Length == 0)
            return new PixelStatistics(0, 0, 0, 0, 0, 0);
        Array.Sort(means);
        var pixels = (double)images.Pixels.Length;
        var mean = sum / pixels;
        return new PixelStatistics(
            means.Length,
            mean / 255,
            Math.Sqrt(Math.Max(0, squares / pixels - mean * mean)) / 255,
            maximum / 255.0,
            means[means.Length / OneIn],
            means[means.Length - 1 - means.Length / OneIn]
        )
        {
            // Pictures of one size that lie anywhere are not to be moved when the model is asked about others of the kind.
            Ink = InkStatistics.Of(images) is { } ink && (ink.IsUniform || !images.IsOfPictures) ? ink : null,
            Preparation = images.Preparation,
        };
    }

    void IReadFromFile.Require()
    {
        if (
            !new[] { Mean, StandardDeviation, Maximum, DarkImage, BrightImage }.All(value => value is >= 0 and <= 1)
            || DarkImage > BrightImage
        )
            throw new JsonException("statistics of images are impossible");
    }
}
