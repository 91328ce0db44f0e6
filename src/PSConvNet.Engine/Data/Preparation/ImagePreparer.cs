namespace PSConvNet.Data;

/// <summary>Makes samples of a picture: the steps, one after another.</summary>
/// <param name="settings">What is to be done.</param>
/// <param name="height">The samples' height.</param>
/// <param name="width">The samples' width.</param>
internal sealed class ImagePreparer(ImagePreparation settings, int height, int width)
{
    /// <summary>A picture of so many pixels is read both ways at the same time.</summary>
    private const int WorthTwoThreads = 100_000;

    private readonly List<PreparationStep> _steps = [];
    private bool _keepSteps;

    public PreparedPicture Prepare(
        PixelPicture picture,
        bool split,
        bool keepSteps,
        Func<IReadOnlyList<ImageSample>, IReadOnlyList<double>>? probabilities = null
    )
    {
        _keepSteps = keepSteps;
        var flat = PictureAlpha.Flatten(picture, out _);
        Keep("picture", flat);
        if (!split && AsPrepared(flat) is { } same)
        {
            Keep("sample", same);
            return new PreparedPicture([new(Sample(same.Levels), null, 1)], [], _steps) { IsLightOnDark = true };
        }
        var reading = Read(flat);
        Keep(reading.IsLightOnDark ? "grey, exchanged" : "grey", reading.Grey);
        Keep("paper", reading.Paper);
        Keep("ink", reading.Ink);
        var strokes = reading.Strokes!;
        if (_keepSteps)
            Keep("strokes", Mask(strokes));
        if (strokes.Parts.Count == 0)
            return new PreparedPicture(
                split ? [] : [new(Sample(new byte[height * width]), null, 1)],
                [PictureDoubt.Blank],
                _steps
            );
        var strokeWidth = split || strokes.Parts.Count > 1 ? StrokeWidth.Of(reading.Ink, reading.Stroke) : 0;
        var main = InkObjects.Main(strokes);
        var doubts = PictureDoubts.Of(reading, main, split ? null : strokeWidth);
        IReadOnlyList<InkObjects.InkObject> objects = [main];
        if (split)
        {
            objects = InkObjects.Find(
                strokes,
                strokeWidth,
                out var touching,
                probabilities is null ? null : some => probabilities(Tried(reading, some))
            );
            if (touching)
                doubts.Add(PictureDoubt.Touching);
        }
        return new PreparedPicture(
            [
                .. objects.Select(found => new PreparedObject(
                    Sample(ToSample(reading, found)),
                    InPicture(found.Box, picture),
                    found.Line
                )),
            ],
            doubts,
            _steps
        )
        {
            IsLightOnDark = reading.IsLightOnDark,
        };
    }

    /// <summary>
    /// A picture that is as MNIST's images are comes out as it is: grey, of the sample's size, light on black, fitted and centred.
    /// </summary>
    private Plane? AsPrepared(PixelPicture picture)
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
        if (2 * dark < plane.Levels.Length || plane.Box(stroke) is not { } box)
            return null;
        var all = plane.Box(1)!;
        var (x, y) =
            settings.Centre == InkCentre.Mass
                ? (massX / mass, massY / mass)
                : (all.Left + all.Width / 2.0, all.Top + all.Height / 2.0);
        return box.LongSide <= fit && all.LongSide >= fit - 2 && IsCentred(x, width) && IsCentred(y, height)
            ? plane
            : null;

        static bool IsCentred(double at, int side) => at >= side / 2.0 - 0.01 && at <= side / 2.0 + 1.01;
    }

    private InkReading Read(PixelPicture flat)
    {
        if (settings.Polarity != InkPolarity.Automatic)
            return InkReading.Of(flat, settings.Polarity == InkPolarity.LightOnDark, settings);
        var (dark, light) = (default(InkReading), default(InkReading));
        if (flat.Width * flat.Height >= WorthTwoThreads)
        {
            Parallel.Invoke(
                () => dark = InkReading.Of(flat, isLightOnDark: false, settings),
                () => light = InkReading.Of(flat, isLightOnDark: true, settings)
            );
        }
        else
        {
            dark = InkReading.Of(flat, isLightOnDark: false, settings);
            light = InkReading.Of(flat, isLightOnDark: true, settings);
        }
        return InkReading.Better(dark!, light!);
    }

    private byte[] ToSample(InkReading reading, InkObjects.InkObject found)
    {
        var fit = settings.FitOf(height, width);
        var box = found.Box;
        var margin = (int)Math.Ceiling(3.0 * box.LongSide / fit) + 1;
        var cut = DigitFrame.Cut(reading, found.Labels, box, margin, !settings.KeepContrast);
        Keep("cut out", cut);
        var inner = new PixelBox(margin, margin, box.Width, box.Height);
        var growth = settings.KeepStrokes ? 0 : DigitFrame.Growth(cut, box.LongSide);
        if (growth != 0)
        {
            cut = StrokeWidth.Grown(cut, growth);
            inner = cut.Box(128) ?? inner;
            Keep(growth > 0 ? "strokes widened" : "strokes narrowed", cut);
        }
        var sample = DigitFrame.Fit(
            cut,
            inner,
            height,
            width,
            fit,
            settings.Centre == InkCentre.Mass,
            !settings.KeepContrast
        );
        Keep("sample", new Plane(width, height, sample));
        return sample;
    }

    /// <summary>Samples of candidates for an object. They aren't steps of the picture, so that none is kept.</summary>
    private List<ImageSample> Tried(InkReading reading, IReadOnlyList<InkObjects.InkObject> objects)
    {
        var keepSteps = _keepSteps;
        _keepSteps = false;
        try
        {
            return [.. objects.Select(found => Sample(ToSample(reading, found)))];
        }
        finally
        {
            _keepSteps = keepSteps;
        }
    }

    private ImageSample Sample(byte[] levels) => new(levels, new Shape(height, width));

    private static PixelBox InPicture(PixelBox box, PixelPicture picture)
    {
        var (across, down) = (
            (double)picture.OriginalWidth / picture.Width,
            (double)picture.OriginalHeight / picture.Height
        );
        var (left, top) = ((int)(box.Left * across), (int)(box.Top * down));
        return new PixelBox(
            left,
            top,
            Math.Max(1, (int)Math.Round(box.Right * across) - left),
            Math.Max(1, (int)Math.Round(box.Bottom * down) - top)
        );
    }

    private static Plane Mask(InkParts strokes)
    {
        var kept = strokes.Parts.Select(part => part.Label).ToHashSet();
        return new Plane(
            strokes.Width,
            strokes.Height,
            Array.ConvertAll(strokes.Labels, label => (byte)(kept.Contains(label) ? 255 : 0))
        );
    }

    private void Keep(string name, Plane plane)
    {
        if (_keepSteps)
            _steps.Add(new(name, new ImageSample((byte[])plane.Levels.Clone(), new Shape(plane.Height, plane.Width))));
    }

    private void Keep(string name, PixelPicture picture)
    {
        if (!_keepSteps)
            return;
        var pixels = picture.Pixels.Span;
        var colours = new byte[pixels.Length / 4 * 3];
        for (int from = 0, to = 0; from < pixels.Length; from += 4, to += 3)
            pixels.Slice(from, 3).CopyTo(colours.AsSpan(to));
        _steps.Add(new(name, new ImageSample(colours, new Shape(picture.Height, picture.Width, 3))));
    }
}
