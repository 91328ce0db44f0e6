using SkiaSharp;
using static PSConvNet.Benchmarks.Pictures.StyleDrawing;

namespace PSConvNet.Benchmarks.Pictures;

/// <summary>A way in which people make a picture of a digit.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Make">Makes the file of a digit of 28 x 28 pixels, which is light on dark; the same seed makes the same file.</param>
internal sealed record PictureStyle(string Name, Func<byte[], int, byte[]> Make)
{
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
            (digit, seed) => Canvas(2000, 2000, SKColors.White, seed, p => p.Digit(digit, 100, 100, 1800, Black))
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
        new("sheet on a desk, tilted", (digit, seed) => Sheet(digit, seed, Paper, Black, 0.55, 12)),
        new("sheet on a desk, large", (digit, seed) => Sheet(digit, seed, Paper, Black, 0.85, 4)),
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
            (digit, seed) => Made(300, 300, Paper, seed, p => p.Digit(digit, 40, 30, 220, Black).Jpeg(20))
        ),
        new(
            "JPEG of quality 10, red",
            (digit, seed) =>
                Made(300, 300, Paper, seed, p => p.Digit(digit, 40, 30, 220, new SKColor(215, 30, 40)).Jpeg(10))
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
                Canvas(500, 500, SKColors.White, seed, p => p.Digit(digit, 0, 0, 500, Black, growth: -0.55))
        ),
        new(
            "thick pen",
            (digit, seed) => Canvas(300, 300, SKColors.White, seed, p => p.Digit(digit, 0, 0, 300, Black, growth: 0.5))
        ),
        new("frame", (digit, seed) => Framed(digit, seed, 0)),
        new("frame at the edge", (digit, seed) => Framed(digit, seed, 1)),
        new("dark margin", (digit, seed) => Margin(digit, seed, 30, 30)),
        new("dark margin, uneven", (digit, seed) => Margin(digit, seed, 70, 8)),
        new(
            "camera on its side",
            (digit, seed) => Made(600, 400, Paper, seed, p => p.Digit(digit, 180, 60, 280, Black).TurnedJpeg())
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
        new("dirt", (digit, seed) => Canvas(500, 500, Paper, seed, p => Dirt(p.Digit(digit, 90, 80, 320, Black)))),
        new(
            "kraft paper",
            (digit, seed) =>
                Made(
                    500,
                    500,
                    new SKColor(176, 138, 98),
                    seed,
                    p => Fibres(p).Digit(digit, 90, 80, 320, Black).Noise(6).Jpeg(85)
                )
        ),
        new(
            "out of focus",
            (digit, seed) => Made(500, 500, Paper, seed, p => p.Digit(digit, 90, 80, 320, Black).Blur(9).Jpeg(85))
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
                    p => p.Digit(digit, 60, 60, 280, Black, degrees: p.Random.Next(-8, 9))
                )
        ),
    ];
}
