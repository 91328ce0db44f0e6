namespace PSConvNet.Models;

/// <summary>
/// The classes that a model's outputs stand for. Whatever compares outputs with labels takes the labels from <see cref="Label"/>: those
/// of the images themselves are places in a list of their own.
/// </summary>
internal sealed class OutputClasses
{
    private readonly ClassList _known;
    private readonly IReadOnlyList<string> _all;
    private readonly object _target;

    /// <summary>Outputs under names.</summary>
    /// <param name="owner">Whose outputs they are, for messages.</param>
    /// <param name="outputs">Their shape.</param>
    /// <param name="names">The names of the first of them.</param>
    /// <param name="target">What errors are about.</param>
    /// <exception cref="ConvNetException"><c>ClassCountMismatch</c>: there are more names than outputs.</exception>
    internal OutputClasses(string owner, Shape outputs, IReadOnlyList<string> names, object target)
    {
        _target = target;
        RequireRoom(owner, outputs, names.Count, target);
        _all = ClassName.Complete(names, outputs.Size);
        _known = new ClassList(
            names,
            owner,
            $"Give the class the name that it has there, or leave out its images. If the outputs of {owner} should stand for other classes, name them with Model.Copy(classNames), or train with TrainingOptions.RenameClasses."
        );
    }

    /// <summary>The names of the classes that the model knows, which are those of its first outputs; empty where nobody named any.</summary>
    public IReadOnlyList<string> Names => _known.Names;

    /// <summary>The number of outputs.</summary>
    public int Count => _all.Count;

    /// <summary>The output that stands for a class.</summary>
    /// <param name="name">The class, or the name that an output without one goes by.</param>
    /// <param name="option">Where it was named, for the message.</param>
    /// <exception cref="ConvNetException"><c>ClassUnknown</c>: there is none. <c>ClassNameDuplicate</c>: there are two.</exception>
    public int Place(string name, string option) => (_known with { Names = _all }).Place(name, option);

    /// <summary>
    /// What a model's outputs stand for: what it was trained on, or where it has no names, the images' classes in their order, one for
    /// every output.
    /// </summary>
    /// <exception cref="ConvNetException">
    /// <c>ClassCountMismatch</c>: the model has too few outputs, or an image in place of them, or no names and more outputs than there are
    /// classes, so that nothing says which of them the classes are.
    /// </exception>
    public static OutputClasses Of(Model model, ImageSet images) =>
        model.ClassNames.Count > 0 ? Named(model, model.ClassNames)
        : images.ClassNames.Count >= model.OutputShape.Size || AreNumbers(images.ClassNames)
            ? Named(model, images.ClassNames)
        : throw new ConvNetException(
            ErrorIds.ClassCountMismatch,
            ErrorKind.InvalidArgument,
            $"The {Counted.Of(model.OutputShape.Size, "output"):text} of {model.Name} have no names, and the {images.Name} images have {Counted.Of(images.ClassNames.Count, "class"):text}, {ClassName.Quote(images.ClassNames):text}, so it isn't known which output stands for which class. Name all outputs with Model.Copy(classNames).",
            model
        );

    /// <summary>A model's outputs under names that somebody gives them.</summary>
    /// <exception cref="ConvNetException"><c>ClassCountMismatch</c>.</exception>
    public static OutputClasses Named(Model model, IReadOnlyList<string> names) =>
        new(model.Name, model.OutputShape, names, model);

    /// <summary>A model's outputs under names that replace those they have: one for every output, or those left out would shift.</summary>
    /// <exception cref="ConvNetException"><c>ClassCountMismatch</c>.</exception>
    public static OutputClasses Renamed(Model model, IReadOnlyList<string> names) =>
        names.Count >= model.OutputShape.Size
            ? Named(model, names)
            : throw new ConvNetException(
                ErrorIds.ClassCountMismatch,
                ErrorKind.InvalidArgument,
                $"{model.Name} has {Counted.Of(model.OutputShape.Size, "output"):text}, and {ClassName.Quote(names):text} {(names.Count == 1 ? "names" : "name")} only {names.Count}: name every output, in order.",
                model
            );

    /// <summary>
    /// The same images, labelled by the outputs: the label of an image is the output that should be highest for it, and a name belongs to
    /// every output. Images whose classes have no names are labelled by outputs already.
    /// </summary>
    /// <exception cref="ConvNetException">
    /// <c>ClassUnknown</c>: images are of a class that the model does not know. <c>ClassCountMismatch</c>: a label of images without names
    /// has no output.
    /// </exception>
    public ImageSet Label(ImageSet images)
    {
        if (images.ClassNames.Count > 0)
            return _known.Label(images).Named(_all);
        var largest = -1;
        foreach (var label in images.Labels.Span)
            largest = Math.Max(largest, label);
        RequireRoom(_known.Owner, new Shape(_all.Count), largest + 1, _target);
        return images.Named(_all);
    }

    /// <summary>Whether classes are called what their outputs are without a name: 0, 1, 2 and so on, or nothing at all.</summary>
    private static bool AreNumbers(IReadOnlyList<string> names) =>
        names.SequenceEqual(ClassName.Complete([], names.Count));

    private static void RequireRoom(string owner, Shape outputs, int classes, object target)
    {
        if (outputs.Rank == 1 && outputs.Size >= classes)
            return;
        throw new ConvNetException(
            ErrorIds.ClassCountMismatch,
            ErrorKind.InvalidArgument,
            $"{owner} outputs {outputs}, but there {(classes == 1 ? "is" : "are"):text} {Counted.Of(classes, "class"):text}: end it with DenseLayer({classes}) with Activation.Softmax.",
            target
        );
    }
}
