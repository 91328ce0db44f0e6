namespace PSConvNet.Data;

/// <summary>The files of one part of a data set, and the array their pixels go to.</summary>
internal sealed class ImageFolderPart
{
    private readonly string _name;
    private readonly byte[] _pixels;
    private readonly bool[] _isLeftOut;

    /// <summary>Makes room for all the files.</summary>
    /// <exception cref="ConvNetException"><c>DatasetTooLarge</c>: they take more than an array holds, or more than there is memory.</exception>
    public ImageFolderPart(string name, LabelledFile[] files, Shape shape)
    {
        var bytes = (long)files.Length * shape.Size;
        if (bytes > Array.MaxLength)
            throw TooLarge(files, shape, "and a part of a data set holds at most 2.1 GB");
        _name = name;
        Files = files;
        Shape = shape;
        _isLeftOut = new bool[files.Length];
        try
        {
            _pixels = GC.AllocateUninitializedArray<byte>((int)bytes);
        }
        catch (OutOfMemoryException e)
        {
            throw TooLarge(files, shape, "and there is not as much memory", e);
        }
    }

    /// <summary>The files, in the order of the images.</summary>
    public LabelledFile[] Files { get; }

    /// <summary>How many there are.</summary>
    public int Count => Files.Length;

    /// <summary>One image's shape.</summary>
    public Shape Shape { get; }

    /// <summary>Where the pixels of a file go.</summary>
    public Span<byte> Image(int index) => _pixels.AsSpan(index * Shape.Size, Shape.Size);

    /// <summary>Leaves a file out of the images.</summary>
    public void LeaveOut(int index) => _isLeftOut[index] = true;

    /// <summary>The files that are not left out.</summary>
    public LabelledFile[] Kept() => [.. Files.Where((_, i) => !_isLeftOut[i])];

    /// <summary>The images that were read; the gaps of those left out are closed. To be called once.</summary>
    /// <param name="preparation">How they were prepared, or null.</param>
    public ImageSet ToImageSet(ImagePreparation? preparation)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_isLeftOut[i])
                continue;
            if (kept < i)
                Image(i).CopyTo(Image(kept));
            kept++;
        }
        var pixels = kept == Count ? _pixels : _pixels[..(kept * Shape.Size)];
        return new ImageSet(_name, pixels, [.. Kept().Select(file => file.Label)], Shape) { Preparation = preparation };
    }

    private static ConvNetException TooLarge(
        LabelledFile[] files,
        Shape shape,
        string limit,
        OutOfMemoryException? cause = null
    ) =>
        new(
            ErrorIds.DatasetTooLarge,
            ErrorKind.InvalidArgument,
            FormattableString.Invariant(
                $"{Counted.Of(files.Length, "image"):text} of {shape} take {(double)files.Length * shape.Size / 1e9:0.0} GB, {limit}: make the images smaller (ImageFolderOptions.Height), or use a part of them (ImageFolderOptions.First)."
            ),
            shape,
            cause
        );
}
