namespace PSConvNet;

/// <summary>
/// What the pixels of a set of images are like, on a scale from 0 to 1. A model keeps those of the images it learned from, so that pictures
/// unlike them can be told.
/// </summary>
/// <param name="Images">How many images there are.</param>
/// <param name="Mean">The pixels' mean.</param>
/// <param name="StandardDeviation">The pixels' standard deviation.</param>
/// <param name="Maximum">The brightest pixel.</param>
/// <param name="DarkImage">The mean of a dark image: one in two hundred is darker.</param>
/// <param name="BrightImage">The mean of a bright image: one in two hundred is brighter.</param>
public sealed record PixelStatistics(
    int Images,
    double Mean,
    double StandardDeviation,
    double Maximum,
    double DarkImage,
    double BrightImage
)
{
    private const int OneIn = 200;

    /// <summary>Measures images; all is 0 where there are none.</summary>
    public static PixelStatistics Of(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var means = new double[images.Count];
        long sum = 0;
        long squares = 0;
        byte maximum = 0;
        for (var i = 0; i < means.Length; i++)
        {
            var (imageSum, imageSquares, brightest) = Sums(images.GetImage(i).Span);
            means[i] = imageSum / 255.0 / images.Shape.Size;
            sum += imageSum;
            squares += imageSquares;
            maximum = Math.Max(maximum, brightest);
        }
        if (means.Length == 0)
            return new PixelStatistics(0, 0, 0, 0, 0, 0);
        Array.Sort(means);
        var pixels = (double)images.Pixels.Length;
        var mean = sum / pixels;
        return new PixelStatistics(
            means.Length,
            mean / 255,
            Math.Sqrt(Math.Max(0, squares / pixels - mean * mean)) / 255,
            maximum / 255.0,
            means[means.Length / OneIn],
            means[means.Length - 1 - means.Length / OneIn]
        );
    }

    /// <summary>Whether it can be what images are like: a file may say anything.</summary>
    internal bool CanBe() =>
        Images >= 0
        && new[] { Mean, StandardDeviation, Maximum, DarkImage, BrightImage }.All(value => value is >= 0 and <= 1)
        && DarkImage <= BrightImage;

    private static (long Sum, long Squares, byte Maximum) Sums(ReadOnlySpan<byte> pixels)
    {
        // In 32 bits as long as they hold it, which is twice as fast.
        const int block = 1 << 14;
        long sum = 0;
        long squares = 0;
        byte maximum = 0;
        for (; !pixels.IsEmpty; pixels = pixels[Math.Min(block, pixels.Length)..])
        {
            uint part = 0;
            uint partSquares = 0;
            foreach (var pixel in pixels[..Math.Min(block, pixels.Length)])
            {
                part += pixel;
                partSquares += (uint)(pixel * pixel);
                maximum = Math.Max(maximum, pixel);
            }
            sum += part;
            squares += partSquares;
        }
        return (sum, squares, maximum);
    }
}
