namespace PSConvNet.Data;

/// <summary>
/// Digits that look handwritten, drawn from strokes: for machines with no data. Every image depends on the seed and its own
/// number alone, so a set is the same however many threads draw it, and a shorter set is the start of a longer one.
/// </summary>
/// <remarks>
/// Each digit has several ways of writing. A spline runs through trembling points, is scaled, slanted, turned and shifted, bent by
/// long waves (after the elastic distortions of P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural
/// networks applied to visual document analysis", 2003) and drawn with an uneven, anti-aliased pen. They are not centred as
/// MNIST's are, which is what a convolution copes with better than a dense layer.
/// </remarks>
public static class SyntheticDigits
{
    /// <summary>As many training images as MNIST has.</summary>
    public const int DefaultTrainCount = MnistCatalog.TrainCount;

    /// <summary>As many test images as MNIST has.</summary>
    public const int DefaultTestCount = MnistCatalog.TestCount;

    /// <summary>The seed unless another one is given.</summary>
    public const long DefaultSeed = 1;

    private const int Side = MnistCatalog.Side;
    private const int ImagesPerTask = 64;

    /// <summary>Draws a data set of 28 x 28 images in ten classes.</summary>
    /// <param name="trainCount">How many training images, 1 to 1,000,000.</param>
    /// <param name="testCount">How many test images, 1 to 1,000,000.</param>
    /// <param name="seed">The same seed draws the same images.</param>
    /// <param name="threads">How many threads draw, or null for one per core.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ConvNetException"><c>FirstOutOfRange</c>: a count is out of range.</exception>
    public static Dataset Generate(
        int trainCount = DefaultTrainCount,
        int testCount = DefaultTestCount,
        long seed = DefaultSeed,
        int? threads = null,
        CancellationToken cancellation = default
    )
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        var train = Draw("Train", 0, trainCount, seed, options);
        var test = Draw("Test", 1, testCount, seed, options);
        return new Dataset(
            nameof(MnistName.Synthetic),
            train,
            test,
            MnistCatalog.DigitNames,
            $"synthetic, seed {seed}"
        );
    }

    private static ImageSet Draw(string name, int series, int count, long seed, ParallelOptions options)
    {
        const int maximum = 1_000_000;
        if (count is < 1 or > maximum)
            throw new ConvNetException(
                ErrorIds.FirstOutOfRange,
                ErrorKind.InvalidArgument,
                $"{count} synthetic images were asked for; it can be 1 to {maximum}.",
                count
            );
        var pixels = GC.AllocateUninitializedArray<byte>(count * Side * Side);
        var labels = new int[count];
        Parallel.For(
            0,
            (count + ImagesPerTask - 1) / ImagesPerTask,
            options,
            () => new InkRaster(Side),
            (task, _, raster) =>
            {
                var end = Math.Min(count, (task + 1) * ImagesPerTask);
                for (var i = task * ImagesPerTask; i < end; i++)
                {
                    var random = new RandomStream(seed, series, i);
                    labels[i] = random.NextInt(MnistCatalog.DigitNames.Count);
                    DigitHand.Write(labels[i], pixels.AsSpan(i * Side * Side, Side * Side), Side, raster, ref random);
                }
                return raster;
            },
            _ => { }
        );
        return new ImageSet(name, pixels, labels, new Shape(Side, Side));
    }
}
