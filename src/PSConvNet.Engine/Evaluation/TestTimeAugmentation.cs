namespace PSConvNet.Evaluation;

/// <summary>
/// Test-time augmentation: a model is asked about each image in several forms, and its answer is the mean of the probabilities. The first form
/// is the image as it is; the others are what a training with this augmentation and seed would see of it in its epochs 1, 2 and so on. They
/// follow from the seed and the image's place among those that are asked about together, so that equal calls give equal answers.
/// </summary>
/// <remarks>
/// For a model whose outputs aren't probabilities (a last layer with another activation than softmax) it is the mean of the outputs.
/// </remarks>
public sealed record TestTimeAugmentation
{
    /// <summary>The number of forms of each image unless another one is given.</summary>
    public const int DefaultTimes = 8;

    /// <summary>The seed unless another one is given.</summary>
    public const long DefaultSeed = 1;

    /// <summary>Describes it.</summary>
    /// <param name="augmentation">How the image is changed in all forms but the first.</param>
    /// <param name="times">How many forms of each image there are, the unchanged one counted; 2 to 1000.</param>
    /// <param name="seed">Names the changes.</param>
    /// <exception cref="ConvNetException"><c>AugmentationSettingInvalid</c>.</exception>
    public TestTimeAugmentation(Augmentation augmentation, int times = DefaultTimes, long seed = DefaultSeed)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        if (times is < 2 or > 1000)
        {
            throw new ConvNetException(
                ErrorIds.AugmentationSettingInvalid,
                ErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"TestTimeAugmentation.Times must be from 2 to 1000, not {times}. It is the number of versions of an image that are averaged; the first one is the image itself."
                ),
                times
            );
        }
        (Augmentation, Times, Seed) = (augmentation, times, seed);
    }

    /// <summary>How the image is changed in all forms but the first.</summary>
    public Augmentation Augmentation { get; }

    /// <summary>How many forms of each image there are, the unchanged one counted.</summary>
    public int Times { get; }

    /// <summary>Names the changes.</summary>
    public long Seed { get; }

    /// <summary>It in words: <c>mean of 8 forms of each image (shift 2 px)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"mean of {Times} versions of each image ({Augmentation}; seed {Seed})");

    /// <summary>What changes images on their way to the workers in one of the forms; null for the unchanged one.</summary>
    /// <param name="form">The form, from 0.</param>
    /// <param name="shape">The images' shape.</param>
    /// <param name="workers">How many workers there are.</param>
    internal IImageChange[]? Changes(int form, Shape shape, int workers) =>
        form == 0 || Augmentation.IsOff
            ? null
            :
            [
                .. Enumerable
                    .Range(0, workers)
                    .Select(_ => new ImageAugmenter(Augmentation, shape, Seed) { Epoch = form }),
            ];
}
