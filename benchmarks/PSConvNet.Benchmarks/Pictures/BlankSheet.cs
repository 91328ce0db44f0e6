using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>A kind of sheet with nothing on it, as a camera or a scanner sees it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Make">Makes the file; the same seed makes the same file.</param>
internal sealed record BlankSheet(string Name, Func<int, byte[]> Make)
{
    private static readonly (int Width, int Height)[] s_sizes =
    [
        (100, 100),
        (140, 200),
        (280, 280),
        (400, 300),
        (640, 480),
        (700, 1000),
        (1500, 1100),
    ];

    /// <summary>The kinds.</summary>
    public static IReadOnlyList<BlankSheet> All { get; } =
    [
        new("grain", seed => Sheet(seed, (p, _) => Grain(p, 2, 12))),
        new("paper's texture", seed => Sheet(seed, (p, size) => Grain(Texture(p, size), 0, 4))),
        new(
            "vignette",
            seed =>
                Sheet(
                    seed,
                    (p, _) =>
                    {
                        var (depth, x0, y0) = (Between(p, 0.3, 1.3), Between(p, 0.35, 0.65), Between(p, 0.35, 0.65));
                        var power = Between(p, 1, 2);
                        Grain(
                            p.Change(
                                (level, x, y) =>
                                    level
                                    * Math.Max(
                                        0.05,
                                        1 - depth * Math.Pow((x - x0) * (x - x0) + (y - y0) * (y - y0), power)
                                    )
                            ),
                            1,
                            5
                        );
                    }
                )
        ),
        new(
            "light from a side",
            seed =>
                Sheet(
                    seed,
                    (p, _) =>
                    {
                        var (sin, cos) = Math.SinCos(2 * Math.PI * p.Random.NextDouble());
                        var (depth, power) = (Between(p, 0.2, 0.8), Between(p, 0.7, 2));
                        Grain(
                            p.Change(
                                (level, x, y) =>
                                    level
                                    * (
                                        1
                                        - depth
                                            * Math.Pow(Math.Clamp(0.5 + cos * (x - 0.5) + sin * (y - 0.5), 0, 1), power)
                                    )
                            ),
                            1,
                            5
                        );
                    }
                )
        ),
        new(
            "soft shadow",
            seed =>
                Sheet(
                    seed,
                    (p, _) =>
                    {
                        var (sin, cos) = Math.SinCos(2 * Math.PI * p.Random.NextDouble());
                        var (depth, softness, at) = (
                            Between(p, 0.1, 0.6),
                            Between(p, 0.01, 0.15),
                            Between(p, -0.4, 0.4)
                        );
                        Grain(
                            p.Change(
                                (level, x, y) =>
                                    level
                                    * (1 - depth / (1 + Math.Exp((cos * (x - 0.5) + sin * (y - 0.5) - at) / softness)))
                            ),
                            1,
                            5
                        );
                    }
                )
        ),
        new("fold", seed => Sheet(seed, (p, _) => Grain(Fold(p), 1, 5))),
        new("folded twice", seed => Sheet(seed, (p, _) => Grain(Fold(Fold(p)), 1, 5))),
        new(
            "all at once",
            seed =>
                Sheet(
                    seed,
                    (p, size) =>
                    {
                        var (across, down) = (Between(p, -0.4, 0.4), Between(p, -0.4, 0.4));
                        Fold(Texture(p, size))
                            .Change((level, x, y) => level * (0.75 + across * (x - 0.5) + down * (y - 0.5)));
                        Grain(p, 1, 5);
                    }
                )
        ),
    ];

    private static byte[] Sheet(int seed, Action<DrawnPicture, int> draw)
    {
        var random = new Random(seed);
        var (width, height) = s_sizes[seed % s_sizes.Length];
        var light = random.Next(120, 256);
        // White, yellowish or bluish; a blackboard now and then.
        var paper = random.Next(8) == 0 ? 30 + light / 5 : light;
        var tint = random.Next(-14, 8);
        using var picture = new DrawnPicture(
            width,
            height,
            new SKColor(
                (byte)paper,
                (byte)Math.Clamp(paper + tint / 3, 0, 255),
                (byte)Math.Clamp(paper + tint, 0, 255)
            ),
            seed
        );
        draw(picture, Math.Max(width, height));
        return random.Next(4) == 0 ? picture.Png() : picture.Jpeg(random.Next(50, 96));
    }

    private static double Between(DrawnPicture picture, double least, double most) =>
        least + (most - least) * picture.Random.NextDouble();

    private static DrawnPicture Grain(DrawnPicture picture, double least, double most) =>
        picture.Noise(Between(picture, least, most));

    /// <summary>Hills and valleys of a sheet that isn't flat, and the cloudiness of its paper: noise of several sizes.</summary>
    private static DrawnPicture Texture(DrawnPicture picture, int size)
    {
        for (var octave = 0; octave < 3; octave++)
        {
            var cells = (int)Math.Max(2, size / Math.Pow(size, Between(picture, 0.25, 0.9)));
            var heights = new double[cells + 2, cells + 2];
            for (var i = 0; i < cells + 2; i++)
            for (var j = 0; j < cells + 2; j++)
                heights[i, j] = Between(picture, -1, 1);
            var depth = Between(picture, 1, 9);
            picture.Change((level, x, y) => level + depth * Between(heights, cells * x, cells * y));
        }
        return picture;
    }

    private static double Between(double[,] heights, double x, double y)
    {
        var (i, j) = ((int)x, (int)y);
        var (u, v) = (Eased(x - i), Eased(y - j));
        return (1 - v) * ((1 - u) * heights[i, j] + u * heights[i + 1, j])
            + v * ((1 - u) * heights[i, j + 1] + u * heights[i + 1, j + 1]);

        static double Eased(double t) => t * t * (3 - 2 * t);
    }

    /// <summary>A crease across the sheet: one side is darker than the other, and along it runs a soft line of shadow or of light.</summary>
    private static DrawnPicture Fold(DrawnPicture picture)
    {
        var (sin, cos) = Math.SinCos(picture.Random.Next(2) * Math.PI / 2 + Between(picture, -0.1, 0.1));
        var at = Between(picture, -0.3, 0.3);
        var (step, line, width) = (
            Between(picture, 0, 0.12),
            Between(picture, -0.1, 0.2),
            Between(picture, 0.002, 0.02)
        );
        return picture.Change(
            (level, x, y) =>
            {
                var far = cos * (x - 0.5) + sin * (y - 0.5) - at;
                return level * (1 - (far > 0 ? step : 0) - line * Math.Exp(-far * far / (2 * width * width)));
            }
        );
    }
}
