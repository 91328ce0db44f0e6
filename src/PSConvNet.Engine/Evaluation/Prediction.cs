using System.Globalization;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>A model's answer to one image.</summary>
/// <param name="Source">What was asked: the number of the image in its set, or the file's path.</param>
/// <param name="Label">The class with the highest probability; the first of several.</param>
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
    /// <summary>The right class, where it is known.</summary>
    public int? Truth { get; init; }

    /// <summary>The right class's name, where it is known.</summary>
    public string? TruthName { get; init; }

    /// <summary>What was looked at, where it is at hand.</summary>
    public ImageSample? Image { get; init; }

    /// <summary>Whether the answer is right, where that is known.</summary>
    public bool? IsCorrect => Truth is { } truth ? truth == Label : null;

    /// <summary>The answers to all images of a set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="sources">What each image is called, or null to number them from 0.</param>
    /// <param name="truthKnown">Whether the images' labels are the truth.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">As <see cref="Predictor.Predict(Model, ImageSet, PredictionOptions?, CancellationToken)"/>.</exception>
    public static IEnumerable<Prediction> Of(
        Model model,
        ImageSet images,
        IReadOnlyList<string> classNames,
        IReadOnlyList<object>? sources = null,
        bool truthKnown = true,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    ) =>
        Of(
            () => Predictor.Predict(model, images, options, cancellation),
            images,
            PSConvNet.ClassName.Complete(classNames, model.OutputShape.Size),
            sources,
            truthKnown
        );

    /// <summary>The answers of several models together to all images of a set.</summary>
    /// <param name="ensemble">The models.</param>
    /// <param name="images">The images.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="sources">What each image is called, or null to number them from 0.</param>
    /// <param name="truthKnown">Whether the images' labels are the truth.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">As <see cref="Ensemble.Predict"/>.</exception>
    public static IEnumerable<Prediction> Of(
        Ensemble ensemble,
        ImageSet images,
        IReadOnlyList<string> classNames,
        IReadOnlyList<object>? sources = null,
        bool truthKnown = true,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    ) =>
        Of(
            () => ensemble.Predict(images, options, cancellation),
            images,
            PSConvNet.ClassName.Complete(classNames, ensemble.ClassCount),
            sources,
            truthKnown
        );

    /// <param name="predict">images x classes; is called when the first answer is asked for.</param>
    /// <param name="images">The images.</param>
    /// <param name="names">A name for every output.</param>
    /// <param name="sources">What each image is called, or null to number them.</param>
    /// <param name="truthKnown">Whether the images' labels are the truth.</param>
    private static IEnumerable<Prediction> Of(
        Func<float[]> predict,
        ImageSet images,
        IReadOnlyList<string> names,
        IReadOnlyList<object>? sources,
        bool truthKnown
    )
    {
        var probabilities = predict();
        for (var i = 0; i < images.Count; i++)
        {
            var width = probabilities.Length / images.Count;
            var row = probabilities[(i * width)..((i + 1) * width)];
            var label = LossKernel.ArgMax(row);
            var truth = images.Labels.Span[i];
            yield return new Prediction(sources?[i] ?? i, label, names[label], row[label], row)
            {
                Truth = truthKnown ? truth : null,
                TruthName = truthKnown ? names[truth] : null,
                Image = new ImageSample(images.GetImage(i), images.Shape),
            };
        }
    }
}

/// <summary>Names for classes.</summary>
internal static class ClassName
{
    /// <summary>The given names, and numbers for the outputs beyond them.</summary>
    public static IReadOnlyList<string> Complete(IReadOnlyList<string> names, int count) =>
        names.Count >= count ? names : [.. names, .. Enumerable.Range(names.Count, count - names.Count).Select(Number)];

    private static string Number(int label) => label.ToString(CultureInfo.InvariantCulture);
}
