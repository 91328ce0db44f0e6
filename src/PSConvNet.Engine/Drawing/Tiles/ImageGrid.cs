using System.Globalization;

namespace PSConvNet.Drawing;

/// <summary>How a grid of images is laid out.</summary>
/// <param name="Columns">Images in a row, at least 1.</param>
/// <param name="Title">The heading, or null for what the images are.</param>
public sealed record ImageGridOptions(int Columns = 10, string? Title = null);

/// <summary>Pictures of images in rows, each with what it is, or what a model takes it for.</summary>
public static class ImageGrid
{
    /// <summary>The side that small images are enlarged to, and large ones reduced to, in pixels of the picture.</summary>
    private const double Side = 84;

    // A description that lists thousands of captions helps nobody.
    private const int MostDescribed = 50;

    /// <summary>Images of a set with their classes.</summary>
    /// <param name="images">The images; any shape of two or three dimensions.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="options">The layout.</param>
    /// <exception cref="ConvNetException"><c>PictureEmpty</c>, <c>ImageShapeUnsupported</c>, <c>NativeLibraryMissing</c>.</exception>
    public static Picture Of(ImageSet images, IReadOnlyList<string> classNames, ImageGridOptions? options = null) =>
        Of(
            Enumerable
                .Range(0, images.Count)
                .Select(i => new Tile(
                    Draw(images.GetImage(i).Span, images.Shape),
                    [ClassName.Complete(classNames, images.Labels.Span[i] + 1)[images.Labels.Span[i]]]
                )),
            $"{images.Name} images",
            options
        );

    /// <summary>Images with a caption each.</summary>
    /// <param name="images">The images, all of one shape, and what to write below each.</param>
    /// <param name="options">The layout.</param>
    /// <exception cref="ConvNetException"><c>PictureEmpty</c>, <c>ImageShapeUnsupported</c>, <c>NativeLibraryMissing</c>.</exception>
    public static Picture Of(
        IEnumerable<(ImageSample Image, string Caption)> images,
        ImageGridOptions? options = null
    ) =>
        Of(
            images.Select(entry => new Tile(Draw(entry.Image.Pixels.Span, entry.Image.Shape), [entry.Caption])),
            "images",
            options
        );

    /// <summary>Answers with the images they are to: the guess and its probability, and the truth where it is known.</summary>
    /// <param name="predictions">The answers, in the order they are shown in; those without an image are left out.</param>
    /// <param name="options">The layout.</param>
    /// <exception cref="ConvNetException"><c>PictureEmpty</c>, <c>ImageShapeUnsupported</c>, <c>NativeLibraryMissing</c>.</exception>
    public static Picture Of(IEnumerable<Prediction> predictions, ImageGridOptions? options = null) =>
        Of(
            predictions
                .Where(prediction => prediction.Image is not null)
                .Select(prediction => new Tile(
                    Draw(prediction.Image!.Pixels.Span, prediction.Image.Shape),
                    Caption(prediction),
                    prediction.IsCorrect switch
                    {
                        true => TileTone.Right,
                        false => TileTone.Wrong,
                        null => TileTone.Plain,
                    }
                )),
            "predictions",
            options
        );

    /// <summary>The wrong ones among answers, the most confident first.</summary>
    public static IEnumerable<Prediction> Mistakes(IEnumerable<Prediction> predictions) =>
        predictions.Where(prediction => prediction.IsCorrect == false).OrderByDescending(p => p.Probability);

    private static TilePicture Of(IEnumerable<Tile> images, string what, ImageGridOptions? options)
    {
        options ??= new ImageGridOptions();
        var tiles = CanvasPicture.WithSkia(images.ToArray);
        if (tiles.Length == 0)
        {
            throw new ConvNetException(
                ErrorIds.PictureEmpty,
                ErrorKind.InvalidArgument,
                "There is no image to show: none of the given images matches. Choose others, or more of them."
            );
        }
        var title = options.Title ?? $"{tiles.Length} {what}";
        var said = tiles.Take(MostDescribed).Select(tile => string.Join(", ", tile.Caption));
        var more = tiles.Length > MostDescribed ? $"; and {tiles.Length - MostDescribed} more" : "";
        var side = tiles.Max(tile => Math.Max(tile.Image.Width, tile.Image.Height));
        return new TilePicture(
            title,
            $"{title}. From left to right, row by row: {string.Join("; ", said)}{more}.",
            [new TileSection(null, tiles, options.Columns, PixelSize(side))]
        );
    }

    /// <summary>Small images by a whole number, so that each of their pixels is as large as the others.</summary>
    internal static double PixelSize(int side) => side <= Side ? Math.Floor(Side / side) : Side / side;

    private static string[] Caption(Prediction prediction)
    {
        var guess = $"{prediction.ClassName}, {Percent(prediction.Probability)}";
        return prediction.IsCorrect switch
        {
            true => [$"✓ {guess}"],
            false => [$"✗ {guess}", $"truth: {prediction.TruthName}"],
            null => [guess],
        };
    }

    // 99.96 % is not 100 %: a mistake that the model is sure of should not look surer than it is.
    private static string Percent(double share) =>
        share is > 0.985 and < 1
            ? $"{Math.Min(Math.Floor(share * 10000) / 100, 99.99).ToString("0.0#", CultureInfo.InvariantCulture)} %"
            : $"{(share * 100).ToString("0", CultureInfo.InvariantCulture)} %";

    private static Bitmap Draw(ReadOnlySpan<byte> pixels, Shape shape) =>
        shape.Rank is 2 or 3
            ? Bitmap.Of(pixels, shape)
            : throw new ConvNetException(
                ErrorIds.ImageShapeUnsupported,
                ErrorKind.InvalidArgument,
                $"Samples of shape {shape} are no images; a picture needs height x width, or height x width x channels.",
                shape
            );
}
