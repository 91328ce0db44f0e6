using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Finds a learning rate by training for some batches with a growing rate and looking where the loss falls fastest.</summary>
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="ShowTrainingCurveCommand" />
/// <seealso cref="NewOptimizerCommand" />
/// <seealso cref="NewLearningRateScheduleCommand" />
/// <remarks>
/// <para>
/// The rate grows by the same factor from batch to batch, from MinimumRate, at which hardly anything is learned, to MaximumRate, at which training
/// diverges (Smith 2017). The test ends early when the smoothed loss has risen above four times its minimum or is no longer a number. It works on a
/// copy: the model stays unchanged, also after an error or Ctrl-C.
/// </para>
/// <para>
/// It returns a LearningRateCurve, which prints with a bar for each loss. Suggestion is the rate at which the smoothed loss falls
/// fastest, ready for Invoke-Training -LearningRate; Minimum is a tenth of the rate at which it is lowest; Points has every batch.
/// If the loss never fell by more than batches differ by chance, Suggestion and Minimum are $null, and a warning says what to try. A rate is valid
/// for the network, optimizer and batch size that it was found with, and only within a factor of a few: look at the curve, and repeat the test with
/// another Seed in case of doubt.
/// </para>
/// <para>
/// Only the data set's training part is used. Equal seeds, thread counts and machines give equal curves.
/// </para>
/// <para>
/// Errors: TrainingOptionInvalid, OptimizerSettingInvalid, DataShapeMismatch, AugmentationDoesNotFit, ClassUnknown, ClassCountMismatch, LossMismatch, DatasetEmpty,
/// LayerUnknown, LayerHasNoWeights, NothingToTrain (of -Frozen), ModelBusy (a training run is using it), WeightsInvalid (the model has weights that aren't finite), LossNotFinite (not even the first loss is a number), NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>Finds a rate for Adam, shows the curve, and trains with the suggested rate.</para>
/// <code>$digits = Import-Mnist -First 2000 | Expand-Dimension
/// $model = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name small
/// $curve = $model | Find-LearningRate -Data $digits
/// $curve
/// $model | Invoke-Training -Data $digits -Epochs 3 -LearningRate $curve.Suggestion</code>
/// </example>
/// <example>
/// <para>
/// Tests gradient descent with momentum on another network, in finer steps over a narrower range, and shows the rates at which it learned.
/// </para>
/// <code>$linear = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $curve = $linear | Find-LearningRate -Data $digits -Optimizer (New-Optimizer SGD -Momentum 0.9) -MinimumRate 1e-4 -Steps 200
/// $curve.Points | Where-Object SmoothedLoss -lt 2</code>
/// </example>
[Cmdlet(VerbsCommon.Find, "LearningRate", HelpUri = HelpPages.Address + "Find-LearningRate.md")]
[OutputType(typeof(LearningRateCurve))]
public sealed class FindLearningRateCommand : LongCommand
{
    private static readonly TrainingOptions s_usual = new();
    private static readonly LearningRateRange s_range = new();

    private LearningRateRange _range = new();
    private TrainingOptions _options = new();

    /// <summary>The model or models, trained or not; none is changed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransform(Several = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model[] Model { get; set; } = [];

    /// <summary>The data set; its training part is used.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>
    /// The update rule: a name (SGD, Adam, AdamW, Adadelta, RMSprop, Adagrad), the output of New-Optimizer, or a hashtable of a name and settings
    /// (@{ Name = 'SGD'; Momentum = 0.9 }). Its own learning rate isn't used. Default: Adam.
    /// </summary>
    [Parameter]
    [Alias("Optimiser")]
    [ValidateNotNull]
    [OptimizerTransform]
    [ArgumentCompleter(typeof(OptimizerNameCompleter))]
    public OptimizerSpec Optimizer { get; set; } = s_usual.Optimizer;

    /// <summary>Images between two steps of the optimizer; at least 1. Default: 128.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int BatchSize { get; set; } = s_usual.BatchSize;

    /// <summary>The first batch's rate, 1e-30 or more and below MaximumRate. Default: 1e-6.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double MinimumRate { get; set; } = s_range.MinimumRate;

    /// <summary>The last batch's rate, at most 1e30; the test ends earlier if training diverges. Default: 10.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double MaximumRate { get; set; } = s_range.MaximumRate;

    /// <summary>
    /// The number of batches, and so of rates; at least 10. If there are too few training images, they are used again. Default: 100.
    /// </summary>
    [Parameter]
    [ReadAs<int>(Least = 10)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Steps { get; set; } = s_range.Steps;

    /// <summary>The loss to minimise: CrossEntropy or MeanSquaredError. Default: CrossEntropy.</summary>
    [Parameter]
    [ReadAs<Loss>]
    public Loss Loss { get; set; } = s_usual.Loss;

    /// <summary>The share of the target that is spread over all classes, 0 to below 1; cross-entropy only. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double LabelSmoothing { get; set; } = s_usual.LabelSmoothing;

    /// <summary>
    /// How much each class counts, as for Invoke-Training: use the setting you will train with. Default: every image counts the same.
    /// </summary>
    [Parameter]
    [ClassWeightsTransform]
    [ArgumentCompleter(typeof(ClassWeightCompleter))]
    public ClassWeights? ClassWeight { get; set; }

    /// <summary>How training images are changed, as for Invoke-Training: use the setting you will train with. Default: as they are.</summary>
    [Parameter]
    [AugmentationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Augmentation>))]
    public Augmentation? Augmentation { get; set; }

    /// <summary>Layers that stay unchanged, as for Invoke-Training: use the setting you will train with. Default: none.</summary>
    [Parameter]
    [ReadAs<string[]>]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string[] Frozen { get; set; } = [];

    /// <summary>Layers that are trained although they would otherwise be frozen, as for Invoke-Training. Default: none.</summary>
    [Parameter]
    [ReadAs<string[]>]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string[] Unfrozen { get; set; } = [];

    /// <summary>The seed for the order of the images, their augmentation, and the dropout. Default: 1.</summary>
    [Parameter]
    [ReadAs<long>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long Seed { get; set; } = s_usual.Seed;

    /// <summary>
    /// The arithmetic: Float32, BFloat16, or Auto for BFloat16 where the processor is faster with it. Default: Auto.
    /// </summary>
    [Parameter]
    [ReadAs<Precision>]
    public Precision Precision { get; set; } = s_usual.Precision;

    /// <summary>The number of worker threads, 1 to 256; 0 for one per core. Default: 0.</summary>
    [Parameter]
    [ReadAs<int>(Least = 0, Most = 256)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Threads { get; set; }

    /// <summary>Shows no progress.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc />
    private protected override void Begin()
    {
        try
        {
            _range = new LearningRateRange
            {
                MinimumRate = MinimumRate,
                MaximumRate = MaximumRate,
                Steps = Steps,
            };
            _range.Validate();
            _options = new TrainingOptions
            {
                BatchSize = BatchSize,
                Optimizer = Optimizer,
                Loss = Loss,
                LabelSmoothing = LabelSmoothing,
                ClassWeight = ClassWeight,
                Augmentation = Augmentation,
                Frozen = LayerPatterns.Given(nameof(Frozen), Frozen ?? []),
                Unfrozen = LayerPatterns.Given(nameof(Unfrozen), Unfrozen ?? []),
                Seed = Seed,
                Precision = Precision,
                Threads = Threads,
            };
            _options.Validate();
            Warn(PixelDoubts.OfData(Data.Train));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, this);
        }
    }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        foreach (var model in Model)
        {
            var activity = $"Finding a learning rate for {model.Name}";
            try
            {
                var curve = LearningRateFinder.Find(
                    model,
                    Data,
                    _range,
                    _options,
                    point => ShowProgress(activity, point),
                    text => Tell(() => WriteVerbose(text)),
                    StopToken
                );
                Progress.Complete();
                WriteVerbose(curve.ToString());
                if (curve.Suggestion is null)
                    WriteWarning($"{model.Name}: {curve.Conclusion:text}");
                WriteObject(curve);
            }
            catch (ConvNetException e)
            {
                // The other models in the pipeline may well have a rate.
                Progress.Complete();
                WriteError(e, model);
            }
        }
    }

    private void ShowProgress(string activity, LearningRatePoint point)
    {
        if (Quiet || !Progress.IsDue())
            return;
        Progress.Show(
            activity,
            FormattableString.Invariant(
                $"batch {point.Step}/{Steps}, rate {point.LearningRate:G2}, smoothed loss {point.SmoothedLoss:F4}"
            ),
            (double)point.Step / Steps
        );
    }
}
