using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Measures how well a model does on labelled images.</summary>
/// <remarks>
/// <para>
/// Gives the loss (mean cross-entropy), the accuracy with its 95 % Wilson interval, precision, recall and F1 for each class
/// (Classes), and the confusion matrix (ConfusionMatrix: a row for each true class, a column for each answer). It never trains.
/// </para>
/// <para>Errors: DataShapeMismatch, ClassCountMismatch, ModelBusy, NativeLibraryMissing, PredictionsInvalid.</para>
/// </remarks>
/// <example>
/// <para>Accuracy and loss on the test images.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
/// $model | Measure-Model -Data $digits</code>
/// </example>
/// <example>
/// <para>Precision and recall of each class on the training images.</para>
/// <code>(Measure-Model $model $digits -Part Train).Classes</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "Model")]
[OutputType(typeof(ModelMetrics))]
public sealed class MeasureModelCommand : CancellableCmdlet
{
    /// <summary>The model or models; each is measured by itself.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Model[] Model { get; set; } = [];

    /// <summary>The data set.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public Dataset Data { get; set; } = null!;

    /// <summary>The part to measure on: Test or Train. Default: Test.</summary>
    [Parameter]
    public DatasetPart Part { get; set; } = DatasetPart.Test;

    /// <summary>The arithmetic: Auto, Float32 or BFloat16. Default: Auto.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var images = Part == DatasetPart.Train ? Data.Train : Data.Test;
        foreach (var model in Model)
        {
            try
            {
                var options = this.MeasuringOptions($"Measuring {model.Name}", images.Count, Precision);
                WriteObject(Evaluator.Measure(model, images, Data.ClassNames, options, StopToken));
            }
            catch (ConvNetException e)
            {
                WriteError(e, model);
            }
            catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
            {
                // The pipeline was stopped; there is nothing to say and nobody to say it to.
            }
        }
    }
}
