using System.Globalization;
using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>How a command reads picture files for a model: prepared as what the model learned from, or only resized.</summary>
/// <param name="preparation">How they are prepared; null where they are only resized.</param>
/// <param name="target">The model's input shape.</param>
/// <param name="invert">Whether pictures that are only resized are turned from dark on light into light on dark.</param>
/// <param name="probabilities">How probable the answer is for each of some samples, which says where digits that touch are to be parted.</param>
internal sealed class OwnPictures(
    ImagePreparation? preparation,
    Shape target,
    bool invert,
    Func<IReadOnlyList<ImageSample>, IReadOnlyList<double>> probabilities
)
{
    private readonly PreparationDoubts _doubts = new();

    /// <summary>How pictures are prepared; null where they are only resized.</summary>
    public ImagePreparation? Preparation => preparation;

    /// <summary>What is odd about the pictures that were read, a sentence each.</summary>
    public IEnumerable<string> Doubts => _doubts.Sentences();

    /// <summary>What is done to pictures, for verbose output.</summary>
    public string Description =>
        preparation is null
            ? "Pictures are resized as they are."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Pictures are prepared like the images that the model learned from: light strokes on black, fitted into {preparation.FitFor(target)} x {preparation.FitFor(target)} of {target[0]} x {target[1]} pixels, centred by their {(preparation.Centre == InkCentre.Mass ? "mass" : "box")}. -Raw only resizes them; Show-Image -Prepared -Steps shows each step."
            );

    /// <summary>Chooses by what was given, else by what the models learned from.</summary>
    /// <param name="models">The model, or those that answer together; all have one input shape.</param>
    /// <param name="raw">-Raw: pictures are only resized.</param>
    /// <param name="given">-Preparation, or null.</param>
    /// <param name="invert">-Invert: where pictures are prepared, ink is known to be dark on light.</param>
    /// <param name="split">Whether several objects are looked for, which takes a preparation.</param>
    /// <exception cref="ConvNetException">
    /// <c>ParameterNotApplicable</c>: -Raw beside what it rules out; <c>EnsembleMismatch</c>: the models want different preparations and none was
    /// given; as <see cref="ImagePreparation.Validate"/> says.
    /// </exception>
    public static OwnPictures For(
        IReadOnlyList<Model> models,
        bool raw,
        ImagePreparation? given,
        bool invert,
        bool split = false
    )
    {
        var shape = models[0].InputShape;
        if (raw && (given is not null || split))
        {
            var other = given is not null ? "-Preparation" : "-Split";
            throw new ConvNetException(
                ErrorIds.ParameterNotApplicable,
                ErrorKind.InvalidArgument,
                $"-Raw leaves pictures unprepared, and {other} prepares them: leave one of the two out.",
                "Raw"
            );
        }
        var preparation = raw ? null : given ?? PreparationOf(models) ?? (split ? new ImagePreparation() : null);
        if (invert && preparation is not null)
            preparation = preparation with { Polarity = InkPolarity.DarkOnLight };
        preparation?.Validate(shape);
        return new OwnPictures(preparation, shape, invert, samples => Probabilities(models, samples));
    }

    private static double[] Probabilities(IReadOnlyList<Model> models, IReadOnlyList<ImageSample> samples)
    {
        var images = ImageSet.Unlabelled(samples, models[0].InputShape);
        var answers =
            models.Count == 1
                ? Prediction.Of(models[0], images, truthKnown: false)
                : Prediction.Of(new Ensemble([.. models]), images, truthKnown: false);
        return [.. answers.Select(answer => (double)answer.Probability)];
    }

    private static ImagePreparation? PreparationOf(IReadOnlyList<Model> models)
    {
        var preparation = models[0].Preparation;
        return models.FirstOrDefault(model => model.Preparation != preparation) is { } other
            ? throw new ConvNetException(
                ErrorIds.EnsembleMismatch,
                ErrorKind.InvalidArgument,
                $"{models[0].Name} and {other.Name} learned from images that were prepared differently, and each picture is read only once. Say how with -Preparation (New-ImagePreparation), or resize pictures as they are with -Raw.",
                other
            )
            : preparation;
    }

    /// <summary>Reads pictures, on all cores where they are prepared.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="split">Whether each object of a picture is a sample.</param>
    /// <param name="fail">Is told of a file that can't be read; the others go on.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Each object, with the place of its picture among <paramref name="paths"/>.</returns>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    public IEnumerable<(int File, PreparedObject Object)> Read(
        IReadOnlyList<string> paths,
        bool split,
        Action<string, ConvNetException> fail,
        CancellationToken cancellation
    )
    {
        var read = preparation is null
            ? paths.Select(Resized)
            : PictureFiles.Prepare(paths, preparation, target, split, probabilities, cancellation);
        foreach (var (file, (picture, failure)) in Enumerable.Range(0, paths.Count).Zip(read))
        {
            cancellation.ThrowIfCancellationRequested();
            if (failure is not null)
                fail(paths[file], failure);
            if (picture is null)
                continue;
            foreach (var doubt in picture.Doubts)
                _doubts.Add(doubt, paths[file]);
            foreach (var found in picture.Objects)
                yield return (file, found);
        }
    }

    private (PreparedPicture?, ConvNetException?) Resized(string path)
    {
        try
        {
            var sample = new ImageSample(ImageFile.Read(path, target, invert), target);
            return (new PreparedPicture([new PreparedObject(sample, null, 1)], [], []), null);
        }
        catch (ConvNetException e)
        {
            return (null, e);
        }
    }

    /// <summary>A sentence on the answers that no class supports; null where there are none.</summary>
    public static string? Unsupported(IReadOnlyList<Prediction> predictions)
    {
        Prediction[] unsure = [.. predictions.Where(p => !Prediction.SupportsClass(p.Probabilities))];
        if (unsure.Length == 0)
            return null;
        var first = unsure[0];
        var example = string.Create(
            CultureInfo.InvariantCulture,
            $"{System.IO.Path.GetFileName($"{first.Source}")}: {first.ClassName} at {Percentage.Of(first.Probability, 0)}"
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{unsure.Length:N0} of {predictions.Count:N0} answers {(unsure.Length == 1 ? "has" : "have")} a probability below one half ({example}): no class fits, and the picture may show none of them. Show-Image -Prepared shows what the model saw."
        );
    }
}
