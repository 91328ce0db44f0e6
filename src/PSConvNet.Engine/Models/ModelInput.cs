namespace PSConvNet.Models;

/// <summary>Whether images fit a model.</summary>
public static class ModelInput
{
    /// <summary>
    /// The images in the model's input shape. A missing or extra dimension of 1 is supplied where only one meaning is possible.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="verbose">Is told when a dimension was supplied.</param>
    /// <exception cref="ConvNetException"><c>DataShapeMismatch</c>: they don't fit; says both shapes and what to do.</exception>
    public static ImageSet Fit(Model model, ImageSet images, Action<string>? verbose = null)
    {
        if (images.Shape.Equals(model.InputShape))
            return images;
        if (Significant(images.Shape).SequenceEqual(Significant(model.InputShape)))
        {
            verbose?.Invoke(
                MessageText.Of(
                    $"{model.Name} expects {model.InputShape}; the {images.Name} images are {images.Shape} and are used as {model.InputShape}."
                )
            );
            return images.Reshape(model.InputShape);
        }
        var remedy =
            images.Shape.Size == model.InputShape.Size
                ? $"Build the model with Model.InputShape {Argument(images.Shape)} and a FlattenLayer first."
                : $"Build the model with Model.InputShape {Argument(images.Shape)}, or use images of {model.InputShape}.";
        throw new ConvNetException(
            ErrorIds.DataShapeMismatch,
            ErrorKind.InvalidArgument,
            $"{model.Name} expects images of {model.InputShape}, but the {images.Name} images are {images.Shape}. {remedy:text}",
            images
        );
    }

    private static string Argument(Shape shape) => string.Join(',', shape.Dimensions);

    // What is left of a shape without its dimensions of 1: the order of pixels in memory depends on no others.
    private static IEnumerable<int> Significant(Shape shape) => shape.Dimensions.Where(dimension => dimension > 1);
}
