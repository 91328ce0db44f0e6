using PSConvNet.Benchmarks.Pictures;
using PSConvNet.Module.Tests;

namespace PSConvNet.Tests.Data.Preparation;

/// <summary>Digits, pictures of them, and what became of these.</summary>
internal static class DigitPictures
{
    private static readonly Shape s_sample = new(28, 28);

    /// <summary>Ten digits that were drawn here: each class once.</summary>
    public static byte[][] Synthetic { get; } = [.. EachClass(SyntheticDigits.Generate(200, 1).Train)];

    /// <summary>MNIST's test part where it is there.</summary>
    public static ImageSet? Mnist { get; } = ReadMnist();

    public static PixelPicture Read(byte[] file)
    {
        using var folder = new TemporaryFolder();
        return ImageFile.ReadPicture(folder.Write("picture", file));
    }

    public static PixelPicture Of(string style, byte[] digit, int seed = 1) =>
        Read(PictureStyle.All.Single(s => s.Name == style).Make(digit, seed));

    public static byte[] Sample(PixelPicture picture, ImagePreparation? preparation = null) =>
        (preparation ?? new ImagePreparation()).Prepare(picture, s_sample).Objects[0].Sample.Pixels.ToArray();

    public static double Difference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    /// <summary>Where the centre of mass of 28 x 28 levels lies; pixel i spans i to i + 1.</summary>
    public static (double X, double Y) Centre(byte[] sample)
    {
        var mass = sample.Sum(level => (double)level);
        return (
            sample.Select((level, i) => level * (i % 28 + 0.5)).Sum() / mass,
            sample.Select((level, i) => level * (i / 28 + 0.5)).Sum() / mass
        );
    }

    private static ImageSet? ReadMnist()
    {
        if (Repository.SharedMnist is null)
            return null;
        var source = new MnistSource(MnistName.Digits, MnistLocations.FromEnvironment());
        return source.Read(source.Find()!).Test;
    }

    private static IEnumerable<byte[]> EachClass(ImageSet images) =>
        Enumerable.Range(0, 10).Select(label => images.GetImage(images.Labels.Span.IndexOf(label)).ToArray());
}
