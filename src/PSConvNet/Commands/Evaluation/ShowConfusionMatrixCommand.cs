using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Draws a confusion matrix: a row for each true class, a column for each answer.</summary>
/// <seealso cref="MeasureModelCommand" />
/// <seealso cref="ShowImageCommand" />
/// <seealso cref="CompareModelCommand" />
/// <remarks>
/// <para>
/// Right answers are on the diagonal, in blue. Wrong answers are off the diagonal, in orange, and stronger the more frequent they are. With up to 30
/// classes the cells have their counts. A terminal shows a table of counts, or the most frequent mistakes if the table would be too wide; a notebook
/// shows a picture. With -Path the matrix is written as PNG, SVG, HTML or text.
/// </para>
/// <para>
/// Errors: MatrixInputInvalid (neither a measurement nor a model; a model without -Data), ParameterNotApplicable, DataShapeMismatch, ClassUnknown, ClassCountMismatch, ModelBusy,
/// PredictionsInvalid, PictureFormatUnknown, PictureFormatUnsupported, FileExists, PathInvalid, PathNotFound, PathNotOfFileSystem,
/// FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>Draws the matrix of a measurement.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name dense
/// $null = $model | Invoke-Training -Data $digits -Epochs 2
/// Measure-Model $model $digits | Show-ConfusionMatrix</code>
/// </example>
/// <example>
/// <para>Measures a model and writes its matrix to a picture file.</para>
/// <code>Show-ConfusionMatrix $model -Data $digits -Path matrix.png -Force</code>
/// </example>
[Cmdlet(
    VerbsCommon.Show,
    "ConfusionMatrix",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Address + "Show-ConfusionMatrix.md"
)]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowConfusionMatrixCommand : ShowCommand
{
    /// <summary>A result of Measure-Model; or a model or a training run, which also needs -Data.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Metrics", "Model")]
    [ArgumentCompleter(typeof(VariableCompleter<ModelMetrics>))]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The data set that models are measured on.</summary>
    [Parameter(Position = 1)]
    [DatasetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset? Data { get; set; }

    /// <summary>The part to measure on: Test or Train. Default: Test.</summary>
    [Parameter]
    [ReadAs<DatasetPart>]
    [Needs(nameof(Data))]
    public DatasetPart Part { get; set; } = DatasetPart.Test;

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        foreach (var item in InputObject)
        {
            try
            {
                Show(new ConfusionPicture(MetricsOf(item?.BaseObject)));
            }
            catch (ConvNetException e)
            {
                WriteError(e, item);
            }
        }
    }

    private ModelMetrics MetricsOf(object? item) =>
        item switch
        {
            ModelMetrics when Data is not null => throw NotApplicable(
                nameof(Data),
                "for models, and this is a measurement already"
            ),
            ModelMetrics metrics => metrics,
            TrainingRun run => Measure(run.Model),
            Model model => Measure(model),
            LayerSpec layer => throw CmdletTerms.NotBuilt(layer, ErrorIds.MatrixInputInvalid),
            _ => throw new ConvNetException(
                ErrorIds.MatrixInputInvalid,
                ErrorKind.InvalidArgument,
                $"Show-ConfusionMatrix takes models and the output of Measure-Model, not {item?.GetType().Name ?? "null"}.",
                item
            ),
        };

    private ModelMetrics Measure(Model model)
    {
        if (Data is null)
        {
            throw new ConvNetException(
                ErrorIds.MatrixInputInvalid,
                ErrorKind.InvalidArgument,
                $"A confusion matrix of {model.Name} needs a measurement: give a data set with -Data.",
                model
            );
        }
        var images = PartOf(Data, Part);
        Warn(PixelDoubts.OfData(images, model.TrainingPixels, model.Name));
        var options = Measuring($"Measuring {model.Name}", images.Count, Precision.Auto);
        return Evaluator.Measure(model, images, options, StopToken);
    }
}
