namespace PSConvNet;

/// <summary>Whether a model's outputs fit a data set's classes.</summary>
internal static class ModelOutput
{
    /// <summary>Refuses a model that has no output for some class.</summary>
    /// <exception cref="ConvNetException"><c>ClassCountMismatch</c>.</exception>
    public static void RequireClasses(Model model, int classes)
    {
        if (model.OutputShape.Rank == 1 && model.OutputShape.Size >= classes)
            return;
        throw new ConvNetException(
            "ClassCountMismatch",
            ErrorKind.InvalidArgument,
            $"{model.Name} gives {model.OutputShape}, but there are {classes} classes: end it with New-DenseLayer {classes} -Activation Softmax.",
            model
        );
    }

    /// <summary>The same for images without class names: every label needs an output.</summary>
    public static void RequireLabels(Model model, ImageSet images)
    {
        var largest = 0;
        foreach (var label in images.Labels.Span)
            largest = Math.Max(largest, label);
        RequireClasses(model, largest + 1);
    }
}
