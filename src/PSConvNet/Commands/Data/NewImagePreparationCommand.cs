using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Describes how your own pictures are turned into images like MNIST's.</summary>
/// <seealso cref="ImportImageFolderCommand" />
/// <seealso cref="InvokePredictionCommand" />
/// <seealso cref="ShowImageCommand" />
/// <remarks>
/// <para>
/// A network that learned from MNIST knows light strokes on black, fitted into 20 x 20 pixels and centred by their mass in 28 x 28. The preparation turns
/// a photograph, a scan or a drawing into such an image: it finds out whether transparency is ink or paper and whether ink is dark or light, removes
/// shadows, the table beside the paper, frames and ruled lines, makes ink of any colour and strength white, makes strokes neither very thin nor
/// very thick, and fits and centres what is left, without distortion.
/// </para>
/// <para>
/// Invoke-Prediction -Path does this automatically for a model that learned from such images. Use this command for other data and other settings:
/// Import-ImageFolder -Preparation makes a data set of prepared pictures, and a model that learned from it prepares those it is asked about in the same way.
/// Show-Image -Prepared -Steps shows a picture after each step.
/// </para>
/// <para>Errors: PreparationSettingInvalid (a value outside its range).</para>
/// </remarks>
/// <example>
/// <para>The usual preparation, and one for letters that fill 26 of 32 pixels, centred by the box around them.</para>
/// <code>New-ImagePreparation
/// New-ImagePreparation -Fit 26 -Centre Box</code>
/// </example>
/// <example>
/// <para>For pictures of chalk on a board, whose thin strokes matter.</para>
/// <code>New-ImagePreparation -Polarity LightOnDark -KeepStrokes</code>
/// </example>
[Cmdlet(VerbsCommon.New, "ImagePreparation", HelpUri = HelpPages.Address + "New-ImagePreparation.md")]
[OutputType(typeof(ImagePreparation))]
public sealed class NewImagePreparationCommand : ConvNetCmdlet
{
    private static readonly ImagePreparation s_usual = new();

    /// <summary>
    /// The side of the square that strokes are fitted into, in pixels: 1 up to the images' shorter side. Default: five sevenths of it, 20 of 28.
    /// </summary>
    [Parameter(Position = 0)]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Fit { get; set; }

    /// <summary>What is centred: Mass, the strokes' centre of mass, or Box, the middle of the box around them. Default: Mass.</summary>
    [Parameter]
    [Alias("Center")]
    [ReadAs<InkCentre>]
    public InkCentre Centre { get; set; } = s_usual.Centre;

    /// <summary>Whether ink or paper is lighter: Automatic, DarkOnLight or LightOnDark. Default: Automatic, found out for each picture.</summary>
    [Parameter]
    [ReadAs<InkPolarity>]
    public InkPolarity Polarity { get; set; } = s_usual.Polarity;

    /// <summary>Keeps shadows and everything else that is visible on the paper.</summary>
    [Parameter]
    public SwitchParameter KeepBackground { get; set; }

    /// <summary>Keeps the lines of ruled and squared paper.</summary>
    [Parameter]
    public SwitchParameter KeepLines { get; set; }

    /// <summary>Keeps faint strokes faint.</summary>
    [Parameter]
    public SwitchParameter KeepContrast { get; set; }

    /// <summary>Keeps very thin and very thick strokes as they are.</summary>
    [Parameter]
    public SwitchParameter KeepStrokes { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Fit is < 1 or > ImageFolderOptions.MaximumSide)
        {
            ThrowTerminating(
                new ConvNetException(
                    ErrorIds.PreparationSettingInvalid,
                    ErrorKind.InvalidArgument,
                    $"-Fit is {Fit}; it must be 1 to {ImageFolderOptions.MaximumSide}, and no more than the images' shorter side, such as 20 of 28.",
                    Fit
                )
            );
        }
        WriteObject(
            new ImagePreparation
            {
                Fit = Fit,
                Centre = Centre,
                Polarity = Polarity,
                KeepBackground = KeepBackground,
                KeepLines = KeepLines,
                KeepContrast = KeepContrast,
                KeepStrokes = KeepStrokes,
            }
        );
    }
}
