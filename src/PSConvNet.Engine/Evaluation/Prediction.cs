namespace PSConvNet.Evaluation;

/// <summary>A model's answer to one image.</summary>
/// <param name="Source">What was asked: the number of the image in its set, or the file's path.</param>
/// <param name="Label">The class with the highest probability, as the number of the model's output; the first of several.</param>
/// <param name="ClassName">That class's name.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
/// <param name="Probabilities">The probability of every class.</param>
public sealed record Prediction(
    object Source,
    int Label,
    string ClassName,
    double Probability,
    IReadOnlyList<float> Probabilities
)
{
    // An answer with less than this is hardly one.
    private const double Supported = 0.5;

    private readonly object _source = Source;

    /// <summary>The number of the image in its set, or the file's path as a terminal may be given it.</summary>
    public object Source
    {
        get => _source is string path ? PrintableText.Of(path) : _source;
        init => _source = value;
    }

    /// <summary>The probability of every class.</summary>
    public IReadOnlyList<float> Probabilities { get; init; } =
        Probabilities as ProbabilityList ?? new ProbabilityList([.. Probabilities]);

    /// <summary>The right class, where it is known, as the number of the model's output.</summary>
    public int? Truth { get; init; }

    /// <summary>The right class's name, where it is known.</summary>
    public string? TruthName { get; init; }

    /// <summary>What was looked at, where it is at hand.</summary>
    public ImageSample? Image { get; init; }

    /// <summary>Where in its picture it lies, in the picture's pixels; null where the picture wasn't prepared.</summary>
    public PixelBox? Box { get; init; }

    /// <summary>Its line on a sheet that was split, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>All answers of its line on a sheet that was split, from left to right: the number that is written there.</summary>
    public string? Text { get; init; }

    /// <summary>The file's path exactly as the system has it, control characters included; null if the image isn't a file.</summary>
    public string? GetPath() => _source as string;

    /// <summary>Whether the answer is right, where that is known.</summary>
    public bool? IsCorrect => Truth is { } truth ? truth == Label : null;

    /// <summary>Whether a class has half of the probability at least. Outputs that aren't probabilities say nothing against one.</summary>
    /// <param name="probabilities">A model's output.</param>
    public static bool SupportsClass(IReadOnlyCollection<float> probabilities) =>
        probabilities.Max() >= Supported
        || probabilities.Any(value => value < 0)
        || Math.Abs(probabilities.Sum(value => (double)value) - 1) >= 0.01;

    /// <summary>The same with the right class, where it is one of the model's; as it is where it isn't.</summary>
    /// <param name="className">The right class's name.</param>
    /// <param name="model">The model that answered.</param>
    public Prediction WithTruth(string className, Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var names = PSConvNet.Data.ClassName.Complete(model.ClassNames, model.OutputShape.Size);
        var normal = PSConvNet.Data.ClassName.Normal(className);
        return Enumerable.Range(0, names.Count).FirstOrDefault(i => names[i] == normal, -1) is >= 0 and var truth
            ? this with
            {
                Truth = truth,
                TruthName = normal,
            }
            : this;
    }

    /// <summary>The answers to all images of a set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images; their classes are matched with the model's by name.</param>
    /// <param name="sources">What each image is called, or null to number them from 0.</param>
    /// <param name="truthKnown">Whether the images' labels are the truth.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">
    /// As <see cref="Predictor.Predict(Model, ImageSet, PredictionOptions?, CancellationToken)"/>; where the truth is known also
    /// <c>ClassUnknown</c>, <c>ClassCountMismatch</c>.
    /// </exception>
    public static IEnumerable<Prediction> Of(
        Model model,
        ImageSet images,
        IReadOnlyList<object>? sources = null,
        bool truthKnown = true,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    ) =>
        Of(
            asked => Predictor.Predict(model, asked, options, cancellation),
            truthKnown
                ? Labelled(
                    images,
                    model.ClassNames.Count > 0 ? OutputClasses.Of(model, images) : null,
                    model.OutputShape.Size
                )
                : images,
            truthKnown ? null : PSConvNet.Data.ClassName.Complete(model.ClassNames, model.OutputShape.Size),
            sources
        );

    /// <summary>The answers of several models together to all images of a set.</summary>
    /// <param name="ensemble">The models.</param>
    /// <param name="images">The images; their classes are matched with the ensemble's by name.</param>
    /// <param name="sources">What each image is called, or null to number them from 0.</param>
    /// <param name="truthKnown">Whether the images' labels are the truth.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">
    /// As <see cref="Ensemble.Predict"/>; where the truth is known also <c>ClassUnknown</c>.
    /// </exception>
    public static IEnumerable<Prediction> Of(
        Ensemble ensemble,
        ImageSet images,
        IReadOnlyList<object>? sources = null,
        bool truthKnown = true,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    ) =>
        Of(
            asked => ensemble.Predict(asked, options, cancellation),
            truthKnown
                ? Labelled(
                    images,
                    ensemble.ClassNames.Count > 0 ? ensemble.OutputsFor(images) : null,
                    ensemble.ClassCount
                )
                : images,
            truthKnown ? null : PSConvNet.Data.ClassName.Complete(ensemble.ClassNames, ensemble.ClassCount),
            sources
        );

    /// <summary>
    /// Images with labels and names as the outputs have them. Outputs that nobody named go by the images' classes, and need not be as many.
    /// </summary>
    private static ImageSet Labelled(ImageSet images, OutputClasses? known, int outputs) =>
        known?.Label(images) ?? images.Named(PSConvNet.Data.ClassName.Complete(images.ClassNames, outputs));

    /// <param name="predict">images x outputs; is called when the first answer is asked for.</param>
    /// <param name="images">The images, labelled as the outputs are where the truth is known.</param>
    /// <param name="names">The outputs' names where the truth is not known; null to take the images' labels for it.</param>
    /// <param name="sources">What each image is called, or null to number them.</param>
    private static IEnumerable<Prediction> Of(
        Func<ImageSet, float[]> predict,
        ImageSet images,
        IReadOnlyList<string>? names,
        IReadOnlyList<object>? sources
    )
    {
        var truthKnown = names is null;
        names ??= images.ClassNames;
        var probabilities = predict(images);
        for (var i = 0; i < images.Count; i++)
        {
            var width = probabilities.Length / images.Count;
            var row = probabilities[(i * width)..((i + 1) * width)];
            var label = ArgMax.Of(row);
            var truth = images.Labels.Span[i];
            yield return new Prediction(sources?[i] ?? i, label, names[label], row[label], new ProbabilityList(row))
            {
                Truth = truthKnown ? truth : null,
                TruthName = truthKnown ? names[truth] : null,
                Image = new ImageSample(images.GetImage(i), images.Shape),
            };
        }
    }
}
