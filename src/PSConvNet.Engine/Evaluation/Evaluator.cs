namespace PSConvNet.Evaluation;

/// <summary>Measures a model on labelled images.</summary>
public static class Evaluator
{
    /// <summary>Loss, accuracy, and each class.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">
    /// Labelled images; fitted to the model as <see cref="ModelInput.Fit"/> says, and their classes matched with the model's by name.
    /// </param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The measurement; its classes are the model's, in the order of its outputs.</returns>
    /// <exception cref="ConvNetException">
    /// <c>DataShapeMismatch</c>, <c>ClassCountMismatch</c>, <c>ClassUnknown</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>,
    /// <c>EvaluationEmpty</c>, <c>PredictionsInvalid</c>.
    /// </exception>
    public static ModelMetrics Measure(
        Model model,
        ImageSet images,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    ) => Answer(model, images, options, cancellation).Metrics;

    /// <summary>The same with the answers that were measured.</summary>
    internal static Measurement Answer(
        Model model,
        ImageSet images,
        PredictionOptions? options,
        CancellationToken cancellation
    )
    {
        var labelled = OutputClasses.Of(model, images).Label(images);
        var outputs = Predictor.Run(model, labelled, options ?? new PredictionOptions(), cancellation);
        if (outputs.AreLogits)
            Predictor.ToLogProbabilities(outputs.Values, outputs.Width);
        var labels = labelled.Labels.Span;
        var names = labelled.ClassNames;
        var metrics = outputs.AreLogits
            ? ModelMetrics.FromLogProbabilities(outputs.Values, labels, names)
            : ModelMetrics.FromProbabilities(outputs.Values, labels, names);
        return new Measurement(metrics with { Name = model.Name, TestTime = options?.TestTime }, labelled, outputs);
    }
}

/// <summary>A measurement and what it was taken from.</summary>
/// <param name="Metrics">The measurement.</param>
/// <param name="Images">The images, labelled by the model's outputs.</param>
/// <param name="Outputs">What the model gave; where they are logits, the logarithms of their softmax.</param>
internal sealed record Measurement(ModelMetrics Metrics, ImageSet Images, NetworkOutputs Outputs);
