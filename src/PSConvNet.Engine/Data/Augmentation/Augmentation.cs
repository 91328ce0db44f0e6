using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace PSConvNet.Data;

/// <summary>
/// How training images are changed each time they are used, so that a network sees each image in many forms. Immutable; every change is off by
/// default.
/// </summary>
/// <remarks>
/// <para>
/// Mirror, scale, shear, turn, shift and elastic displacement are one movement: each pixel is read from one place between four of the
/// image's (bilinear) and rounded once. Noise and erasing follow, in this order.
/// </para>
/// <para>
/// What happens to an image follows from seed, epoch and its place in the training part, and from nothing else: neither from the number
/// of threads nor from batches. Each part draws numbers of its own, so that switching one on leaves the others as they were.
/// </para>
/// </remarks>
public sealed record Augmentation
{
    // There is one kind, so its name is never unknown.
    private static readonly SpecCatalog<Augmentation> s_catalog = new(
        new SpecTerms(
            "augmentation",
            ErrorIds.AugmentationSettingUnknown,
            ErrorIds.AugmentationSettingUnknown,
            ErrorIds.AugmentationSettingInvalid,
            Type: nameof(Augmentation)
        ),
        _ => nameof(Augmentation),
        () => new Augmentation()
    );

    /// <summary>
    /// Suits handwritten digits: small movements and a hand's waviness; no mirror, for a mirrored 2 is no digit. Gentler than the paper's
    /// settings, which were too much for the tutorial's network on 5,000 digits held out (docs/performance.md).
    /// </summary>
    public static Augmentation Digits { get; } =
        new()
        {
            Shift = 1.5,
            Rotate = 8,
            Scale = new(0.9, 1.1),
            Elastic = 18,
            ElasticSigma = 6,
        };

    /// <summary>
    /// The furthest an image is shifted, in pixels and parts of them, uniformly and each way by itself: 0 or more, and less than the image
    /// is high and wide. Default 0.
    /// </summary>
    public double Shift
    {
        get;
        init => field = Check(value, value is >= 0 and <= 100_000, "a number of pixels, 0 or more");
    }

    /// <summary>The furthest it is turned about its centre, in degrees, either way, uniformly: 0 to 180. Default 0.</summary>
    public double Rotate
    {
        get;
        init => field = Check(value, value is >= 0 and <= 180, "degrees from 0 to 180");
    }

    /// <summary>By what it is made larger or smaller about its centre, uniformly: 0.1 to 10. Default 1..1.</summary>
    public NumberRange Scale
    {
        get;
        init =>
            field = Check(
                value,
                value.IsWithin(0.1, 10),
                "two numbers from 0.1 to 10, the lower first, such as 0.9 and 1.1"
            );
    } = new(1, 1);

    /// <summary>The furthest upright lines are made to lean, in degrees, either way, uniformly: 0 to 60. Default 0.</summary>
    public double Shear
    {
        get;
        init => field = Check(value, value is >= 0 and <= 60, "degrees from 0 to 60");
    }

    /// <summary>
    /// Alpha of an elastic deformation (Simard, Steinkraus and Platt, ICDAR 2003): noise from -1 to 1 at each pixel is blurred and multiplied
    /// by this to give the pixels' displacements. 0 to 10,000, default 0; the paper's best for digits was 34 with a sigma of 4, which
    /// moves pixels by about 1.4 each way (<see cref="ElasticDisplacement"/>).
    /// </summary>
    /// <remarks>
    /// The field is not blurred but blended from random numbers on a coarse grid by cubic B-splines, with the same strength and to the eye
    /// the same smoothness.
    /// </remarks>
    public double Elastic
    {
        get;
        init => field = Check(value, value is >= 0 and <= 10_000, "a number from 0 to 10000");
    }

    /// <summary>Sigma of that blur, in pixels: how far neighbours move alike. 1 to 1,000, default 4.</summary>
    public double ElasticSigma
    {
        get;
        init => field = Check(value, value is >= 1 and <= 1000, "a number of pixels from 1 to 1000");
    } = 4;

    /// <summary>
    /// The standard deviation of noise on each value, in grey levels of 0..255: 0 to 255. The sum is rounded and cut off at 0 and 255. Default 0.
    /// </summary>
    public double Noise
    {
        get;
        init => field = Check(value, value is >= 0 and <= 255, "grey levels from 0 to 255");
    }

    /// <summary>
    /// The share of the images in which a rectangle is made black (random erasing: Zhong et al. 2017, arXiv:1708.04896): 0 to 1. Default 0.
    /// </summary>
    public double Erase
    {
        get;
        init => field = Check(value, value is >= 0 and <= 1, "a share from 0 to 1");
    }

    /// <summary>
    /// The rectangle's area as a share of the image's, uniformly: above 0, at most 1; kept to but for half a column, for it is of whole
    /// pixels. Its sides are as 0.3 to 3.3. Default 0.02..0.33.
    /// </summary>
    public NumberRange EraseArea
    {
        get;
        init =>
            field = Check(
                value,
                value.Low > 0 && value.IsWithin(0, 1),
                "two numbers above 0 and up to 1, the lower first, such as 0.02 and 0.2"
            );
    } = new(0.02, 0.33);

    /// <summary>Whether every second image, by chance, is mirrored: left becomes right. Default false.</summary>
    public bool FlipHorizontal { get; init; }

    /// <summary>What comes in from outside. Default <see cref="EdgeFill.Zero"/>.</summary>
    public EdgeFill Fill
    {
        get;
        init => field = Check(value, Enum.IsDefined(value), "Zero or Edge");
    }

    /// <summary>The root of the mean square of the elastic displacements, each way, in pixels.</summary>
    [JsonIgnore]
    public double ElasticDisplacement => ElasticField.RootMeanSquare(Elastic, ElasticSigma);

    /// <summary>Whether images stay as they are.</summary>
    [JsonIgnore]
    public bool IsOff => !Moves && Noise == 0 && Erase == 0;

    /// <summary>Whether pixels go elsewhere.</summary>
    [JsonIgnore]
    internal bool Moves =>
        Shift > 0 || Rotate > 0 || Scale != new NumberRange(1, 1) || Shear > 0 || Elastic > 0 || FlipHorizontal;

    /// <summary>The images as a training with this seed sees them in this epoch.</summary>
    /// <param name="images">
    /// The images, height x width (x channels). For what a training sees give its training part, or the first of it.
    /// </param>
    /// <param name="seed">The training's seed.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <exception cref="ConvNetException">
    /// <c>AugmentationDoesNotFit</c>: they are not height x width (x channels), or no larger than <see cref="Shift"/>.
    /// <c>AugmentationSettingInvalid</c>: the epoch is below 1.
    /// </exception>
    public ImageSet Apply(ImageSet images, long seed = 1, int epoch = 1)
    {
        ArgumentNullException.ThrowIfNull(images);
        RequireFit(images);
        Check(epoch, epoch >= 1, "a whole number from 1", nameof(ImageAugmenter.Epoch));
        var augmenter = new ImageAugmenter(this, images.Shape, seed) { Epoch = epoch };
        var pixels = GC.AllocateUninitializedArray<byte>(images.Pixels.Length);
        for (var i = 0; i < images.Count; i++)
            augmenter.Change(i, images.GetImage(i).Span).CopyTo(pixels.AsSpan(i * images.Shape.Size));
        return images.WithPixels(pixels);
    }

    /// <summary>Refuses images that can't be changed in this way.</summary>
    /// <exception cref="ConvNetException"><c>AugmentationDoesNotFit</c>.</exception>
    internal void RequireFit(ImageSet images)
    {
        var shape = images.Shape;
        if (shape.Rank is not (2 or 3))
            throw DoesNotFit(
                images,
                $"Augmentation needs images of height x width or height x width x channels, but the {images.Name} samples are {shape}; leave it out for those."
            );
        if (Shift > 0 && Shift >= Math.Min(shape[0], shape[1]))
            throw DoesNotFit(
                images,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A shift of up to {Shift} pixels moves images of {shape} out of sight; give an Augmentation.Shift below {Math.Min(shape[0], shape[1])}."
                )
            );
    }

    /// <summary>What is on, in words: <c>shift 2, rotate 10, scale 0.9..1.1</c>.</summary>
    public override string ToString() =>
        IsOff
            ? "none"
            : string.Join(
                ", ",
                (
                    (string?[])
                        [
                            On("shift", Shift, "px"),
                            On("rotate", Rotate, "degrees"),
                            Scale == new NumberRange(1, 1) ? null : $"scale {Scale}",
                            On("shear", Shear, "degrees"),
                            Elastic > 0 ? Text($"elastic {Elastic} (sigma {ElasticSigma} px)") : null,
                            On("noise", Noise, "levels"),
                            Erase > 0 ? Text($"erase {Erase} (area {EraseArea})") : null,
                            FlipHorizontal ? "flip" : null,
                            Moves && Fill != EdgeFill.Zero ? "edges drawn out" : null,
                        ]
                ).OfType<string>()
            );

    /// <summary>Makes one from settings by name; those left out are off.</summary>
    /// <param name="settings">Pairs such as <c>Shift</c>, 1.5.</param>
    /// <exception cref="ConvNetException">
    /// <c>AugmentationSettingUnknown</c>: there is no such setting. <c>AugmentationSettingInvalid</c>: a value outside its range.
    /// </exception>
    public static Augmentation Create(IEnumerable<KeyValuePair<string, object>> settings)
    {
        KeyValuePair<string, object>[] given = [.. settings];
        var made = s_catalog.Create(nameof(Augmentation), given);
        Require(nameof(ElasticSigma), nameof(Elastic));
        Require(nameof(EraseArea), nameof(Erase));
        Require(
            nameof(Fill),
            nameof(Shift),
            nameof(Rotate),
            nameof(Scale),
            nameof(Shear),
            nameof(Elastic),
            nameof(FlipHorizontal)
        );
        return made;

        bool Has(string name) => Array.Exists(given, pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

        void Require(string setting, params string[] partners)
        {
            if (!Has(setting) || Array.Exists(partners, Has))
                return;
            throw new ConvNetException(
                ErrorIds.AugmentationSettingInvalid,
                ErrorKind.InvalidArgument,
                $"Augmentation.{setting} does nothing without {string.Join(" or ", partners.Select(partner => $"Augmentation.{partner}")):text}: give both, or leave it out.",
                setting
            );
        }
    }

    private static string? On(string name, double value, string unit) =>
        value > 0 ? Text($"{name} {value} {unit}") : null;

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static T Check<T>(T value, bool valid, string range, [CallerMemberName] string setting = "") =>
        valid
            ? value
            : throw new ConvNetException(
                ErrorIds.AugmentationSettingInvalid,
                ErrorKind.InvalidArgument,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Augmentation.{setting} can't be {value}: give {range:text}."
                ),
                value
            );

    private static ConvNetException DoesNotFit(ImageSet images, string message) =>
        new(ErrorIds.AugmentationDoesNotFit, ErrorKind.InvalidArgument, message, images);
}
