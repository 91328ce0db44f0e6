using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>The settings of a training, for the cmdlets that begin one or many.</summary>
public abstract class TrainingOptionsCommand : TrainingCommand
{
    private static readonly TrainingOptions s_usual = new();

    /// <summary>
    /// The number of passes through the training images; above 0. A fraction uses a part of them. Default: 12.
    /// </summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Epochs { get; set; } = s_usual.Epochs;

    /// <summary>Images between two steps of the optimizer; at least 1. Default: 128.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int BatchSize { get; set; } = s_usual.BatchSize;

    /// <summary>
    /// The update rule: a name (SGD, Adam, AdamW, Adadelta, RMSprop, Adagrad), the output of New-Optimizer, or a hashtable of a name and settings
    /// (@{ Name = 'SGD'; Momentum = 0.9 }). Default: Adam.
    /// </summary>
    [Parameter]
    [Alias("Optimiser")]
    [ValidateNotNull]
    [OptimizerTransform]
    [ArgumentCompleter(typeof(OptimizerNameCompleter))]
    public OptimizerSpec Optimizer { get; set; } = s_usual.Optimizer;

    /// <summary>
    /// The base learning rate, above 0, instead of the optimizer's default. An -Optimizer with its own learning rate and a different -LearningRate
    /// are an error.
    /// </summary>
    [Parameter]
    [ReadAs<double?>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double? LearningRate { get; set; }

    /// <summary>
    /// How the learning rate changes: a name (Constant, Step, Exponential, Cosine, OneCycle, ReduceOnPlateau), what
    /// New-LearningRateSchedule returns, or a hashtable of a name and settings (@{ Name = 'Cosine'; WarmUp = 0.1 }). Default: Constant.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ScheduleTransform]
    [ArgumentCompleter(typeof(ScheduleNameCompleter))]
    public LearningRateSchedule Schedule { get; set; } = s_usual.Schedule;

    /// <summary>
    /// The share of a running mean of the weights that is kept at each step, 0 to below 1. The model ends with the mean instead of its last weights.
    /// 0 means no averaging. Default: 0.
    /// </summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double AverageDecay { get; set; } = s_usual.AverageDecay;

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
    /// The weight of each class in the training loss: Balanced, which gives classes with few images the same total weight as those with many, or a
    /// hashtable of classes and weights (@{ cat = 2; dog = 1 }), in which a class that isn't named counts 1; only ratios matter. Default: every image
    /// counts the same.
    /// </summary>
    [Parameter]
    [ClassWeightsTransform]
    [ArgumentCompleter(typeof(ClassWeightCompleter))]
    public ClassWeights? ClassWeight { get; set; }

    /// <summary>
    /// How training images are changed each time they are used: a result of New-Augmentation, or a table of its settings
    /// (@{ Shift = 2; Rotate = 10 }). Validation images stay unchanged. Default: none.
    /// </summary>
    [Parameter]
    [AugmentationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Augmentation>))]
    public Augmentation? Augmentation { get; set; }

    /// <summary>The share of the training images to hold out and validate on after each epoch, 0 to below 1. Default: 0; for a sweep 0.1.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double ValidationSplit { get; set; } = s_usual.ValidationSplit;

    /// <summary>Images to validate on after each epoch; for a whole data set, its test part. Classes are matched by name.</summary>
    [Parameter]
    [ImageSetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<ImageSet>))]
    public ImageSet? ValidationData { get; set; }

    /// <summary>Ends the run when the validation loss (without validation, the training loss) has stopped falling.</summary>
    [Parameter]
    public SwitchParameter EarlyStopping { get; set; }

    /// <summary>Epochs in a row without a new lowest loss after which -EarlyStopping ends the run; at least 1. Only with -EarlyStopping. Default: 3.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [Needs(nameof(EarlyStopping))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Patience { get; set; } = 3;

    /// <summary>Gives the model the weights of its best epoch at the end.</summary>
    [Parameter]
    public SwitchParameter RestoreBest { get; set; }

    /// <summary>
    /// Layers that stay unchanged, by name; wildcards are resolved (conv*), and a layer inside a block is block/layer. Their weights, moving
    /// statistics and optimizer state keep every bit. Layers made with -Frozen are frozen in any case. Default: none.
    /// </summary>
    [Parameter]
    [ReadAs<string[]>]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string[] Frozen { get; set; } = [];

    /// <summary>
    /// Layers that are trained although they are frozen, by -Frozen here or when they were made: -Frozen * -Unfrozen head trains only the head. If
    /// both name a layer, -Unfrozen wins. A name that changes nothing is an error. Default: none.
    /// </summary>
    [Parameter]
    [ReadAs<string[]>]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string[] Unfrozen { get; set; } = [];

    /// <summary>
    /// The seed for the order of the images, their augmentation, the dropout, and the images that -ValidationSplit holds out. A model that was
    /// trained with this seed before continues in its order; another seed gives another order, from its own first epoch. Default: 1.
    /// </summary>
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

    /// <summary>What the user asked for, over what somebody else chose.</summary>
    /// <param name="recipe">The choice where the user made none.</param>
    private protected TrainingOptions ChooseShared(TrainingOptions recipe)
    {
        var optimizer = Given(nameof(Optimizer)) ? Optimizer : recipe.Optimizer;
        RequireOneRate();
        return recipe with
        {
            Epochs = Given(nameof(Epochs)) ? Epochs : recipe.Epochs,
            BatchSize = Given(nameof(BatchSize)) ? BatchSize : recipe.BatchSize,
            Optimizer = LearningRate is { } rate ? optimizer with { LearningRate = rate } : optimizer,
            Schedule = Given(nameof(Schedule)) ? Schedule : recipe.Schedule,
            AverageDecay = Given(nameof(AverageDecay)) ? AverageDecay : recipe.AverageDecay,
            Loss = Loss,
            LabelSmoothing =
                Given(nameof(LabelSmoothing)) || Loss != Loss.CrossEntropy ? LabelSmoothing : recipe.LabelSmoothing,
            ClassWeight = ClassWeight,
            Augmentation = Augmentation,
            ValidationSplit = ValidationSplit,
            ValidationData = ValidationData,
            Patience = EarlyStopping ? Patience : null,
            RestoreBest = RestoreBest,
            Frozen = LayerPatterns.Given(nameof(Frozen), Frozen ?? []),
            Unfrozen = LayerPatterns.Given(nameof(Unfrozen), Unfrozen ?? []),
            Seed = Seed,
            Precision = Precision,
        };
    }

    /// <summary>An optimizer that was given a rate of its own has another than its kind has by default.</summary>
    private void RequireOneRate()
    {
        if (
            LearningRate is { } rate
            && Given(nameof(Optimizer))
            && Optimizer.LearningRate != rate
            && Optimizer.LearningRate != OptimizerSpec.Parse(Optimizer.Name).LearningRate
        )
        {
            throw new ConvNetException(
                ErrorIds.ParameterNotApplicable,
                ErrorKind.InvalidArgument,
                FormattableString.Invariant(
                    $"-LearningRate is {rate}, and the {Optimizer.Name} of -Optimizer has a learning rate of its own, {Optimizer.LearningRate}: give one of them."
                ),
                nameof(LearningRate)
            );
        }
    }
}
