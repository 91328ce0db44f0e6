using SkiaSharp;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>The drawing that the styles of <see cref="PictureStyle"/> have in common: paper, pens, light and dirt.</summary>
internal static class StyleDrawing
{
    /// <summary>The ink of a black pen.</summary>
    public static readonly SKColor Black = new(20, 20, 22);

    /// <summary>White paper indoors.</summary>
    public static readonly SKColor Paper = new(245, 243, 238);

    private static readonly SKColor s_desk = new(70, 48, 34);

    public static byte[] Made(int width, int height, SKColor paper, int seed, Func<DrawnPicture, byte[]> make)
    {
        using var picture = new DrawnPicture(width, height, paper, seed);
        return make(picture);
    }

    public static byte[] Canvas(int width, int height, SKColor paper, int seed, Action<DrawnPicture> draw) =>
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

    public static byte[] Tight(byte[] digit, int seed, bool square)
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
    public static byte[] Placed(int width, int height, byte[] digit, int seed, double share) =>
        Canvas(
            width,
            height,
            SKColors.White,
            seed,
            p =>
            {
                var side = (int)(share * Math.Min(width, height));
                p.Digit(digit, p.Random.Next(0, width - side), p.Random.Next(0, height - side), side, Black);
            }
        );

    public static byte[] Ink(byte[] digit, int seed, SKColor ink) =>
        Canvas(400, 400, SKColors.White, seed, p => p.Digit(digit, 60, 60, 280, ink));

    public static void Punch(SKCanvas canvas, byte[] digit, float left, float top, int side)
    {
        using var shape = DigitInk.Enlarge(digit, side);
        using var paint = new SKPaint { Color = SKColors.Black, BlendMode = SKBlendMode.DstOut };
        canvas.DrawBitmap(shape, left, top, SKSamplingOptions.Default, paint);
    }

    public static byte[] CutOut(byte[] digit, int seed) =>
        Canvas(
            400,
            400,
            SKColors.Transparent,
            seed,
            p =>
                p.Draw(canvas =>
                    {
                        using var paint = new SKPaint { Color = Paper, IsAntialias = true };
                        canvas.DrawRoundRect(40, 30, 320, 330, 30, 30, paint);
                    })
                    .Digit(digit, 75, 65, 250, Black)
        );

    public static Func<double, double, double> Shadow(double depth, double softness) =>
        (x, y) => 1 - depth / (1 + Math.Exp(-(x + 0.4 * y - 0.62) / softness));

    public static byte[] Photo(byte[] digit, int seed, Func<double, double, double> light, double noise) =>
        Made(
            900,
            1200,
            Paper,
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

    public static byte[] Sheet(byte[] digit, int seed, SKColor paper, SKColor ink, double share, float degrees) =>
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

    public static byte[] Ruled(byte[] digit, int seed, SKColor line, bool across, bool down, float degrees) =>
        Made(
            600,
            600,
            Paper,
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

    public static DrawnPicture Salt(DrawnPicture picture, double share) =>
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint();
            for (var i = 0; i < share * picture.Width * picture.Height; i++)
            {
                paint.Color = i % 2 == 0 ? SKColors.Black : SKColors.White;
                canvas.DrawPoint(picture.Random.Next(picture.Width), picture.Random.Next(picture.Height), paint);
            }
        });

    public static byte[] Framed(byte[] digit, int seed, int inset) =>
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
                            Color = Black,
                            IsStroke = true,
                            StrokeWidth = inset == 0 ? 6 : 10,
                        };
                        var edge = inset == 0 ? 24 : 4;
                        canvas.DrawRect(edge, edge, 400 - 2 * edge, 420 - 2 * edge, paint);
                    })
                    .Digit(digit, 70, 80, 260, Black)
        );

    public static byte[] Margin(byte[] digit, int seed, float left, float top) =>
        Made(
            500,
            500,
            new SKColor(45, 38, 34),
            seed,
            p =>
                p.Draw(canvas =>
                    {
                        using var paint = new SKPaint { Color = Paper };
                        canvas.DrawRect(left, top, 500 - left - 25, 500 - top - 20, paint);
                    })
                    .Digit(digit, left + 60, top + 60, 300, Black)
                    .Noise(3)
                    .Jpeg(85)
        );

    public static byte[] Whiteboard(byte[] digit, int seed) =>
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

    public static DrawnPicture Dust(DrawnPicture picture, double strength)
    {
        var (a, b, c) = (picture.Random.NextDouble(), picture.Random.NextDouble(), picture.Random.NextDouble());
        return picture.Change(
            (level, x, y) =>
                level + strength * (Math.Sin(5 * (x + a) + 3 * Math.Sin(4 * (y + b))) * Math.Cos(4 * (y + c)) + 1) / 2
        );
    }

    public static byte[] Highlighted(byte[] digit, int seed) =>
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
                    .Digit(digit, 160, 65, 270, Black)
        );

    public static byte[] Stamped(byte[] digit, int seed) =>
        Canvas(
            400,
            400,
            Paper,
            seed,
            p =>
            {
                p.Digit(digit, 60, 60, 280, new SKColor(110, 110, 118));
                var random = p.Random;
                p.Draw(canvas =>
                {
                    using var paint = new SKPaint { Color = Paper.WithAlpha(190), IsAntialias = true };
                    for (var i = 0; i < 220; i++)
                        canvas.DrawCircle(random.Next(400), random.Next(400), 1 + 4 * random.NextSingle(), paint);
                });
                p.Noise(4);
            }
        );

    public static byte[] TwoTone(byte[] digit, int seed, float edge) =>
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
                    .Digit(digit, 50, 70, 260, Black)
        );

    public static DrawnPicture Dirt(DrawnPicture picture) =>
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

    public static DrawnPicture Fibres(DrawnPicture picture) =>
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
