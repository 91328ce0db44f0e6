namespace PSConvNet.Commands;

/// <summary>Picture files as images to look at, each with a caption.</summary>
/// <param name="preparation">How they are prepared; null to show them as they are.</param>
/// <param name="steps">Whether each step of the preparation is shown, and not its result.</param>
internal sealed class PictureTiles(ImagePreparation? preparation, bool steps)
{
    // Pictures of files are looked at, not learned from: as large as a tile is on a sharp screen.
    private const int Side = 168;

    private static readonly Shape s_prepared = new(28, 28);

    private readonly PreparationDoubts _doubts = new();

    /// <summary>What is odd about the pictures that were prepared, a sentence each.</summary>
    public IEnumerable<string> Doubts => _doubts.Sentences();

    /// <summary>A picture file, reduced to what a tile shows.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ConvNetException">As <see cref="ImageFile.ReadThumbnail"/> says.</exception>
    public static ImageSample Thumbnail(string path) => ImageFile.ReadThumbnail(path, Side);

    /// <summary>The tiles of a picture: one, or with a preparation one for each object or step.</summary>
    /// <param name="picture">The picture.</param>
    /// <exception cref="ConvNetException">The file can't be read.</exception>
    public IReadOnlyList<(ImageSample Image, string Caption)> Of(FolderPicture picture)
    {
        var caption = picture.ClassName ?? Path.GetFileName(picture.Path);
        if (preparation is null)
            return [(Thumbnail(picture.Path), caption)];
        var prepared = preparation.Prepare(ImageFile.ReadPicture(picture.Path), s_prepared, keepSteps: steps);
        foreach (var doubt in prepared.Doubts)
            _doubts.Add(doubt, picture.Path);
        return steps
            ? [.. prepared.Steps.Select(step => (Enlarged(step.Image), step.Name))]
            : [.. prepared.Objects.Select(found => (found.Sample, caption))];
    }

    /// <summary>A small picture with each pixel drawn larger: beside others of its preparation it would be a dot.</summary>
    private static ImageSample Enlarged(ImageSample image)
    {
        var (height, width) = (image.Shape[0], image.Shape[1]);
        var (times, channels) = (Side / Math.Max(height, width), image.Shape.Size / (height * width));
        if (times < 2)
            return image;
        var from = image.Pixels.Span;
        var large = new byte[height * width * times * times * channels];
        for (var i = 0; i < large.Length; i++)
        {
            var (channel, x, y) = (i % channels, i / channels % (width * times), i / channels / (width * times));
            large[i] = from[(y / times * width + x / times) * channels + channel];
        }
        int[] shape = channels == 1 ? [height * times, width * times] : [height * times, width * times, channels];
        return new ImageSample(large, new Shape(shape));
    }
}
