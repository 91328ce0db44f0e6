namespace PSConvNet.Tests.Pages;

/// <summary>Pictures of a few strokes with what people's pictures come with: paper of any shade, shadows, lines, frames, noise, transparency.</summary>
internal static class TroubledPicture
{
    /// <summary>As many kinds as there are; a kind is drawn anew for each seed.</summary>
    public const int Kinds = 14;

    public static PixelPicture Draw(int kind, int seed)
    {
        var random = new Random(seed);
        var (width, height) = (random.Next(60, 260), random.Next(60, 260));
        if (kind == 12)
            (width, height) = (28, 28);
        if (kind == 13)
            width = Math.Min(640, 3 * width);
        var strokes = Enumerable.Range(0, random.Next(2, 5)).Select(_ => (At(random), At(random))).ToArray();
        var pen = (0.02 + 0.04 * random.NextDouble()) * Math.Min(width, height) + 0.6;
        var isLight = kind is 1 or 12;
        int[] ink = isLight
            ? [255, 255, 255]
            : [.. Enumerable.Range(0, 3).Select(_ => random.Next(kind == 6 ? 200 : 90))];
        int[] paper = isLight ? [0, 0, 0] : [.. Enumerable.Range(0, 3).Select(_ => random.Next(190, 256))];
        var pixels = new byte[4 * width * height];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var cover = strokes.Max(stroke => Cover(x, y, stroke, width, height, pen));
            var light = kind switch
            {
                2 => 0.45 + 0.55 * x / width,
                3 => x + y < 0.8 * width ? 0.6 : 1,
                _ => 1,
            };
            var line = kind switch
            {
                4 => y % 24 == 11,
                5 => y % 18 == 9 || x % 18 == 9,
                7 => Math.Min(Math.Min(x, y), Math.Min(width - 1 - x, height - 1 - y)) is >= 5 and < 8,
                _ => false,
            };
            var isTable = kind == 8 && (x < width / 8 || y < height / 8);
            for (var c = 0; c < 3; c++)
            {
                var ground =
                    isTable ? 60
                    : line ? 150
                    : paper[c] * light;
                var level = ground + cover * (ink[c] * light - ground);
                if (kind is 9 or 11)
                    level += 24 * (random.NextDouble() - 0.5);
                pixels[4 * (y * width + x) + c] = (byte)Math.Clamp(level, 0, 255);
            }
            pixels[4 * (y * width + x) + 3] = kind switch
            {
                10 => (byte)(255 * cover),
                11 => (byte)(x < 6 ? 0 : 255),
                _ => 255,
            };
        }
        return new PixelPicture(width, height, pixels);
    }

    private static (double X, double Y) At(Random random) =>
        (0.2 + 0.6 * random.NextDouble(), 0.2 + 0.6 * random.NextDouble());

    private static double Cover(
        int x,
        int y,
        ((double X, double Y) From, (double X, double Y) To) stroke,
        int width,
        int height,
        double pen
    )
    {
        var (fromX, fromY) = (stroke.From.X * width, stroke.From.Y * height);
        var (dx, dy) = (stroke.To.X * width - fromX, stroke.To.Y * height - fromY);
        var along = Math.Clamp(((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy + 1e-9), 0, 1);
        var distance = Math.Sqrt(Math.Pow(x - fromX - along * dx, 2) + Math.Pow(y - fromY - along * dy, 2));
        return Math.Clamp(pen / 2 - distance + 0.5, 0, 1);
    }
}
