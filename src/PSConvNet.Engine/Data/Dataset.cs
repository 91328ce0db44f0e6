namespace PSConvNet;

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
    /// <exception cref="ConvNetException"><c>DatasetInvalid</c>: the parts differ in shape, or a label has no class name.</exception>
    public Dataset(string name, ImageSet train, ImageSet test, IReadOnlyList<string> classNames, string source)
    {
        if (!train.Shape.Equals(test.Shape))
        {
            throw new ConvNetException(
                "DatasetInvalid",
                ErrorKind.InvalidData,
                $"The training images of {name} are {train.Shape}, its test images {test.Shape}; both parts need one shape.",
                name
            );
        }
        foreach (var part in (ReadOnlySpan<ImageSet>)[train, test])
        foreach (var label in part.Labels.Span)
        {
            if ((uint)label >= (uint)classNames.Count)
            {
                throw new ConvNetException(
                    "DatasetInvalid",
                    ErrorKind.InvalidData,
                    $"A label of {name} ({part.Name}) is {label}, but there are {classNames.Count} classes: labels run from 0 to {classNames.Count - 1}.",
                    name
                );
            }
        }
        Name = name;
        Train = train;
        Test = test;
        // An array, for PowerShell can index it: the compiler's own read-only list it can't.
        ClassNames = classNames.ToArray();
        Source = source;
    }

    /// <summary>The data set's name, such as <c>Digits</c>.</summary>
    public string Name { get; }

    /// <summary>The images to learn from.</summary>
    public ImageSet Train { get; }

    /// <summary>The images to measure on.</summary>
    public ImageSet Test { get; }

    /// <summary>The name of each class; a label is an index into it.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Where it came from: a folder, an address, <c>synthetic, seed 1</c>.</summary>
    public string Source { get; }

    /// <summary>One sample's shape.</summary>
    public Shape Shape => Train.Shape;

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
        var classes = images.Count == 0 ? 0 : images.Labels.ToArray().Max() + 1;
        string[] names = [.. Enumerable.Range(0, classes).Select(label => FormattableString.Invariant($"{label}"))];
        var test = forLearning ? new ImageSet("Test", [], [], images.Shape) : images;
        return new Dataset(images.Name, images, test, names, $"the {images.Name} images");
    }

    /// <summary>
    /// Divides the training part in two with the same mix of classes, to hold images out for validation.
    /// </summary>
    /// <param name="fraction">The share that is held out, between 0 and 1, both excluded.</param>
    /// <param name="seed">The same seed holds out the same images.</param>
    /// <returns>
    /// <c>Kept</c> trains on what is left and tests on this set's test part. <c>HeldOut</c> is for measuring: both its parts are
    /// the held-out images, so nothing that reads it can touch the test part.
    /// </returns>
    /// <exception cref="ConvNetException">
    /// <c>FractionOutOfRange</c>; <c>DatasetTooSmall</c>: one of the two would have no image.
    /// </exception>
    public (Dataset Kept, Dataset HeldOut) Split(double fraction, long seed)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ConvNetException(
                "FractionOutOfRange",
                ErrorKind.InvalidArgument,
                $"The fraction to hold out is {fraction}; it must lie between 0 and 1, such as 0.1.",
                fraction
            );
        var (kept, picked) = StratifiedSplit.Divide(Train.Labels.Span, ClassNames.Count, fraction, seed);
        if (kept.Length == 0 || picked.Length == 0)
            throw new ConvNetException(
                "DatasetTooSmall",
                ErrorKind.InvalidArgument,
                $"Holding out {fraction} of {Train.Count} images would leave {kept.Length} and {picked.Length}; both need at least one.",
                this
            );
        var source = $"{Source}, {picked.Length} held out with seed {seed}";
        var heldOut = Train.Select("HeldOut", picked);
        return (
            new Dataset(Name, Train.Select(Train.Name, kept), Test, ClassNames, source),
            new Dataset($"{Name} (held out)", heldOut, heldOut, ClassNames, source)
        );
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"{Name}: {Train.Count} training and {Test.Count} test images of {Shape}, {ClassNames.Count} classes";
}
