namespace PSConvNet.Pages;

/// <summary>Images to see on what rounding a network's weights changes: those that are at hand, and drawn ones of any shape.</summary>
internal static class TrialImages
{
    private const int AtHand = 500;
    private const int Drawn = 60;

    /// <summary>The images for a model.</summary>
    /// <param name="shape">The model's input.</param>
    /// <param name="given">Images of that shape, or null.</param>
    public static ImageSet Of(Shape shape, ImageSet? given)
    {
        var first = given?.Take(Math.Min(AtHand, given.Count)).Pixels.ToArray() ?? [];
        var pixels = new byte[first.Length + Drawn * shape.Size];
        first.CopyTo(pixels, 0);
        var random = new RandomStream(1);
        for (var i = 0; i < Drawn; i++)
            Draw(pixels.AsSpan(first.Length + i * shape.Size, shape.Size), shape, ref random);
        return new ImageSet("trial images", pixels, new int[pixels.Length / shape.Size], shape);
    }

    /// <summary>A few lines of a pen, light on dark or dark on light, and grain on every third.</summary>
    private static void Draw(Span<byte> image, Shape shape, ref RandomStream random)
    {
        var (height, width) = (shape[0], shape[1]);
        var channels = shape.Size / height / width;
        var light = random.NextDouble() < 0.7;
        var grain = random.NextDouble() < 0.3 ? 60 : 0;
        var pen = (0.03 + 0.05 * random.NextDouble()) * Math.Max(height, width);
        var lines = new (double FromY, double FromX, double ToY, double ToX)[3];
        foreach (ref var line in lines.AsSpan())
            line = (random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble());
        for (var i = 0; i < image.Length; i++)
        {
            var (y, x) = (i / channels / width, i / channels % width);
            var nearest = double.MaxValue;
            foreach (var (fromY, fromX, toY, toX) in lines)
                nearest = Math.Min(nearest, Distance(y, x, fromY * height, fromX * width, toY * height, toX * width));
            var ink = 255 * Math.Clamp(pen - nearest + 0.5, 0, 1);
            var value = (light ? ink : 255 - ink) + grain * (random.NextDouble() - 0.5);
            image[i] = (byte)Math.Clamp(value, 0, 255);
        }
    }

    /// <summary>From a point to a line between two others.</summary>
    private static double Distance(double y, double x, double fromY, double fromX, double toY, double toX)
    {
        var (dy, dx) = (toY - fromY, toX - fromX);
        var along = Math.Clamp(((y - fromY) * dy + (x - fromX) * dx) / Math.Max(dy * dy + dx * dx, 1e-9), 0, 1);
        return Math.Sqrt(Math.Pow(y - fromY - along * dy, 2) + Math.Pow(x - fromX - along * dx, 2));
    }
}
