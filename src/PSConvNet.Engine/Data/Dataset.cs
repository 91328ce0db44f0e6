namespace PSConvNet.Data;

/// <summary>Which part of a data set.</summary>
public enum DatasetPart
{
    /// <summary>The images to measure on.</summary>
    Test,

    /// <summary>The images to learn from.</summary>
    Train,
}

/// <summary>A named data set: a part to train on, a part to test on, and the classes' names. Immutable.</summary>
public sealed record Dataset
{
    /// <summary>Puts the parts together.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="train">The images to learn from.</param>
    /// <param name="test">The images to measure on.</param>
    /// <param name="classNames">
    /// The classes. A part whose classes have no names is labelled by their places in this list; one that
    /// has names, as a part of another data set, is brought into this list by them. Where the parts know none of these names, their classes
    /// are renamed, label by label.
    /// </param>
    /// <param name="source">Where it came from.</param>
    /// <exception cref="ConvNetException">
    /// <c>DatasetInvalid</c>: the parts differ in shape, or a label has no class name.
    /// <c>ClassNameDuplicate</c>: a part is to be brought in by a name that comes twice. <c>ClassUnknown</c>: a part knows some of the names, but has images of a class that is not in the list;
    /// <see cref="RenameClasses"/> gives classes other names whatever they are called.
    /// </exception>
    public Dataset(string name, ImageSet train, ImageSet test, IReadOnlyList<string> classNames, string source)
    {
        if (!train.Shape.Equals(test.Shape))
        {
            throw new ConvNetException(
                ErrorIds.DatasetInvalid,
                ErrorKind.InvalidData,
                $"The training images of {name} are {train.Shape}, its test images {test.Shape}; both parts need one shape.",
                name
            );
        }
        Name = PrintableText.Of(name);
        ClassNames = ClassName.Normal(classNames);
        var renames = Array.TrueForAll([train, test], part => part.ClassNames.Count == 0 || Classes.HasNoneOf(part));
        Train = Part(train, renames);
        Test = ReferenceEquals(train, test) ? Train : Part(test, renames);
        Source = PrintableText.Of(source);
    }

    /// <summary>The data set's name, such as <c>Digits</c>.</summary>
    public string Name { get; }

    /// <summary>The images to learn from.</summary>
    public ImageSet Train { get; }

    /// <summary>The images to measure on.</summary>
    public ImageSet Test { get; }

    /// <summary>The name of each class, in Unicode's composed form; a label is an index into it.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How many classes there are.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>What images are labelled by in this data set.</summary>
    internal ClassList Classes =>
        new(
            ClassNames,
            Name,
            "Give the class the name that it has there, or leave out its images; a data set's RenameClasses gives its classes other names."
        );

    /// <summary>Where it came from: a folder, an address, <c>synthetic, seed 1</c>.</summary>
    public string Source { get; }

    /// <summary>Whether it was made of one part of a data set, so that there is no other part to choose.</summary>
    public bool IsOnePart { get; private init; }

    /// <summary>One sample's shape.</summary>
    public Shape Shape => Train.Shape;

    /// <summary>The images of a part.</summary>
    public ImageSet GetPart(DatasetPart part) => part == DatasetPart.Train ? Train : Test;

    /// <summary>
    /// The same images with a dimension of 1 inserted: the tutorial's step from 28 x 28 to 28 x 28 x 1. Nothing is copied.
    /// </summary>
    /// <param name="axis">Where it goes; -1, the default, makes it the channel dimension.</param>
    public Dataset ExpandDimension(int axis = -1)
    {
        var shape = Shape.Expand(axis);
        return new Dataset(Name, Train.Reshape(shape), Test.Reshape(shape), ClassNames, Source);
    }

    /// <summary>The first images of each part, as they come; a part that has no more stays whole.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ConvNetException"><c>FirstOutOfRange</c>: <paramref name="count"/> is below 1.</exception>
    public Dataset Take(int count) => new(Name, Train.Take(count), Test.Take(count), ClassNames, Source);

    /// <summary>A data set of one part alone.</summary>
    /// <param name="images">The images.</param>
    /// <param name="forLearning">
    /// Whether they are the training part and there is nothing to measure on; else they are both parts, so that whatever measures measures
    /// on them.
    /// </param>
    public static Dataset Of(ImageSet images, bool forLearning = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        var names = images.ClassNames;
        if (names.Count == 0 && images.Count > 0)
            names = ClassName.Complete([], images.Labels.ToArray().Max() + 1);
        var test = forLearning ? new ImageSet("Test", [], [], images.Shape) : images;
        return new Dataset(images.Name, images, test, names, $"the {images.Name} images") { IsOnePart = true };
    }

    /// <summary>The same images with other names for their classes, label by label.</summary>
    /// <param name="names">A name for each class, all different; longer than before where there are to be more classes.</param>
    /// <exception cref="ConvNetException"><c>ClassNameDuplicate</c>; <c>DatasetInvalid</c>: a label has no name.</exception>
    public Dataset RenameClasses(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ClassName.RequireDistinct(ClassName.Normal(names), Name);
        return new Dataset(Name, Train.Named([]), Test.Named([]), names, Source);
    }

    /// <summary>The same images with the classes in another order, or more of them.</summary>
    /// <exception cref="ConvNetException"><c>ClassUnknown</c>: a class that has images is not among them.</exception>
    internal Dataset WithClasses(IReadOnlyList<string> names) => new(Name, Train, Test, names, Source);

    /// <summary>
    /// Divides the training part in two with the same mix of classes, to hold images out for validation.
    /// </summary>
    /// <param name="fraction">The share that is held out, between 0 and 1, both excluded.</param>
    /// <param name="seed">The same seed holds out the same images.</param>
    /// <param name="warn">Is told which classes have no image held out; or null.</param>
    /// <returns>
    /// <c>Kept</c> trains on what is left and tests on this set's test part. <c>HeldOut</c> is for measuring: both its parts are
    /// the held-out images, so nothing that reads it can touch the test part. A class keeps at least one image, so one that has a
    /// single image has none held out.
    /// </returns>
    /// <exception cref="ConvNetException">
    /// <c>FractionOutOfRange</c>; <c>DatasetTooSmall</c>: one of the two would have no image.
    /// </exception>
    public (Dataset Kept, Dataset HeldOut) Split(double fraction, long seed, Action<string>? warn = null)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ConvNetException(
                ErrorIds.FractionOutOfRange,
                ErrorKind.InvalidArgument,
                $"The fraction to hold out is {fraction}; it must lie between 0 and 1, such as 0.1.",
                fraction
            );
        var division = StratifiedSplit.Divide(Train.Labels.Span, ClassNames.Count, fraction, seed);
        var (kept, picked) = (division.Kept, division.Picked);
        if (kept.Length == 0 || picked.Length == 0)
            throw new ConvNetException(
                ErrorIds.DatasetTooSmall,
                ErrorKind.InvalidArgument,
                $"Holding out {fraction} of {Counted.Of(Train.Count, "image"):text} would leave {kept.Length} and {picked.Length}; both need at least one, and a class keeps its only image.",
                this
            );
        if (division.Warning(ClassNames) is { } warning)
            warn?.Invoke($"{Name}: {warning}");
        var source = $"{Source}, {picked.Length} held out with seed {seed}";
        var heldOut = Train.Select("HeldOut", picked);
        return (
            new Dataset(Name, Train.Select(Train.Name, kept), Test, ClassNames, source),
            new Dataset($"{Name} (held out)", heldOut, heldOut, ClassNames, source)
        );
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"{Name}: {Train.Count} training and {Test.Count} test images of {Shape}, {Counted.Of(ClassNames.Count, "class")}";

    private ImageSet Part(ImageSet images, bool renames) =>
        renames || images.ClassNames.Count == 0 ? images.Named(ClassNames, Name) : Classes.Label(images);
}
