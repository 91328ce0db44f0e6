using System.Globalization;

namespace PSConvNet.Evaluation;

/// <summary>Says what is odd about pictures before a model is asked about them: one sentence for each oddity, however many have it.</summary>
public static class PixelDoubts
{
    // Of many images some are always darker or brighter than most.
    private const double Usual = 0.01;

    /// <summary>Doubts about images that come as a data set: only what is so of more than a few.</summary>
    /// <param name="images">The images.</param>
    /// <param name="learned">What the model learned from, or null where that isn't known.</param>
    /// <param name="model">The model's name.</param>
    public static IReadOnlyList<string> OfData(ImageSet images, PixelStatistics? learned = null, string model = "") =>
        Of(images, learned, model, Usual, typed: false);

    /// <summary>Doubts about pictures that somebody gave one by one.</summary>
    /// <param name="images">The pictures as the model gets them.</param>
    /// <param name="learned">What the model learned from, or null where that isn't known.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="typed">Whether they are arrays of numbers that somebody wrote, and no files.</param>
    public static IReadOnlyList<string> OfPictures(
        ImageSet images,
        PixelStatistics? learned = null,
        string model = "",
        bool typed = false
    ) => Of(images, learned, model, usual: 0, typed);

    private static List<string> Of(ImageSet images, PixelStatistics? learned, string model, double usual, bool typed)
    {
        ArgumentNullException.ThrowIfNull(images);
        var (faint, blank, dark, bright) = (0, 0, 0, 0);
        for (var i = 0; i < images.Count; i++)
        {
            var pixels = images.GetImage(i).Span;
            var (sum, _, least, most) = PixelSums.Of(pixels);
            var mean = sum / 255.0 / pixels.Length;
            if (most == 1 && learned is not { Maximum: <= 1 / 255.0 })
                faint++;
            else if (least == most)
                blank++;
            // Half of the light, or of what is missing to white, that a dark or bright image has.
            else if (learned is not null && mean < learned.DarkImage / 2)
                dark++;
            else if (learned is not null && 1 - mean < (1 - learned.BrightImage) / 2)
                bright++;
        }
        var doubts = new List<string>();
        Say(
            faint,
            () =>
                "no pixel above 1 on the scale from 0 to 255, which is nearly black. "
                + (
                    typed
                        ? "Whole numbers are read on that scale: give bytes, or fractions of type double."
                        : "If 1 was meant to be white, save the pictures with 255 instead."
                )
        );
        Say(blank, () => "the same value in all pixels, so nothing can be seen.");
        Say(dark, () => Unlike("darker"));
        Say(bright, () => Unlike("brighter"));
        return doubts;

        void Say(int count, Func<string> what)
        {
            if (count <= usual * images.Count)
                return;
            doubts.Add(
                images.Count == 1
                    ? $"The image has {what()}"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{count:N0} of {Counted.Of(images.Count, "image"):text} {(count == 1 ? "has" : "have")} {what()}"
                    )
            );
        }

        string Unlike(string word) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"a mean far {word} than that of the images {model} learned from ({learned!.Mean:0.00} on a scale from 0 to 1; here {images.Statistics.Mean:0.00}), so the answer is unreliable.{(word == "brighter" ? " ImageFolderOptions.Invert turns ink on paper into light on dark." : "")}"
            );
    }
}
