namespace PSConvNet;

/// <summary>Measures a model on labelled images.</summary>
public static class Evaluator
{
    /// <summary>Loss, accuracy, and each class.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Labelled images; fitted to the model as <see cref="ModelInput.Fit"/> says.</param>
    /// <param name="classNames">The names of the images' classes.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">
    /// <c>DataShapeMismatch</c>, <c>ClassCountMismatch</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>,
    /// <c>EvaluationEmpty</c>, <c>PredictionsInvalid</c>.
    /// </exception>
    public static ModelMetrics Measure(
        Model model,
        ImageSet images,
        IReadOnlyList<string> classNames,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ModelOutput.RequireClasses(model, classNames.Count);
        var outputs = Predictor.Run(model, images, options ?? new PredictionOptions(), cancellation);
        var names = ClassName.Complete(classNames, outputs.Width);
        if (!outputs.AreLogits)
            return ModelMetrics.FromProbabilities(outputs.Values, images.Labels.Span, names) with { Name = model.Name };
        Predictor.ToLogProbabilities(outputs.Values, outputs.Width);
        return ModelMetrics.FromLogProbabilities(outputs.Values, images.Labels.Span, names) with { Name = model.Name };
    }
}
