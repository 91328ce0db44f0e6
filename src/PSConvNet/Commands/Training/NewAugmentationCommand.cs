using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Describes how training images are changed each time they are used.</summary>
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="ShowImageCommand" />
/// <remarks>
/// <para>
/// A network that sees a new version of each image in each epoch learns what doesn't change. Only the changes that you name are made; without parameters
/// you get settings that suit handwritten digits: -Shift 1.5 -Rotate 8 -Scale 0.9,1.1 -Elastic 18 -ElasticSigma 6. Images are
/// changed on the fly while the network trains: Invoke-Training -Augmentation. Images for validation and measurement stay unchanged. The accuracy in
/// an epoch's record is that on the changed images, so it is lower than on unchanged ones.
/// </para>
/// <para>
/// Mirroring, scaling, shearing, rotation, shifts and elastic deformation are combined into one transformation, so that each pixel is interpolated
/// only once; noise and erasing follow. The changes to an image depend only on the training's seed, the epoch and the image's place in the training
/// part. The method Apply(images, seed, epoch) returns exactly the images that a training sees.
/// </para>
/// <para>
/// Use only changes after which an image still belongs to its class: don't mirror digits, and don't turn a 6 by 180 degrees.
/// </para>
/// <para>
/// Augmentation makes a network better on the changes it was shown, and can make it worse on others. On sixteen kinds of damaged digits (after
/// MNIST-C, Mu and Gilmer 2019), the default improves results on shifted, rotated and scaled digits and makes them much worse with brightness, fog,
/// noise and stripes: on average over the sixteen kinds, FastConv gets 81.6 % right without it and 75.1 % with it. Measure on pictures like yours.
/// </para>
/// <para>
/// Errors: AugmentationSettingInvalid (a value outside its range), ParameterNotApplicable (a setting that needs another one, such as -ElasticSigma without -Elastic). Where it is used also AugmentationDoesNotFit: the samples are no images
/// of height x width (x channels), or no larger than the shift.
/// </para>
/// </remarks>
/// <example>
/// <para>Makes the settings for digits, and shows the first 100 as in the third epoch of a training with seed 1.</para>
/// <code>$augmentation = New-Augmentation
/// $digits = Import-Mnist -First 500 | Expand-Dimension
/// $augmentation.Apply($digits.Train.Take(100), 1, 3)</code>
/// </example>
/// <example>
/// <para>Trains with small shifts and rotations, and with black patches.</para>
/// <code>$model = New-FlattenLayer | New-DenseLayer 32 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name small
/// $model | Invoke-Training -Data $digits -Epochs 2 -Augmentation (New-Augmentation -Shift 1.5 -Rotate 8 -Erase 0.25 -EraseArea 0.02,0.1)</code>
/// </example>
/// <example>
/// <para>For photographs: mirrors half of them, scales them a little and adds noise; the outermost pixels are repeated outwards.</para>
/// <code>New-Augmentation -FlipHorizontal -Shift 4 -Scale 0.8,1.2 -Noise 5 -Fill Edge</code>
/// </example>
[Cmdlet(VerbsCommon.New, "Augmentation", HelpUri = HelpPages.Address + "New-Augmentation.md")]
[OutputType(typeof(Augmentation))]
public sealed class NewAugmentationCommand : ConvNetCmdlet
{
    private static readonly Augmentation s_usual = new();

    /// <summary>
    /// The maximum shift in each direction, in pixels (fractions are allowed): 0 or more, and less than the image's height and width. Default: 0.
    /// </summary>
    [Parameter(Position = 0)]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Shift { get; set; } = s_usual.Shift;

    /// <summary>The maximum rotation about the centre in either direction, in degrees: 0 to 180. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Rotate { get; set; } = s_usual.Rotate;

    /// <summary>The range of the scale: two numbers from 0.1 to 10, the lower first. Default: 1,1.</summary>
    [Parameter]
    [ValidateCount(2, 2)]
    [ReadAs<double[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double[] Scale { get; set; } = [s_usual.Scale.Low, s_usual.Scale.High];

    /// <summary>The maximum shear in either direction, in degrees: 0 to 60. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Shear { get; set; } = s_usual.Shear;

    /// <summary>
    /// The strength of elastic bending: alpha of an elastic deformation (Simard et al. 2003), 0 to 10000. Pixels move by about 0.16 times this
    /// divided
    /// by ElasticSigma, each way: 34 and 4 move them by 1.4. Default: 0.
    /// </summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Elastic { get; set; } = s_usual.Elastic;

    /// <summary>The smoothness of the bending, in pixels: sigma of that deformation, 1 to 1000. Default: 4.</summary>
    [Parameter]
    [ReadAs<double>]
    [Needs(nameof(Elastic))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double ElasticSigma { get; set; } = s_usual.ElasticSigma;

    /// <summary>The standard deviation of noise on each value, in grey levels: 0 to 255. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Noise { get; set; } = s_usual.Noise;

    /// <summary>The share of the images in which a rectangle is made black (Zhong et al. 2017), 0 to 1. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Erase { get; set; } = s_usual.Erase;

    /// <summary>
    /// The rectangle's area as a share of the image's: two numbers above 0 and up to 1, the lower first. Default: 0.02,0.33.
    /// </summary>
    [Parameter]
    [ValidateCount(2, 2)]
    [ReadAs<double[]>]
    [Needs(nameof(Erase))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double[] EraseArea { get; set; } = [s_usual.EraseArea.Low, s_usual.EraseArea.High];

    /// <summary>
    /// Mirrors images at random, half of them on average. Not for digits, letters or anything else for which left and right matter.
    /// </summary>
    [Parameter]
    public SwitchParameter FlipHorizontal { get; set; }

    /// <summary>What fills the space outside the image: Zero, which is black, or Edge, which repeats the outermost pixels. Default: Zero.</summary>
    [Parameter]
    [ReadAs<EdgeFill>]
    [Needs(nameof(Shift))]
    [Needs(nameof(Rotate))]
    [Needs(nameof(Scale))]
    [Needs(nameof(Shear))]
    [Needs(nameof(Elastic))]
    [Needs(nameof(FlipHorizontal))]
    public EdgeFill Fill { get; set; } = s_usual.Fill;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(AnythingGiven ? Given() : Augmentation.Digits);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e);
        }
    }

    private bool AnythingGiven => MyInvocation.BoundParameters.Keys.Any(name => !CommonParameters.Contains(name));

    private Augmentation Given() =>
        new()
        {
            Shift = Shift,
            Rotate = Rotate,
            Scale = new(Scale[0], Scale[1]),
            Shear = Shear,
            Elastic = Elastic,
            ElasticSigma = ElasticSigma,
            Noise = Noise,
            Erase = Erase,
            EraseArea = new(EraseArea[0], EraseArea[1]),
            FlipHorizontal = FlipHorizontal,
            Fill = Fill,
        };
}
