using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Measures how well a model does on labelled images.</summary>
/// <seealso cref="CompareModelCommand" />
/// <seealso cref="ShowConfusionMatrixCommand" />
/// <seealso cref="InvokePredictionCommand" />
/// <seealso cref="NewAugmentationCommand" />
/// <remarks>
/// <para>
/// Returns the loss (mean cross-entropy; unlike in Keras, the penalties of layers with -L2 aren't part of it), the accuracy with its 95 % Wilson
/// interval, precision, recall and F1 for each class
/// (Classes), and the confusion matrix (ConfusionMatrix: a row for each true class, a column for each answer). It never trains.
/// </para>
/// <para>
/// The data set's classes are matched with the model's by name: it may have fewer of them, or have them in another order, but no images of a
/// class that the model does not know. Classes and ConfusionMatrix are in the order of the model's outputs.
/// </para>
/// <para>
/// Each model is measured by itself. With -Ensemble all of them are measured as one, whose answers are the means of the models' probabilities, as
/// with Invoke-Prediction -Model $a,$b,$c. They must have the same input shape and the same classes, in any order.
/// </para>
/// <para>
/// With -Augmentation each image is measured in several versions and judged by the mean of the model's probabilities (test-time augmentation): the first is
/// the image as it is, the others are what a training with that augmentation and -Seed sees in its epochs 1, 2 and so on. The result says so in
/// TestTime. Equal calls give equal numbers. The measurement takes -Times as long, and improves the result if the model was trained with such
/// changes.
/// </para>
/// <para>
/// Errors: DataShapeMismatch, AugmentationDoesNotFit, ClassUnknown, ClassCountMismatch, ModelBusy, NativeLibraryMissing, PredictionsInvalid (the other models continue); with
/// -Ensemble also EnsembleMismatch, EnsembleOutputInvalid.
/// </para>
/// </remarks>
/// <example>
/// <para>Shows accuracy and loss on the test images.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
/// $model | Measure-Model -Data $digits</code>
/// </example>
/// <example>
/// <para>Shows precision and recall of each class on the training images.</para>
/// <code>(Measure-Model $model $digits -Part Train).Classes</code>
/// </example>
/// <example>
/// <para>Measures the same images, each in eight versions.</para>
/// <code>$model | Measure-Model -Data $digits -Augmentation @{ Shift = 1; Rotate = 5 } -Times 8</code>
/// </example>
/// <example>
/// <para>Measures three training runs of one network, first individually and then as an ensemble.</para>
/// <code>$three = foreach ($seed in 1..3) { Copy-Model $model -Reset -Seed $seed -Name "seed $seed" }
/// $null = $three | Invoke-Training -Data $digits -Epochs 2
/// $three | Measure-Model -Data $digits | ForEach-Object { "$($_.Name): $($_.Accuracy)" }
/// $three | Measure-Model -Data $digits -Ensemble</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "Model", HelpUri = HelpPages.Address + "Measure-Model.md")]
[OutputType(typeof(ModelMetrics))]
public sealed class MeasureModelCommand : MeasuringCommand
{
    private readonly List<Model> _together = [];

    /// <summary>The models, or training runs, whose models are used. Each is measured by itself unless -Ensemble is given.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransform(Several = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model[] Model { get; set; } = [];

    /// <summary>The data set, or a part of one ($digits.Test).</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [DatasetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>The part to measure on: Test or Train. Default: Test.</summary>
    [Parameter]
    [ReadAs<DatasetPart>]
    public DatasetPart Part { get; set; } = DatasetPart.Test;

    /// <summary>Measures all models as one, whose answers are the means of their probabilities, and returns one result.</summary>
    [Parameter]
    public SwitchParameter Ensemble { get; set; }

    private ImageSet Images => PartOf(Data, Part);

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        if (Ensemble)
        {
            _together.AddRange(Model);
            return;
        }
        foreach (var model in Model)
            Measure(model.Name, model, options => Evaluator.Measure(model, Images, options, StopToken));
    }

    /// <inheritdoc />
    private protected override void End()
    {
        if (_together.Count == 0)
            return;
        try
        {
            var ensemble = new Ensemble(_together);
            Measure(ensemble.Name, _together, options => ensemble.Measure(Images, options, StopToken));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, _together);
        }
    }

    private void Measure(string name, object target, Func<PredictionOptions, ModelMetrics> measure)
    {
        try
        {
            Warn(PixelDoubts.OfData(Images, (target as Model ?? _together[0]).TrainingPixels, name));
            WriteObject(measure(Measuring($"Measuring {name}", Images.Count)));
        }
        catch (ConvNetException e)
        {
            WriteError(e, target);
        }
    }
}
