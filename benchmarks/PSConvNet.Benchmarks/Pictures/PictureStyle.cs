using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>A way in which people make a picture of a digit.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Make">Makes the file of a digit of 28 x 28 pixels, which is light on dark; the same seed makes the same file.</param>
internal sealed record PictureStyle(string Name, Func<byte[], int, byte[]> Make)
{
    private static readonly SKColor s_black = new(20, 20, 22);
    private static readonly SKColor s_paper = new(245, 243, 238);
    private static readonly SKColor s_desk = new(70, 48, 34);

    /// <summary>The styles.</summary>
    public static IReadOnlyList<PictureStyle> All { get; } =
    [
        new(
            "as MNIST has it",
            (digit, seed) =>
                Canvas(28, 28, SKColors.Black, seed, p => p.Digit(digit, 0, 0, 28, SKColors.White, isSharp: false))
        ),
        new(
            "28 x 28, dark",
            (digit, seed) =>
                Canvas(28, 28, SKColors.White, seed, p => p.Digit(digit, 0, 0, 28, SKColors.Black, isSharp: false))
        ),
        new("tight square", (digit, seed) => Tight(digit, seed, square: true)),
        new("tight box", (digit, seed) => Tight(digit, seed, square: false)),
        new("small in big", (digit, seed) => Placed(800, 800, digit, seed, 0.12)),
        new("off centre", (digit, seed) => Placed(400, 400, digit, seed, 0.4)),
        new(
            "huge",
            (digit, seed) => Canvas(2000, 2000, SKColors.White, seed, p => p.Digit(digit, 100, 100, 1800, s_black))
        ),
        new(
            "soft and large",
            (digit, seed) =>
                Canvas(280, 280, SKColors.White, seed, p => p.Digit(digit, 0, 0, 280, SKColors.Black, isSharp: false))
        ),
        new(
            "light on black",
            (digit, seed) => Canvas(300, 300, SKColors.Black, seed, p => p.Digit(digit, 10, 10, 280, SKColors.White))
        ),
        new(
            "light on black, off centre",
            (digit, seed) =>
                Canvas(
                    600,
                    400,
                    new SKColor(34, 34, 34),
                    seed,
                    p => p.Digit(digit, 320, 150, 200, new SKColor(210, 210, 210))
                )
        ),
        new(
            "black on clear",
            (digit, seed) =>
                Canvas(280, 280, SKColors.Transparent, seed, p => p.Digit(digit, 0, 0, 280, SKColors.Black))
        ),
        new(
            "white on clear",
            (digit, seed) =>
                Canvas(280, 280, SKColors.Transparent, seed, p => p.Digit(digit, 0, 0, 280, SKColors.White))
        ),
        new(
            "red on clear, soft",
            (digit, seed) =>
                Canvas(
                    280,
                    280,
                    SKColors.Transparent,
                    seed,
                    p => p.Digit(digit, 20, 0, 250, SKColors.Red, isSharp: false)
                )
        ),
        new("paper cut out", CutOut),
        new(
            "clear hole in black",
            (digit, seed) => Canvas(280, 280, SKColors.Black, seed, p => p.Draw(c => Punch(c, digit, 0, 0, 280)))
        ),
        new(
            "pencil",
            (digit, seed) =>
                Canvas(
                    112,
                    112,
                    new SKColor(212, 212, 212),
                    seed,
                    p => p.Digit(digit, 0, 0, 112, new SKColor(165, 165, 165), isSharp: false).Noise(2)
                )
        ),
        new(
            "pencil, large and grainy",
            (digit, seed) =>
                Canvas(
                    700,
                    700,
                    new SKColor(235, 233, 228),
                    seed,
                    p => p.Digit(digit, 150, 120, 420, new SKColor(120, 120, 125, 150)).Noise(7)
                )
        ),
        new("blue ink", (digit, seed) => Ink(digit, seed, new SKColor(30, 50, 170))),
        new("red ink", (digit, seed) => Ink(digit, seed, new SKColor(215, 30, 40))),
        new("green ink", (digit, seed) => Ink(digit, seed, new SKColor(40, 160, 70))),
        new("yellow ink", (digit, seed) => Ink(digit, seed, new SKColor(250, 225, 40))),
        new(
            "orange ink on grey",
            (digit, seed) =>
                Canvas(
                    400,
                    400,
                    new SKColor(190, 190, 190),
                    seed,
                    p => p.Digit(digit, 60, 60, 280, new SKColor(240, 150, 40))
                )
        ),
        new("photo with shadow", (digit, seed) => Photo(digit, seed, Shadow(0.35, 0.12), 6)),
        new("photo with hard shadow", (digit, seed) => Photo(digit, seed, Shadow(0.5, 0.006), 4)),
        new("photo, light from a side", (digit, seed) => Photo(digit, seed, (x, _) => 1 - 0.65 * x, 5)),
        new(
            "vignette",
            (digit, seed) => Photo(digit, seed, (x, y) => 1 - 1.1 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5)), 3)
        ),
        new("sheet on a desk, tilted", (digit, seed) => Sheet(digit, seed, s_paper, s_black, 0.55, 12)),
        new("sheet on a desk, large", (digit, seed) => Sheet(digit, seed, s_paper, s_black, 0.85, 4)),
        new(
            "sticky note",
            (digit, seed) => Sheet(digit, seed, new SKColor(250, 230, 110), new SKColor(30, 40, 120), 0.6, -7)
        ),
        new(
            "ruled paper",
            (digit, seed) => Ruled(digit, seed, new SKColor(150, 180, 225), across: true, down: false, 0)
        ),
        new(
            "ruled paper, tilted",
            (digit, seed) => Ruled(digit, seed, new SKColor(140, 170, 215), across: true, down: false, 3)
        ),
        new(
            "dark ruled paper",
            (digit, seed) => Ruled(digit, seed, new SKColor(60, 60, 70), across: true, down: false, 0)
        ),
        new(
            "squared paper",
            (digit, seed) => Ruled(digit, seed, new SKColor(150, 170, 200), across: true, down: true, 0)
        ),
        new(
            "squared paper, tilted",
            (digit, seed) => Ruled(digit, seed, new SKColor(150, 170, 200), across: true, down: true, 2)
        ),
        new(
            "JPEG of quality 20",
            (digit, seed) => Made(300, 300, s_paper, seed, p => p.Digit(digit, 40, 30, 220, s_black).Jpeg(20))
        ),
        new(
            "JPEG of quality 10, red",
            (digit, seed) =>
                Made(300, 300, s_paper, seed, p => p.Digit(digit, 40, 30, 220, new SKColor(215, 30, 40)).Jpeg(10))
        ),
        new(
            "noise",
            (digit, seed) =>
                Canvas(
                    200,
                    200,
                    new SKColor(200, 200, 200),
                    seed,
                    p => p.Digit(digit, 20, 20, 160, new SKColor(70, 70, 70)).Noise(30)
                )
        ),
        new(
            "noise, light on dark",
            (digit, seed) =>
                Canvas(
                    280,
                    280,
                    new SKColor(40, 40, 40),
                    seed,
                    p => p.Digit(digit, 20, 20, 240, new SKColor(200, 200, 200)).Noise(25)
                )
        ),
        new(
            "salt and pepper",
            (digit, seed) =>
                Canvas(280, 280, SKColors.White, seed, p => Salt(p.Digit(digit, 10, 10, 260, SKColors.Black), 0.02))
        ),
        new(
            "thin pen",
            (digit, seed) =>
                Canvas(500, 500, SKColors.White, seed, p => p.Digit(digit, 0, 0, 500, s_black, growth: -0.55))
        ),
        new(
            "thick pen",
            (digit, seed) =>
                Canvas(300, 300, SKColors.White, seed, p => p.Digit(digit, 0, 0, 300, s_black, growth: 0.5))
        ),
        new("frame", (digit, seed) => Framed(digit, seed, 0)),
        new("frame at the edge", (digit, seed) => Framed(digit, seed, 1)),
        new("dark margin", (digit, seed) => Margin(digit, seed, 30, 30)),
        new("dark margin, uneven", (digit, seed) => Margin(digit, seed, 70, 8)),
        new(
            "camera on its side",
            (digit, seed) => Made(600, 400, s_paper, seed, p => p.Digit(digit, 180, 60, 280, s_black).TurnedJpeg())
        ),
        new("whiteboard", Whiteboard),
        new(
            "chalkboard",
            (digit, seed) =>
                Canvas(
                    640,
                    480,
                    new SKColor(38, 70, 52),
                    seed,
                    p => Dust(p, 30).Digit(digit, 180, 90, 300, new SKColor(225, 230, 222, 215)).Noise(9)
                )
        ),
        new(
            "chalk in red",
            (digit, seed) =>
                Canvas(
                    640,
                    480,
                    new SKColor(40, 42, 44),
                    seed,
                    p => Dust(p, 16).Digit(digit, 180, 90, 300, new SKColor(225, 100, 110, 230)).Noise(6)
                )
        ),
        new(
            "highlighter",
            (digit, seed) =>
                Canvas(
                    500,
                    400,
                    SKColors.White,
                    seed,
                    p => p.Digit(digit, 90, 40, 320, new SKColor(215, 250, 60, 200), growth: 0.35)
                )
        ),
        new("highlighted", Highlighted),
        new("stamped", Stamped),
        new("tall canvas", (digit, seed) => Placed(200, 900, digit, seed, 0.9)),
        new("wide canvas", (digit, seed) => Placed(1200, 220, digit, seed, 0.9)),
        new("two tones, digit on one", (digit, seed) => TwoTone(digit, seed, 330)),
        new("two tones, digit on both", (digit, seed) => TwoTone(digit, seed, 200)),
        new("dirt", (digit, seed) => Canvas(500, 500, s_paper, seed, p => Dirt(p.Digit(digit, 90, 80, 320, s_black)))),
        new(
            "kraft paper",
            (digit, seed) =>
                Made(
                    500,
                    500,
                    new SKColor(176, 138, 98),
                    seed,
                    p => Fibres(p).Digit(digit, 90, 80, 320, s_black).Noise(6).Jpeg(85)
                )
        ),
        new(
            "out of focus",
            (digit, seed) => Made(500, 500, s_paper, seed, p => p.Digit(digit, 90, 80, 320, s_black).Blur(9).Jpeg(85))
        ),
        new(
            "inverted scan",
            (digit, seed) =>
                Made(
                    700,
                    500,
                    new SKColor(12, 14, 18),
                    seed,
                    p => p.Digit(digit, 210, 90, 300, new SKColor(235, 235, 230)).Noise(5).Jpeg(80)
                )
        ),
        new(
            "tilted digit",
            (digit, seed) =>
                Canvas(
                    400,
                    400,
                    SKColors.White,
                    seed,
                    p => p.Digit(digit, 60, 60, 280, s_black, degrees: p.Random.Next(-8, 9))
                )
        ),
    ];

    private static byte[] Made(int width, int height, SKColor paper, int seed, Func<DrawnPicture, byte[]> make)
    {
        using var picture = new DrawnPicture(width, height, paper, seed);
        return make(picture);
    }

    private static byte[] Canvas(int width, int height, SKColor paper, int seed, Action<DrawnPicture> draw) =>
        Made(
            width,
            height,
            paper,
            seed,
            picture =>
            {
                draw(picture);
                return picture.Png();
            }
        );

    private static byte[] Tight(byte[] digit, int seed, bool square)
    {
        var box = DigitInk.Box(digit, 60);
        const double scale = 10;
        var (width, height) = ((int)(box.Width * scale), (int)(box.Height * scale));
        var side = square ? Math.Max(width, height) : 0;
        var (canvasWidth, canvasHeight) = square ? (side, side) : (width, height);
        return Canvas(
            canvasWidth,
            canvasHeight,
            SKColors.White,
            seed,
            p =>
                p.Digit(
                    digit,
                    (canvasWidth - width) / 2.0 - box.Left * scale,
                    (canvasHeight - height) / 2.0 - box.Top * scale,
                    (int)(28 * scale),
                    SKColors.Black
                )
        );
    }

    /// <summary>A digit anywhere on white; its size is a share of the shorter side.</summary>
    private static byte[] Placed(int width, int height, byte[] digit, int seed, double share) =>
        Canvas(
            width,
            height,
            SKColors.White,
            seed,
            p =>
            {
                var side = (int)(share * Math.Min(width, height));
                p.Digit(digit, p.Random.Next(0, width - side), p.Random.Next(0, height - side), side, s_black);
            }
        );

    private static byte[] Ink(byte[] digit, int seed, SKColor ink) =>
        Canvas(400, 400, SKColors.White, seed, p => p.Digit(digit, 60, 60, 280, ink));

    private static void Punch(SKCanvas canvas, byte[] digit, float left, float top, int side)
    {
        using var shape = DigitInk.Enlarge(digit, side);
        using var paint = new SKPaint { Color = SKColors.Black, BlendMode = SKBlendMode.DstOut };
        canvas.DrawBitmap(shape, left, top, SKSamplingOptions.Default, paint);
    }

    private static byte[] CutOut(byte[] digit, int seed) =>
        Canvas(
            400,
            400,
            SKColors.Transparent,
            seed,
            p =>
                p.Draw(canvas =>
                    {
                        using var paint = new SKPaint { Color = s_paper, IsAntialias = true };
                        canvas.DrawRoundRect(40, 30, 320, 330, 30, 30, paint);
                    })
                    .Digit(digit, 75, 65, 250, s_black)
        );

    private static Func<double, double, double> Shadow(double depth, double softness) =>
        (x, y) => 1 - depth / (1 + Math.Exp(-(x + 0.4 * y - 0.62) / softness));

    private static byte[] Photo(byte[] digit, int seed, Func<double, double, double> light, double noise) =>
        Made(
            900,
            1200,
            s_paper,
            seed,
            p =>
                p.Digit(
                        digit,
                        230 + p.Random.Next(-60, 60),
                        350 + p.Random.Next(-100, 100),
                        420,
                        new SKColor(40, 42, 60)
                    )
                    .Blur(1.2f)
                    .Change((level, x, y) => 0.9 * level * light(x, y))
                    .Noise(noise)
                    .Jpeg(80)
        );

    private static byte[] Sheet(byte[] digit, int seed, SKColor paper, SKColor ink, double share, float degrees) =>
        Made(
            900,
            900,
            s_desk,
            seed,
            p =>
            {
                Fibres(p);
                var side = (float)(share * 900);
                p.Draw(canvas =>
                {
                    using var paint = new SKPaint { Color = paper, IsAntialias = true };
                    canvas.RotateDegrees(degrees, 450, 450);
                    canvas.DrawRect(450 - side / 2, 450 - side / 2, side, side, paint);
                });
                var size = (int)(0.75 * side);
                return p.Digit(digit, 450 - size / 2.0, 450 - size / 2.0, size, ink, degrees: degrees)
                    .Noise(4)
                    .Jpeg(85);
            }
        );

    private static byte[] Ruled(byte[] digit, int seed, SKColor line, bool across, bool down, float degrees) =>
        Made(
            600,
            600,
            s_paper,
            seed,
            p =>
            {
                p.Draw(canvas =>
                {
                    using var paint = new SKPaint
                    {
                        Color = line,
                        StrokeWidth = 2.2f,
                        IsAntialias = true,
                    };
                    canvas.RotateDegrees(degrees, 300, 300);
                    var step = down ? 42 : 62;
                    for (var at = -200 + p.Random.Next(step); at < 800; at += step)
                    {
                        if (across)
                            canvas.DrawLine(-200, at, 800, at, paint);
                        if (down)
                            canvas.DrawLine(at, -200, at, 800, paint);
                    }
                });
                return p.Digit(
                        digit,
                        130 + p.Random.Next(-40, 40),
                        130 + p.Random.Next(-40, 40),
                        330,
                        new SKColor(25, 35, 110)
                    )
                    .Noise(2)
                    .Jpeg(88);
            }
        );

    private static DrawnPicture Salt(DrawnPicture picture, double share) =>
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint();
            for (var i = 0; i < share * picture.Width * picture.Height; i++)
            {
                paint.Color = i % 2 == 0 ? SKColors.Black : SKColors.White;
                canvas.DrawPoint(picture.Random.Next(picture.Width), picture.Random.Next(picture.Height), paint);
            }
        });

    private static byte[] Framed(byte[] digit, int seed, int inset) =>
        Canvas(
            400,
            420,
            SKColors.White,
            seed,
            p =>
                p.Draw(canvas =>
                    {
                        using var paint = new SKPaint
                        {
                            Color = s_black,
                            IsStroke = true,
                            StrokeWidth = inset == 0 ? 6 : 10,
                        };
                        var edge = inset == 0 ? 24 : 4;
                        canvas.DrawRect(edge, edge, 400 - 2 * edge, 420 - 2 * edge, paint);
                    })
                    .Digit(digit, 70, 80, 260, s_black)
        );

    private static byte[] Margin(byte[] digit, int seed, float left, float top) =>
        Made(
            500,
            500,
            new SKColor(45, 38, 34),
            seed,
            p =>
                p.Draw(canvas =>
                    {
                        using var paint = new SKPaint { Color = s_paper };
                        canvas.DrawRect(left, top, 500 - left - 25, 500 - top - 20, paint);
                    })
                    .Digit(digit, left + 60, top + 60, 300, s_black)
                    .Noise(3)
                    .Jpeg(85)
        );

    private static byte[] Whiteboard(byte[] digit, int seed) =>
        Made(
            800,
            600,
            new SKColor(225, 230, 234),
            seed,
            p =>
                p.Digit(digit, 250, 120, 330, new SKColor(20, 60, 170, 225))
                    .Change(
                        (level, x, y) =>
                            level + 60 * Math.Exp(-60 * ((x - 0.2) * (x - 0.2) + (y - 0.3) * (y - 0.3))) - 30 * y
                    )
                    .Noise(3)
                    .Jpeg(80)
        );

    private static DrawnPicture Dust(DrawnPicture picture, double strength)
    {
        var (a, b, c) = (picture.Random.NextDouble(), picture.Random.NextDouble(), picture.Random.NextDouble());
        return picture.Change(
            (level, x, y) =>
                level + strength * (Math.Sin(5 * (x + a) + 3 * Math.Sin(4 * (y + b))) * Math.Cos(4 * (y + c)) + 1) / 2
        );
    }

    private static byte[] Highlighted(byte[] digit, int seed) =>
        Canvas(
            600,
            400,
            SKColors.White,
            seed,
            p =>
                p.Draw(canvas =>
                    {
                        using var paint = new SKPaint { Color = new SKColor(255, 245, 90) };
                        canvas.DrawRoundRect(40, 60, 520, 290, 20, 20, paint);
                    })
                    .Digit(digit, 160, 65, 270, s_black)
        );

    private static byte[] Stamped(byte[] digit, int seed) =>
        Canvas(
            400,
            400,
            s_paper,
            seed,
            p =>
            {
                p.Digit(digit, 60, 60, 280, new SKColor(110, 110, 118));
                var random = p.Random;
                p.Draw(canvas =>
                {
                    using var paint = new SKPaint { Color = s_paper.WithAlpha(190), IsAntialias = true };
                    for (var i = 0; i < 220; i++)
                        canvas.DrawCircle(random.Next(400), random.Next(400), 1 + 4 * random.NextSingle(), paint);
                });
                p.Noise(4);
            }
        );

    private static byte[] TwoTone(byte[] digit, int seed, float edge) =>
        Canvas(
            400,
            400,
            new SKColor(240, 240, 240),
            seed,
            p =>
                p.Draw(canvas =>
                    {
                        using var paint = new SKPaint { Color = new SKColor(150, 175, 160) };
                        canvas.DrawRect(edge, 0, 400 - edge, 400, paint);
                    })
                    .Digit(digit, 50, 70, 260, s_black)
        );

    private static DrawnPicture Dirt(DrawnPicture picture) =>
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint { Color = new SKColor(60, 50, 45, 200), IsAntialias = true };
            for (var i = 0; i < 25; i++)
                canvas.DrawCircle(
                    picture.Random.Next(picture.Width),
                    picture.Random.Next(picture.Height),
                    1 + 3 * picture.Random.NextSingle(),
                    paint
                );
        });

    private static DrawnPicture Fibres(DrawnPicture picture) =>
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint { IsAntialias = true };
            for (var i = 0; i < 500; i++)
            {
                var (x, y) = (picture.Random.Next(picture.Width), picture.Random.Next(picture.Height));
                var shade = (byte)(picture.Random.Next(2) * 255);
                paint.Color = new SKColor(shade, shade, shade, 18);
                paint.StrokeWidth = 1 + 2 * picture.Random.NextSingle();
                canvas.DrawLine(x, y, x + picture.Random.Next(-60, 60), y + picture.Random.Next(-8, 8), paint);
            }
        });
}
