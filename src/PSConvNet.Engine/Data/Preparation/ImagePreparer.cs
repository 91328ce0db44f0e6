namespace PSConvNet;

/// <summary>Makes samples of a picture: the steps, one after another.</summary>
internal static class ImagePreparer
{
    /// <summary>Parts of one object lie no further apart than this share of the largest one's longer side.</summary>
    private const double Near = 0.2;

    /// <summary>Another object is one that is this large, as a share of the largest.</summary>
    private const double Rival = 0.35;

    public static (byte[] Sample, PixelBox? Box, InkReading? Reading) Prepare(
        PixelPicture picture,
        ImagePreparation settings,
        int height,
        int width
    )
    {
        var flat = PictureAlpha.Flatten(picture, out _);
        if (AsPrepared(flat, settings, height, width) is { } same)
            return (same, null, null);
        var reading = Read(flat, settings);
        var strokes = reading.Strokes!;
        if (strokes.Parts.Count == 0)
            return (new byte[height * width], null, reading);
        var groups = Groups(strokes.Parts);
        var main = groups.MaxBy(group => group.Sum(part => part.Ink))!;
        var box = main.Select(part => part.Box).Aggregate((a, b) => a.With(b));
        return (
            Sample(reading, main.Select(part => part.Label).ToHashSet(), box, settings, height, width),
            box,
            reading
        );
    }

    /// <summary>
    /// A picture that is as MNIST's images are comes out as it is: grey, of the sample's size, light on black, fitted and centred.
    /// </summary>
    private static byte[]? AsPrepared(PixelPicture picture, ImagePreparation settings, int height, int width)
    {
        // What counts as black, and what as a stroke.
        const int black = 12;
        const int stroke = 64;
        if (picture.Height != height || picture.Width != width || settings.Polarity == InkPolarity.DarkOnLight)
            return null;
        var pixels = picture.Pixels.Span;
        var plane = new Plane(width, height);
        var (dark, mass, massX, massY) = (0, 0.0, 0.0, 0.0);
        for (var i = 0; i < plane.Levels.Length; i++)
        {
            var level = plane.Levels[i] = pixels[4 * i];
            if (pixels[4 * i + 1] != level || pixels[4 * i + 2] != level)
                return null;
            dark += level <= black ? 1 : 0;
            mass += level;
            massX += level * (i % width + 0.5);
            massY += level * (i / width + 0.5);
        }
        var fit = settings.FitOf(height, width);
        var isFitted = Box(plane, stroke) is { } box && box.LongSide <= fit && box.LongSide >= fit - 2;
        var middle =
            settings.Centre == InkCentre.Mass ? (X: massX / mass, Y: massY / mass)
            : Box(plane, 1) is { } all ? (X: all.Left + all.Width / 2.0, Y: all.Top + all.Height / 2.0)
            : (X: 0, Y: 0);
        return
            2 * dark >= plane.Levels.Length
            && isFitted
            && IsCentred(middle.X, width)
            && IsCentred(middle.Y, height)
            ? plane.Levels
            : null;

        static bool IsCentred(double at, int side) => at >= side / 2.0 - 0.01 && at <= side / 2.0 + 1.01;
    }

    internal static InkReading Read(PixelPicture flat, ImagePreparation settings)
    {
        InkReading? dark =
            settings.Polarity == InkPolarity.LightOnDark ? null : InkReading.Of(flat, false, settings);
        InkReading? light = settings.Polarity == InkPolarity.DarkOnLight ? null : InkReading.Of(flat, true, settings);
        return light is null || (dark is not null && dark.Score >= light.Score) ? dark! : light;
    }

    private static List<List<InkPart>> Groups(List<InkPart> parts)
    {
        var near = Near * parts.Max(part => part.Box.LongSide);
        var groups = new List<List<InkPart>>();
        foreach (var part in parts)
        {
            var touched = groups.FindAll(group => group.Exists(other => other.Box.GapTo(part.Box) <= near));
            var merged = touched.SelectMany(group => group).Append(part).ToList();
            groups.RemoveAll(touched.Contains);
            groups.Add(merged);
        }
        return groups;
    }

    private static byte[] Sample(
        InkReading reading,
        HashSet<int> labels,
        PixelBox box,
        ImagePreparation settings,
        int height,
        int width
    )
    {
        var fit = settings.FitOf(height, width);
        var margin = (int)Math.Ceiling(3.0 * box.LongSide / fit) + 1;
        var cut = DigitFrame.Cut(reading, labels, box, margin, settings.Contrast);
        var inner = new PixelBox(margin, margin, box.Width, box.Height);
        if (settings.Strokes)
        {
            var growth = DigitFrame.Growth(cut, box.LongSide);
            if (growth != 0)
            {
                cut = StrokeWidth.Grown(cut, growth);
                inner = Box(cut, 128) ?? inner;
            }
        }
        return DigitFrame.Fit(
            cut,
            inner,
            height,
            width,
            fit,
            settings.Centre == InkCentre.Mass,
            settings.Contrast
        );
    }

    private static PixelBox? Box(Plane plane, int level)
    {
        var (left, top, right, bottom) = (plane.Width, plane.Height, 0, 0);
        for (var y = 0; y < plane.Height; y++)
        for (var x = 0; x < plane.Width; x++)
        {
            if (plane[x, y] < level)
                continue;
            (left, right) = (Math.Min(left, x), Math.Max(right, x + 1));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y + 1));
        }
        return right > left ? new PixelBox(left, top, right - left, bottom - top) : null;
    }
}
