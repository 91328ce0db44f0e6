using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Draws the output of each layer of a network for one image: its feature maps, from the image to the answer.</summary>
/// <seealso cref="ShowFilterCommand" />
/// <seealso cref="GetModelSummaryCommand" />
/// <remarks>
/// <para>
/// Every layer has a section with its name, the shape of its output, and up to -Count of its maps, from dark for the lowest value to bright for the
/// highest, on a separate scale for each layer. Dropout and flatten layers, which don't change any values, are left out unless -Layer names them.
/// </para>
/// <para>
/// Errors: ParameterNotApplicable, PreparationSettingInvalid, LayerUnknown, IndexOutOfRange, ImageArrayInvalid, ImageFileInvalid, FileNotFound, PathNotFound, ImageShapeUnsupported,
/// DataShapeMismatch, PredictionsInvalid, ModelBusy, PictureFormatUnknown, PictureFormatUnsupported, FileExists, PathInvalid, PathNotOfFileSystem,
/// FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>Shows the first test image on its way through a network.</para>
/// <code>$digits = Import-Mnist -First 300 | Expand-Dimension
/// $conv = New-Model -Preset TutorialConv -Name conv
/// Show-Activation $conv -Data $digits</code>
/// </example>
/// <example>
/// <para>Writes all maps of one layer for another image to a picture file.</para>
/// <code>Show-Activation $conv -Data $digits -Index 7 -Layer conv2d_1 -Count 32 -Path maps.png -Force</code>
/// </example>
[Cmdlet(
    VerbsCommon.Show,
    "Activation",
    SupportsShouldProcess = true,
    DefaultParameterSetName = DataSet,
    HelpUri = HelpPages.Address + "Show-Activation.md"
)]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowActivationCommand : ShowCommand
{
    private const string DataSet = "Data";
    private const string ArraySet = "Image";
    private const string FileSet = "ImagePath";
    private const string LiteralFileSet = "LiteralImagePath";

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model Model { get; set; } = null!;

    /// <summary>The data set that contains the image.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = DataSet)]
    [DatasetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>The image's number in its part, from 0. Default: 0.</summary>
    [Parameter(Position = 2, ParameterSetName = DataSet)]
    [ReadAs<int>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Index { get; set; }

    /// <summary>The part of the data set: Test or Train. Default: Test.</summary>
    [Parameter(ParameterSetName = DataSet)]
    [ReadAs<DatasetPart>]
    public DatasetPart Part { get; set; } = DatasetPart.Test;

    /// <summary>The image as an array of pixels in row-major order: whole numbers from 0 to 255, or fractions from 0 to 1.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ArraySet)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public object[] Image { get; set; } = [];

    /// <summary>
    /// The image as a picture file; it is prepared like the images that the model learned from, as Invoke-Prediction does, or resized. A wildcard
    /// that means one file is resolved.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string ImagePath { get; set; } = null!;

    /// <summary>The same file, under a name that is taken literally; files from Get-ChildItem come in through the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralFileSet)]
    [Alias("LiteralPath", "PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string LiteralImagePath { get; set; } = null!;

    /// <summary>
    /// Turns a picture file from dark on light into light on dark. A prepared picture is inverted where needed; then this parameter says that its ink
    /// is dark.
    /// </summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = LiteralFileSet)]
    public SwitchParameter Invert { get; set; }

    /// <summary>Resizes a picture file as it is, whatever the model learned from.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = LiteralFileSet)]
    public SwitchParameter Raw { get; set; }

    /// <summary>How a picture file is prepared: a record from New-ImagePreparation. Default: as the images that the model learned from.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = LiteralFileSet)]
    [PreparationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<ImagePreparation>))]
    public ImagePreparation? Preparation { get; set; }

    /// <summary>The names of the layers to draw, as Get-ModelSummary has them. Default: all that change values.</summary>
    [Parameter]
    [ReadAs<string[]>]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string[]? Layer { get; set; }

    /// <summary>The most feature maps of a layer. Default: 16.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    [ReadAs<int>(Least = 1, Most = 4096)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Count { get; set; } = ActivationGrid.DefaultCount;

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        try
        {
            var sample = Sample();
            var picture = ImageSet.Unlabelled([sample], sample.Shape);
            Warn(PixelDoubts.OfPictures(picture, Model.TrainingPixels, Model.Name, ParameterSetName == ArraySet));
            Show(ActivationGrid.Of(Model, sample, Layer, Count, StopToken));
        }
        catch (ConvNetException e)
        {
            WriteError(e, Model);
        }
    }

    private ImageSample Sample()
    {
        switch (ParameterSetName)
        {
            case ArraySet:
                var array = ImageArguments.Arrays(Image, Model.InputShape.Size)[0];
                return new ImageSample(PixelArray.ToBytes(array, Model.InputShape), Model.InputShape);
            case FileSet:
            case LiteralFileSet:
                var isLiteral = ParameterSetName == LiteralFileSet;
                var file = this.One(isLiteral ? LiteralImagePath : ImagePath, isLiteral, "use -LiteralImagePath");
                var pictures = OwnPictures.For([Model], Raw, Preparation, Invert);
                WriteVerbose(pictures.Description);
                var (_, found) = pictures.Read([file], split: false, (_, failure) => throw failure, StopToken).Single();
                Warn(pictures.Doubts);
                return found.Sample with { Shape = Model.InputShape };
            default:
                var images = PartOf(Data, Part);
                return Index >= 0 && Index < images.Count
                    ? new ImageSample(images.GetImage(Index), images.Shape)
                    : throw new ConvNetException(
                        ErrorIds.IndexOutOfRange,
                        ErrorKind.InvalidArgument,
                        $"There is no image {Index}: those of {Data.Name} ({images.Name}) are 0 to {images.Count - 1}.",
                        Index
                    );
        }
    }
}
