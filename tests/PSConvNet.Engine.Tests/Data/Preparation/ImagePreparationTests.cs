using PSConvNet.Benchmarks.Pictures;
using SkiaSharp;

namespace PSConvNet.Tests.Data.Preparation;

/// <summary>What is made of pictures whose digit is known.</summary>
public sealed class ImagePreparationTests
{
    private static readonly Shape s_sample = new(28, 28);

    public static TheoryData<string> Styles => [.. PictureStyle.All.Select(style => style.Name)];

    [SkippableFact]
    public void Digits_that_are_as_MNIST_has_them_come_out_as_they_are()
    {
        Skip.If(DigitPictures.Mnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");
        var digits = DigitPictures.Mnist;

        var changed = Enumerable
            .Range(0, digits.Count)
            .Count(i =>
            {
                var digit = digits.GetImage(i).ToArray();
                return !digit.SequenceEqual(DigitPictures.Sample(PixelPicture.Grey(28, 28, digit)));
            });

        Assert.Equal(0, changed);
    }

    [SkippableTheory]
    [MemberData(nameof(Styles))]
    public void A_digit_in_a_picture_comes_back(string style)
    {
        Skip.If(DigitPictures.Mnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");
        // A network reads these two right in every style; here they are compared with the digit itself. Pens of other widths, and what
        // blurs or breaks strokes, leave more of a difference.
        var most = style
            is "thin pen"
                or "thick pen"
                or "highlighter"
                or "out of focus"
                or "tilted digit"
                or "sheet on a desk, tilted"
            ? 45
            : 26;
        foreach (var index in (int[])[0, 1234])
        {
            var digit = DigitPictures.Mnist.GetImage(index).ToArray();

            var sample = DigitPictures.Sample(DigitPictures.Of(style, digit));

            var (x, y) = DigitPictures.Centre(sample);
            Assert.InRange(x, 13.5, 15.5);
            Assert.InRange(y, 13.5, 15.5);
            Assert.InRange(new Plane(28, 28, sample).Box(64)!.LongSide, 18, 21);
            Assert.InRange(DigitPictures.Difference(digit, sample), 0, most);
        }
    }

    [Fact]
    public void What_is_dark_and_what_is_light_does_not_matter()
    {
        foreach (var digit in DigitPictures.Synthetic)
        {
            var light = Drawn(300, 300, SKColors.Black, SKColors.White, digit, 30, 30);
            var dark = Drawn(300, 300, SKColors.White, SKColors.Black, digit, 30, 30);

            Assert.Equal(DigitPictures.Sample(dark), DigitPictures.Sample(light));
        }
    }

    [Fact]
    public void Where_a_digit_lies_does_not_matter()
    {
        foreach (var digit in DigitPictures.Synthetic)
            Assert.Equal(
                DigitPictures.Sample(Drawn(500, 400, SKColors.White, SKColors.Black, digit, 20, 30)),
                DigitPictures.Sample(Drawn(500, 400, SKColors.White, SKColors.Black, digit, 220, 130))
            );
    }

    [Fact]
    public void How_large_a_digit_is_hardly_matters()
    {
        foreach (var digit in DigitPictures.Synthetic)
        {
            var small = DigitPictures.Sample(Drawn(200, 200, SKColors.White, SKColors.Black, digit, 20, 20, 140));
            var large = DigitPictures.Sample(Drawn(600, 600, SKColors.White, SKColors.Black, digit, 60, 60, 420));

            Assert.InRange(DigitPictures.Difference(small, large), 0, 10);
        }
    }

    [Fact]
    public void Ink_on_nothing_is_ink_whatever_its_colour()
    {
        foreach (var digit in DigitPictures.Synthetic)
        {
            var paper = DigitPictures.Sample(Drawn(300, 300, SKColors.White, SKColors.Black, digit, 30, 30));

            foreach (var ink in (SKColor[])[SKColors.Black, SKColors.White, SKColors.Red])
                Assert.Equal(paper, DigitPictures.Sample(Drawn(300, 300, SKColors.Transparent, ink, digit, 30, 30)));
        }
    }

    [Theory]
    [InlineData(200, 100, 20, 10)]
    [InlineData(100, 300, 7, 20)]
    [InlineData(240, 240, 20, 20)]
    public void The_aspect_is_kept(int width, int height, int fittedWidth, int fittedHeight)
    {
        using var picture = new DrawnPicture(500, 400, SKColors.White, 1);
        // A ring: a rectangle would be a frame, or a sheet.
        picture.Draw(canvas =>
        {
            using var paint = new SKPaint
            {
                IsStroke = true,
                StrokeWidth = 20,
                IsAntialias = true,
            };
            canvas.DrawOval(250, 200, width / 2f - 10, height / 2f - 10, paint);
        });

        var sample = DigitPictures.Sample(DigitPictures.Read(picture.Png()));

        var box = new Plane(28, 28, sample).Box(100)!;
        Assert.InRange(box.Width, fittedWidth - 1, fittedWidth + 1);
        Assert.InRange(box.Height, fittedHeight - 1, fittedHeight + 1);
    }

    [Fact]
    public void Samples_have_the_size_and_the_fit_that_are_asked_for()
    {
        var picture = Drawn(300, 300, SKColors.White, SKColors.Black, DigitPictures.Synthetic[3], 30, 30);

        var usual = new ImagePreparation().Prepare(picture, new Shape(56, 42, 1)).Objects[0].Sample;
        var wide = new ImagePreparation { Fit = 40, Centre = InkCentre.Box }
            .Prepare(picture, new Shape(48, 48))
            .Objects[0];

        Assert.Equal(new Shape(56, 42), usual.Shape);
        Assert.InRange(new Plane(42, 56, usual.Pixels.ToArray()).Box(100)!.LongSide, 29, 31);
        var box = new Plane(48, 48, wide.Sample.Pixels.ToArray()).Box(100)!;
        Assert.InRange(box.LongSide, 39, 41);
        Assert.InRange(box.Left + box.Width / 2.0, 23, 25.5);
        Assert.InRange(box.Top + box.Height / 2.0, 23, 25.5);
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused()
    {
        var picture = PixelPicture.Grey(28, 28, new byte[784]);

        Assert.Equal("PreparationSettingInvalid", Refused(new ImagePreparation { Fit = 29 }, s_sample));
        Assert.Equal("PreparationSettingInvalid", Refused(new ImagePreparation { Fit = 0 }, s_sample));
        Assert.Equal("ImageShapeUnsupported", Refused(new ImagePreparation(), new Shape(28, 28, 3)));
        Assert.Equal("ImageShapeUnsupported", Refused(new ImagePreparation(), new Shape(784)));

        string Refused(ImagePreparation preparation, Shape shape) =>
            Assert.Throws<ConvNetException>(() => preparation.Prepare(picture, shape)).ErrorId;
    }

    [Fact]
    public void Each_step_is_kept_on_request_and_no_other_time()
    {
        var picture = Drawn(300, 200, SKColors.White, SKColors.Black, DigitPictures.Synthetic[5], 30, 0);

        var prepared = new ImagePreparation().Prepare(picture, s_sample, keepSteps: true);

        Assert.Equal(
            ["picture", "grey", "paper", "ink", "strokes", "cut out", "sample"],
            prepared
                .Steps.Select(step => step.Name)
                .Where(name => !name.StartsWith("strokes ", StringComparison.Ordinal))
        );
        Assert.Equal(new Shape(200, 300, 3), prepared.Steps[0].Image.Shape);
        Assert.Equal(prepared.Objects[0].Sample.Pixels.ToArray(), prepared.Steps[^1].Image.Pixels.ToArray());
        Assert.Empty(new ImagePreparation().Prepare(picture, s_sample).Steps);
    }

    [Fact]
    public void Any_picture_gives_a_sample()
    {
        var random = new Random(7);
        foreach (
            var (width, height) in ((int, int)[])[(1, 1), (1, 640), (640, 1), (2, 3), (28, 28), (33, 90), (64, 64)]
        )
        {
            var pixels = new byte[4 * width * height];
            foreach (var fill in (Action[])[() => { }, () => pixels.AsSpan().Fill(255), () => random.NextBytes(pixels)])
            {
                fill();
                var picture = new PixelPicture(width, height, (byte[])pixels.Clone());
                foreach (var split in (bool[])[false, true])
                foreach (var found in new ImagePreparation().Prepare(picture, s_sample, split).Objects)
                    Assert.Equal(784, found.Sample.Pixels.Length);
            }
        }
    }

    private static PixelPicture Drawn(
        int width,
        int height,
        SKColor paper,
        SKColor ink,
        byte[] digit,
        int left,
        int top,
        int side = 200
    )
    {
        using var picture = new DrawnPicture(width, height, paper, 1);
        return DigitPictures.Read(picture.Digit(digit, left, top, side, ink).Png());
    }
}
