using System.Globalization;
using System.Text.Json;

namespace PSConvNet.Data;

/// <summary>
/// How people's own pictures are turned into images like those that a network learned from: light strokes on black, fitted into a box, centred. A
/// record of settings; docs/preparation.md describes the steps.
/// </summary>
public sealed record ImagePreparation : IReadFromFile
{
    /// <summary>The longest side of the picture that is worked on, in pixels; larger ones are reduced to it first.</summary>
    public const int WorkingSide = 640;

    /// <summary>
    /// The side of the square that strokes are fitted into, in pixels of the sample, 1 up to the sample's shorter side; null for five
    /// sevenths of that, which is 20 of 28.
    /// </summary>
    public int? Fit { get; init; }

    /// <summary>What goes to the middle of the sample.</summary>
    public InkCentre Centre { get; init; }

    /// <summary>Which of ink and paper is lighter.</summary>
    public InkPolarity Polarity { get; init; }

    /// <summary>Keep what the paper looks like, shadows and all, instead of taking it out.</summary>
    public bool KeepBackground { get; init; }

    /// <summary>Keep the lines of ruled and squared paper.</summary>
    public bool KeepLines { get; init; }

    /// <summary>Keep faint strokes faint.</summary>
    public bool KeepContrast { get; init; }

    /// <summary>Keep very thin and very thick strokes as they are.</summary>
    public bool KeepStrokes { get; init; }

    /// <summary>What it does, in words: <c>fitted into 20 pixels, centred by mass, ink dark on light, lines kept</c>.</summary>
    public override string ToString() =>
        string.Join(
            ", ",
            (
                (string?[])
                    [
                        Fit is { } fit
                            ? string.Create(CultureInfo.InvariantCulture, $"fitted into {fit} pixels")
                            : "fitted into five sevenths",
                        Centre == InkCentre.Mass ? "centred by mass" : "centred by box",
                        Polarity switch
                        {
                            InkPolarity.DarkOnLight => "ink dark on light",
                            InkPolarity.LightOnDark => "ink light on dark",
                            _ => null,
                        },
                        KeepBackground ? "background kept" : null,
                        KeepLines ? "lines kept" : null,
                        KeepContrast ? "contrast kept" : null,
                        KeepStrokes ? "strokes kept" : null,
                    ]
            ).OfType<string>()
        );

    /// <summary>Prepares a picture.</summary>
    /// <param name="picture">The picture; <see cref="ImageFile.ReadPicture(string, int)"/> reads one.</param>
    /// <param name="target">The sample's shape: height x width or height x width x 1.</param>
    /// <param name="split">Whether each digit of a sheet is an object of its own.</param>
    /// <param name="keepSteps">Whether each step's picture is kept, to be looked at.</param>
    /// <param name="probabilities">
    /// How probable a network's answer is for each of some samples: where digits touch on a sheet to split, it says between which cuts pieces look
    /// like digits. Null without a network: digits are then cut at their thinnest places.
    /// </param>
    /// <exception cref="ConvNetException">
    /// <c>ImageShapeUnsupported</c>: the sample isn't one of grey; <c>PreparationSettingInvalid</c>: <see cref="Fit"/> is out of range.
    /// </exception>
    public PreparedPicture Prepare(
        PixelPicture picture,
        Shape target,
        bool split = false,
        bool keepSteps = false,
        Func<IReadOnlyList<ImageSample>, IReadOnlyList<double>>? probabilities = null
    )
    {
        ArgumentNullException.ThrowIfNull(picture);
        Validate(target);
        return new ImagePreparer(this, target[0], target[1]).Prepare(picture, split, keepSteps, probabilities);
    }

    /// <summary>Refuses settings that can't be used for samples of a shape.</summary>
    /// <exception cref="ConvNetException"><c>ImageShapeUnsupported</c>, <c>PreparationSettingInvalid</c>.</exception>
    public void Validate(Shape target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!IsPossible(target))
            throw new ConvNetException(
                ErrorIds.ImageShapeUnsupported,
                ErrorKind.InvalidArgument,
                $"A picture can't be prepared as {target}: prepared samples are of grey, height x width or height x width x 1.",
                target
            );
        if (Fit is { } fit && (fit < 1 || fit > Math.Min(target[0], target[1])))
            throw new ConvNetException(
                ErrorIds.PreparationSettingInvalid,
                ErrorKind.InvalidArgument,
                $"Strokes can't be fitted into {fit} pixels of a sample of {target[0]} x {target[1]}; the preparation's Fit must be 1 to {Math.Min(target[0], target[1])}.",
                fit
            );
    }

    /// <summary>The side of the square that strokes are fitted into, in pixels of a sample of a shape.</summary>
    public int FitFor(Shape target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return FitOf(target[0], target[1]);
    }

    /// <summary>Whether samples of a shape can be prepared.</summary>
    internal static bool IsPossible(Shape target) => target is { Rank: 2 } || (target.Rank == 3 && target[2] == 1);

    /// <summary>The side of the square that strokes are fitted into.</summary>
    internal int FitOf(int height, int width) => Fit ?? Math.Max(1, (int)Math.Round(Math.Min(height, width) * 5 / 7.0));

    void IReadFromFile.Require()
    {
        if (Fit is not (null or (>= 1 and <= ImageFolderOptions.MaximumSide)))
            throw new JsonException("a preparation of pictures is impossible");
    }
}
