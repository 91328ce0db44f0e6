using PSConvNet.Benchmarks.Pictures;
using SkiaSharp;

namespace PSConvNet.Tests.Data.Preparation;

/// <summary>Sheets of several digits, and pictures that no answer can be given for.</summary>
public sealed class PictureDoubtTests
{
    private static readonly Shape s_sample = new(28, 28);

    [Theory]
    [InlineData(255)]
    [InlineData(0)]
    [InlineData(120)]
    public void A_blank_sheet_is_doubted(byte level)
    {
        using var picture = new DrawnPicture(300, 200, new SKColor(level, level, level), 1);
        var prepared = new ImagePreparation().Prepare(DigitPictures.Read(picture.Noise(2).Jpeg()), s_sample);

        Assert.Equal([PictureDoubt.Blank], prepared.Doubts);
        Assert.Null(Assert.Single(prepared.Objects).Box);
        Assert.All(prepared.Objects[0].Sample.Pixels.ToArray(), pixel => Assert.Equal(0, pixel));
    }

    [Fact]
    public void A_band_across_a_sheet_without_a_digit_is_doubted()
    {
        using var picture = new DrawnPicture(400, 400, new SKColor(235, 232, 225), 1);
        picture.Change((level, x, y) => y < 0.17 ? level * 0.6 : level);

        var prepared = new ImagePreparation().Prepare(DigitPictures.Read(picture.Noise(3).Jpeg()), s_sample);

        Assert.Equal([PictureDoubt.Band], prepared.Doubts);
    }

    [Theory]
    [InlineData("grain")]
    [InlineData("paper's texture")]
    [InlineData("vignette")]
    [InlineData("light from a side")]
    [InlineData("soft shadow")]
    [InlineData("fold")]
    [InlineData("folded twice")]
    [InlineData("all at once")]
    public void An_empty_sheet_as_a_camera_sees_it_is_doubted(string kind)
    {
        var sheet = BlankSheet.All.Single(sheet => sheet.Name == kind);

        // Two of each size of picture.
        var doubted = Enumerable
            .Range(0, 14)
            .Count(seed =>
                new ImagePreparation().Prepare(DigitPictures.Read(sheet.Make(seed)), s_sample).Doubts.Count > 0
            );

        Assert.Equal(14, doubted);
    }

    [Theory]
    [InlineData(2, 60)]
    [InlineData(4, 45)]
    [InlineData(8, 40)]
    public void A_digit_in_faint_pencil_is_not_doubted(float pencil, int contrast)
    {
        foreach (var seed in Enumerable.Range(1, 5))
        {
            using var picture = new DrawnPicture(600, 500, new SKColor(225, 223, 216), seed);
            picture.Draw(canvas =>
            {
                using var paint = new SKPaint
                {
                    IsStroke = true,
                    IsAntialias = true,
                    StrokeWidth = pencil,
                    Color = new SKColor((byte)(225 - contrast), (byte)(223 - contrast), (byte)(216 - contrast)),
                };
                canvas.DrawArc(new SKRect(210, 90, 370, 250), 150, 210, useCenter: false, paint);
                canvas.DrawLine(370, 170, 220, 400, paint);
                canvas.DrawLine(220, 400, 390, 400, paint);
            });

            var prepared = new ImagePreparation().Prepare(DigitPictures.Read(picture.Noise(1.5).Jpeg(92)), s_sample);

            Assert.Empty(prepared.Doubts);
        }
    }

    [Fact]
    public void One_digit_is_not_doubted() =>
        Assert.All(
            DigitPictures.Synthetic,
            digit =>
                Assert.Empty(new ImagePreparation().Prepare(DigitPictures.Of("off centre", digit), s_sample).Doubts)
        );

    [Fact]
    public void Several_digits_are_doubted_where_one_is_asked_for()
    {
        var prepared = new ImagePreparation().Prepare(Sheet(out _), s_sample);

        Assert.Equal([PictureDoubt.SeveralObjects], prepared.Doubts);
        Assert.Single(prepared.Objects);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(0.6)]
    public void A_hard_shadow_s_corners_are_no_objects(double depth)
    {
        // Wherever its edge cuts a corner off the picture.
        foreach (var (across, down) in ((int, int)[])[(1, 1), (1, -1), (-1, 1), (-1, -1)])
        {
            using var picture = new DrawnPicture(1000, 800, new SKColor(238, 234, 226), 1);
            picture.Digit(DigitPictures.Synthetic[3], 260, 160, 480, new SKColor(35, 35, 60));
            picture.Change((level, x, y) => across * (x - 0.5) + down * (y - 0.5) > 0.68 ? level * (1 - depth) : level);

            var prepared = new ImagePreparation().Prepare(DigitPictures.Read(picture.Noise(4).Jpeg(85)), s_sample);

            Assert.Empty(prepared.Doubts);
        }
    }

    [Fact]
    public void Texture_is_doubted()
    {
        using var picture = new DrawnPicture(600, 600, SKColors.White, 1);
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint { Color = SKColors.Black };
            for (var i = 0; i < 400; i++)
                canvas.DrawRect(30 * (i % 20) + 5, 30 * (i / 20) + 5, 8 + i % 7, 12 + i % 5, paint);
        });

        Assert.Equal(
            [PictureDoubt.Texture],
            new ImagePreparation().Prepare(DigitPictures.Read(picture.Png()), s_sample).Doubts
        );
    }

    [Fact]
    public void Digits_of_a_sheet_come_in_reading_order_with_their_boxes()
    {
        var prepared = new ImagePreparation().Prepare(Sheet(out var boxes), s_sample, split: true);

        Assert.Empty(prepared.Doubts);
        Assert.Equal([1, 1, 1, 2, 2, 2], prepared.Objects.Select(found => found.Line));
        foreach (var (found, box) in prepared.Objects.Zip(boxes))
        {
            // The sheet was reduced from 1300 pixels to 640.
            Assert.InRange(found.Box!.Left, box.Left - 5, box.Left + 5);
            Assert.InRange(found.Box.Top, box.Top - 5, box.Top + 5);
            Assert.InRange(found.Box.Right, box.Right - 5, box.Right + 5);
            Assert.InRange(found.Box.Bottom, box.Bottom - 5, box.Bottom + 5);
        }
    }

    [Fact]
    public void A_broken_digit_is_one()
    {
        // A five whose bar doesn't reach its body, beside a whole one.
        using var picture = new DrawnPicture(500, 300, SKColors.White, 1);
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint { IsStroke = true, StrokeWidth = 14 };
            canvas.DrawLine(80, 60, 150, 60, paint);
            canvas.DrawLine(80, 80, 80, 130, paint);
            canvas.DrawArc(new SKRect(60, 130, 150, 230), -110, 250, useCenter: false, paint);
            canvas.DrawOval(320, 145, 45, 85, paint);
        });

        var prepared = new ImagePreparation().Prepare(DigitPictures.Read(picture.Png()), s_sample, split: true);

        Assert.Equal(2, prepared.Objects.Count);
        Assert.InRange(prepared.Objects[0].Box!.Top, 50, 56);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.1)]
    [InlineData(0.05)]
    public void A_number_of_two_digits_with_a_small_gap_is_doubted_where_one_is_asked_for(double gap)
    {
        const double height = 160;
        for (var i = 0; i < 10; i++)
        {
            var (first, second) = (DigitPictures.Synthetic[i], DigitPictures.Synthetic[(3 * i + 2) % 10]);
            var (left, right) = (DigitInk.Box(first, 60), DigitInk.Box(second, 60));
            using var picture = new DrawnPicture(640, 340, new SKColor(240, 238, 230), 1);
            // Each is as high as the other.
            var (ours, theirs) = (height / left.Height, height / right.Height);
            picture.Digit(first, 60 - left.Left * ours, 80 - left.Top * ours, (int)(28 * ours), SKColors.Black);
            picture.Digit(
                second,
                60 + left.Width * ours + gap * height - right.Left * theirs,
                80 - right.Top * theirs,
                (int)(28 * theirs),
                SKColors.Black
            );

            var prepared = new ImagePreparation().Prepare(DigitPictures.Read(picture.Jpeg()), s_sample);

            Assert.Equal([PictureDoubt.SeveralObjects], prepared.Doubts);
        }
    }

    [Fact]
    public void Touching_digits_are_parted_at_a_thin_place_or_doubted()
    {
        var thin = Rings(gap: -8);
        var thick = Rings(gap: -30);

        Assert.Equal(2, thin.Objects.Count);
        Assert.Equal([PictureDoubt.Touching], thick.Doubts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Noise_in_a_dark_corner_takes_no_digit_with_it(int seed)
    {
        using var drawn = new DrawnPicture(720, 260, new SKColor(220, 215, 205), 1);
        for (var i = 0; i < 3; i++)
            drawn.Digit(DigitPictures.Synthetic[i], 30 + 230 * i, 40, 170, new SKColor(40, 40, 60));
        var flat = DigitPictures.Read(drawn.Png());
        var pixels = flat.Pixels.ToArray();
        var random = new Random(seed);
        for (var i = 0; i < pixels.Length; i += 4)
        {
            // The light falls off to the bottom, and the camera's noise is the same everywhere.
            var light = 1 - 0.4 * (i / 4 / flat.Width) / flat.Height;
            var noise = 5 * (Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6);
            for (var c = 0; c < 3; c++)
                pixels[i + c] = (byte)Math.Clamp(pixels[i + c] * light + noise, 0, 255);
        }

        var prepared = new ImagePreparation().Prepare(
            new PixelPicture(flat.Width, flat.Height, pixels),
            s_sample,
            split: true
        );

        Assert.Equal(3, prepared.Objects.Count);
    }

    [Fact]
    public void Sentences_count_and_name_pictures()
    {
        var doubts = new PreparationDoubts();
        foreach (var name in (string[])["/a/1.png", "2.png", "3.png", "4.png"])
            doubts.Add(PictureDoubt.Blank, name);
        doubts.Add(PictureDoubt.Touching, "x.jpg");

        Assert.Collection(
            doubts.Sentences(),
            first =>
                Assert.StartsWith("1.png, 2.png, 3.png, 4.png: nothing can be seen", first, StringComparison.Ordinal),
            second => Assert.StartsWith("x.jpg: digits touch", second, StringComparison.Ordinal)
        );
    }

    /// <summary>Two lines of three digits, and the boxes of their ink.</summary>
    private static PixelPicture Sheet(out List<PixelBox> boxes)
    {
        boxes = [];
        using var picture = new DrawnPicture(1300, 800, new SKColor(240, 238, 230), 1);
        for (var i = 0; i < 6; i++)
        {
            // The five has a dot of ink below it, which is left out.
            var digit = DigitPictures.Synthetic[i == 5 ? 6 : i];
            var (left, top) = (150 + 370 * (i % 3), 80 + 360 * (i / 3) + 20 * (i % 2));
            picture.Digit(digit, left, top, 280, new SKColor(30, 30, 60));
            boxes.Add(BoxOf(digit, left, top));
        }
        return DigitPictures.Read(picture.Jpeg());
    }

    /// <summary>The box around the dark pixels of a digit that is drawn alone.</summary>
    private static PixelBox BoxOf(byte[] digit, int left, int top)
    {
        using var alone = new DrawnPicture(1300, 800, SKColors.White, 1);
        using var decoded = SKBitmap.Decode(alone.Digit(digit, left, top, 280, SKColors.Black).Png());
        var levels = new byte[1300 * 800];
        for (var i = 0; i < levels.Length; i++)
            levels[i] = (byte)(255 - decoded.GetPixelSpan()[4 * i]);
        return new Plane(1300, 800, levels).Box(128)!;
    }

    private static PreparedPicture Rings(float gap)
    {
        using var picture = new DrawnPicture(600, 300, SKColors.White, 1);
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint
            {
                IsStroke = true,
                StrokeWidth = 16,
                IsAntialias = true,
            };
            canvas.DrawOval(150, 150, 70, 92, paint);
            canvas.DrawOval(150 + 156 + gap, 150, 70, 92, paint);
            if (gap < -20)
                for (var y = 80; y < 230; y += 16)
                    canvas.DrawLine(140, y, 300 + gap, y, paint);
        });
        return new ImagePreparation().Prepare(DigitPictures.Read(picture.Png()), s_sample, split: true);
    }
}
