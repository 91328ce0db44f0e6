namespace PSConvNet.Data;

/// <summary>How a folder of pictures is made into a data set.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>The longest side an image may have, in pixels.</summary>
    public const int MaximumSide = 2048;

    /// <summary>The images' height in pixels, 1 to <see cref="MaximumSide"/>.</summary>
    public int Height { get; init; } = 28;

    /// <summary>The images' width in pixels, 1 to <see cref="MaximumSide"/>.</summary>
    public int Width { get; init; } = 28;

    /// <summary>Three channels, red, green and blue, in place of one of grey.</summary>
    public bool Color { get; init; }

    /// <summary>Turn dark on light, as on paper, into light on dark, as in MNIST.</summary>
    public bool Invert { get; init; }

    /// <summary>How pictures are prepared, as their strokes are light on black then; null to stretch them to the size as they are.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>A folder of the same layout to take the test part from; then nothing is held out.</summary>
    public string? TestFolder { get; init; }

    /// <summary>The share of each class that is held out as the test part, 0 to below 1; 0 leaves that part empty.</summary>
    public double TestSplit { get; init; } = 0.2;

    /// <summary>Which pictures are held out; the same seed holds out the same ones.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Keep at most so many pictures of each part, at least 1, taken from the classes in turn; null for all.</summary>
    public int? First { get; init; }

    /// <summary>How pictures are prepared: ink is known to be dark where they are to be inverted.</summary>
    internal ImagePreparation? Prepared =>
        Invert && Preparation is { Polarity: InkPolarity.Automatic } automatic
            ? automatic with
            {
                Polarity = InkPolarity.DarkOnLight,
            }
            : Preparation;

    /// <summary>One image's shape: height x width x 1 or 3.</summary>
    public Shape Shape => new(Height, Width, Color ? 3 : 1);

    /// <summary>Refuses settings out of their range.</summary>
    /// <exception cref="ConvNetException">
    /// <c>SizeOutOfRange</c>, <c>FractionOutOfRange</c>, <c>FirstOutOfRange</c>, <c>PreparationSettingInvalid</c>; <c>ImageShapeUnsupported</c>: a
    /// preparation in colour.
    /// </exception>
    public void Validate()
    {
        if (Height is < 1 or > MaximumSide || Width is < 1 or > MaximumSide)
            throw Invalid(
                ErrorIds.SizeOutOfRange,
                $"The size is {Height} x {Width}; height and width must each be 1 to {MaximumSide}, such as 28,28.",
                FormattableString.Invariant($"{Height},{Width}")
            );
        if (!(TestSplit is >= 0 and < 1))
            throw Invalid(
                ErrorIds.FractionOutOfRange,
                FormattableString.Invariant(
                    $"The share to hold out for testing is {TestSplit}; it must be 0 to below 1, such as 0.2."
                ),
                TestSplit
            );
        if (First < 1)
            throw Invalid(
                ErrorIds.FirstOutOfRange,
                $"The number of pictures to keep is {First}; it must be at least 1.",
                First
            );
        Preparation?.Validate(Shape);
    }

    private static ConvNetException Invalid(string id, string message, object? target) =>
        new(id, ErrorKind.InvalidArgument, message, target);
}
