using Newtonsoft.Json;

namespace PSConvNet.Data;

/// <summary>
/// Labelled images: one contiguous array of bytes, N x height x width (x channels), and one label an image.
/// Images stay bytes; a batch is gathered and scaled to 0..1 when it is used.
/// </summary>
public sealed class ImageSet
{
    private readonly byte[] _pixels;
    private readonly int[] _labels;
    private PixelStatistics? _statistics;

    /// <summary>Wraps the arrays without copying; the caller does not change them afterwards. The classes have no names.</summary>
    /// <param name="name">The part's name: <c>Train</c>, <c>Test</c>.</param>
    /// <param name="pixels">N x <paramref name="shape"/>.Size bytes, sample after sample.</param>
    /// <param name="labels">N class indices, each in 0..classes-1.</param>
    /// <param name="shape">One sample's shape.</param>
    /// <exception cref="ConvNetException"><c>DatasetInvalid</c>: the arrays' lengths don't agree with the shape.</exception>
    public ImageSet(string name, byte[] pixels, int[] labels, Shape shape)
    {
        if (pixels.LongLength != (long)labels.Length * shape.Size)
        {
            throw new ConvNetException(
                ErrorIds.DatasetInvalid,
                ErrorKind.InvalidData,
                $"{Counted.Of(labels.Length, "label"):text} of shape {shape} need {(long)labels.Length * shape.Size} bytes of pixels, but there are {pixels.LongLength}.",
                name
            );
        }
        Name = PrintableText.Of(name);
        _pixels = pixels;
        _labels = labels;
        Shape = shape;
    }

    /// <summary>The same with the names of the classes.</summary>
    /// <param name="name">The part's name: <c>Train</c>, <c>Test</c>.</param>
    /// <param name="pixels">N x <paramref name="shape"/>.Size bytes, sample after sample.</param>
    /// <param name="labels">N class indices, each the place of a name in <paramref name="classNames"/>.</param>
    /// <param name="shape">One sample's shape.</param>
    /// <param name="classNames">The names.</param>
    /// <exception cref="ConvNetException">
    /// <c>DatasetInvalid</c>: the arrays' lengths don't agree with the shape, or a label has no name.
    /// </exception>
    public ImageSet(string name, byte[] pixels, int[] labels, Shape shape, IReadOnlyList<string> classNames)
        : this(name, pixels, labels, shape)
    {
        ClassNames = ClassName.Normal(classNames);
        RequireNames(ClassNames.Count, name);
    }

    /// <summary>A set of images of which nothing is known but their pixels: all have the label 0.</summary>
    /// <param name="images">The images, each with as many pixels as <paramref name="shape"/> has.</param>
    /// <param name="shape">One sample's shape.</param>
    /// <exception cref="ConvNetException"><c>DatasetInvalid</c>: an image has more or fewer pixels.</exception>
    public static ImageSet Unlabelled(IReadOnlyCollection<ImageSample> images, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(images);
        var pixels = new byte[images.Sum(image => image.Pixels.Length)];
        var at = 0;
        foreach (var image in images)
        {
            image.Pixels.CopyTo(pixels.AsMemory(at));
            at += image.Pixels.Length;
        }
        return new ImageSet("given", pixels, new int[images.Count], shape);
    }

    /// <summary>The part's name.</summary>
    public string Name { get; }

    /// <summary>How many images there are.</summary>
    public int Count => _labels.Length;

    /// <summary>One sample's shape.</summary>
    public Shape Shape { get; }

    /// <summary>All pixels, 0 to 255, sample after sample, each in row-major order with channels innermost.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>The class of each image: an index into <see cref="ClassNames"/>, and into nothing else.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<int> Labels => _labels;

    /// <summary>The names of the classes; empty where they have none.</summary>
    public IReadOnlyList<string> ClassNames { get; private init; } = [];

    /// <summary>How the images were made of pictures; null where they weren't, or that isn't known.</summary>
    public ImagePreparation? Preparation { get; internal init; }

    /// <summary>Whether the images were read from pictures as they are, so that other pictures are to be read in the same way.</summary>
    internal bool IsOfPictures { get; init; }

    /// <summary>What the pixels are like; measured when first asked for.</summary>
    internal PixelStatistics Statistics => _statistics ??= PixelStatistics.Of(this);

    /// <summary>The pixels of one image.</summary>
    public ReadOnlyMemory<byte> GetImage(int index) => Pixels.Slice(index * Shape.Size, Shape.Size);

    /// <summary>The same images, with another shape of the same size; shares the arrays.</summary>
    public ImageSet Reshape(Shape shape) => Alike(Name, _pixels, _labels, shape);

    /// <summary>The first images, copied out so that the others' memory can go; this set itself when it has no more.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ConvNetException"><c>FirstOutOfRange</c>: <paramref name="count"/> is below 1.</exception>
    public ImageSet Take(int count)
    {
        if (count < 1)
            throw new ConvNetException(
                ErrorIds.FirstOutOfRange,
                ErrorKind.InvalidArgument,
                $"The number of images to keep is {count}; it must be at least 1.",
                count
            );
        return count >= Count ? this : Alike(Name, _pixels[..(count * Shape.Size)], _labels[..count], Shape);
    }

    /// <summary>The images at <paramref name="indices"/>, copied in that order.</summary>
    /// <param name="name">The new part's name.</param>
    /// <param name="indices">Each in 0..<see cref="Count"/>-1; an image may come more than once.</param>
    public ImageSet Select(string name, ReadOnlySpan<int> indices)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(indices.Length * Shape.Size);
        var labels = new int[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            GetImage(indices[i]).Span.CopyTo(pixels.AsSpan(i * Shape.Size));
            labels[i] = _labels[indices[i]];
        }
        return Alike(name, pixels, labels, Shape);
    }

    /// <summary>The same images with other pixels.</summary>
    internal ImageSet WithPixels(byte[] pixels) => Alike(Name, pixels, _labels, Shape);

    /// <summary>The same images with these names for their classes, label by label; shares the arrays.</summary>
    /// <param name="classNames">Normal names; none to take names away.</param>
    /// <param name="owner">Whose images they are, for the message; null for this set's name.</param>
    /// <exception cref="ConvNetException"><c>DatasetInvalid</c>: a label has no name.</exception>
    internal ImageSet Named(IReadOnlyList<string> classNames, string? owner = null)
    {
        if (ReferenceEquals(ClassNames, classNames))
            return this;
        if (classNames.Count > 0)
            RequireNames(classNames.Count, owner is null ? Name : $"{owner} ({Name})");
        return Alike(Name, _pixels, _labels, Shape, classNames);
    }

    /// <summary>The same images with other labels, which are indices into these names.</summary>
    internal ImageSet Labelled(int[] labels, IReadOnlyList<string> classNames) =>
        Alike(Name, _pixels, labels, Shape, classNames);

    /// <summary>Other images that were made in the same way; without names for the classes they have this set's.</summary>
    private ImageSet Alike(
        string name,
        byte[] pixels,
        int[] labels,
        Shape shape,
        IReadOnlyList<string>? classNames = null
    ) =>
        new(name, pixels, labels, shape)
        {
            ClassNames = classNames ?? ClassNames,
            Preparation = Preparation,
            IsOfPictures = IsOfPictures,
        };

    /// <summary>The numbers of all images in an order of chance; equal seeds give equal orders.</summary>
    public int[] ShuffledOrder(long seed)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        new RandomStream(seed).Shuffle(order);
        return order;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Name}: {Count} {(Count == 1 ? "image" : "images")} of {Shape}";

    private void RequireNames(int classes, string owner)
    {
        foreach (var label in _labels)
        {
            if ((uint)label < (uint)classes)
                continue;
            throw new ConvNetException(
                ErrorIds.DatasetInvalid,
                ErrorKind.InvalidData,
                $"A label of {owner} is {label}, but there {(classes == 1 ? "is" : "are"):text} {Counted.Of(classes, "class"):text}: labels run from 0 to {classes - 1}.",
                owner
            );
        }
    }
}
