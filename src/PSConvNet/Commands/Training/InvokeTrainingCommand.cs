using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Trains one or several models on a data set.</summary>
/// <seealso cref="MeasureModelCommand" />
/// <seealso cref="CompareModelCommand" />
/// <seealso cref="ResumeTrainingCommand" />
/// <seealso cref="FindLearningRateCommand" />
/// <seealso cref="NewOptimizerCommand" />
/// <seealso cref="NewAugmentationCommand" />
/// <remarks>
/// <para>
/// Trains the given model itself: call the command again to train it further. It uses only the data set's training part; the test part is for
/// Measure-Model and Compare-Model. It returns a TrainingRun, which prints as a table of epochs and keeps them as data in History. Progress shows
/// epoch, batch, loss, accuracy, images per second and the time left; -Verbose writes a line per epoch.
/// </para>
/// <para>
/// A training continues where the model's last training with the same seed ended: with the remaining images of its epoch, then with new orders,
/// dropout and augmentation, even if the model was exported and imported in between. -Epochs 0.1 ten times is one epoch, provided a tenth is at least
/// one batch: no call takes less. With a constant learning rate and -Optimizer SGD without momentum, several calls give bit for bit the weights of
/// one call with the same total of epochs. Each
/// call starts the optimizer's state (momentum, Adam's moments), the learning rate schedule, -AverageDecay, -EarlyStopping and -RestoreBest
/// from the beginning. A different number of training images starts a new epoch; a different batch size continues within the epoch.
/// -RestoreBest, a stop and early stopping leave the position where the training ended. Copy-Model -Reset begins at the first epoch.
/// </para>
/// <para>
/// -ValidationSplit holds out the same images in each call with the same data, share and seed. With another seed it holds out different images, on
/// which the model may have been trained before.
/// </para>
/// <para>
/// A model takes the names of its classes from the data set it is first trained on, and keeps them. Data sets that it is trained on later, and
/// validation images, are matched with them by name: they may have fewer classes, or have them in another order, but no images of a class
/// that the model does not know. To train it on other classes, give -RenameClass. In a first training, a warning counts the outputs that have no
/// training images: those of classes without images, and those beyond the data set's classes.
/// </para>
/// <para>
/// -ValidationSplit keeps at least one image of each class to learn from, and warns about classes without validation images.
/// </para>
/// <para>
/// Equal seeds and thread counts give bit-identical weights on the same machine. Ctrl-C and SIGTERM end the training within one batch, and the model
/// keeps what it has learned.
/// </para>
/// <para>
/// The loss that is shown and kept in History is the mean of -Loss over the images. The penalties of layers with -L2 affect the weights but aren't
/// part of this loss; Keras adds them to the loss it shows, so its numbers are higher.
/// </para>
/// <para>
/// With -ClassWeight an image's loss and gradient are multiplied by the weight of its class. Balanced gives a class with n_c of n images n / (k n_c),
/// k being the number of classes: all classes have the same total weight, as with scikit-learn's balanced. Weights are scaled to a mean of 1 over the
/// images that are trained on, so only ratios matter, and the learning rate keeps its meaning. A batch's loss is then divided by its number of
/// images, as in Keras. (PyTorch divides by the sum of each batch's weights, so they lose their effect in small batches.) The training loss shown
/// is this weighted mean; the validation loss and both accuracies count every image the same, so that they can be compared with Measure-Model. Label
/// smoothing spreads an image's target, not its weight. A class that the hashtable doesn't name counts 1; one that the model doesn't know is refused.
/// </para>
/// <para>
/// Layers are frozen with -Frozen, either here by name or when they are made. Their weights stay unchanged to the last bit: weight decay, L2 and
/// averaging don't affect them. A frozen batch norm uses its moving statistics. Frozen dropout still drops values. Layers before the first trained
/// layer need
/// no gradient, so it is faster to train only the last layers. The run's table names the frozen layers.
/// </para>
/// <para>
/// Errors: TrainingOptionInvalid, ParameterNotApplicable (a parameter without the one it belongs to, such as -Patience without -EarlyStopping), DataShapeMismatch, AugmentationDoesNotFit, ClassUnknown, ClassCountMismatch, LossMismatch, DatasetEmpty, LayerUnknown and
/// LayerHasNoWeights (of -Frozen), NothingToTrain (all layers are frozen), ModelBusy
/// (another training run is using it), LossNotFinite (the model keeps the weights from before that epoch), WeightsInvalid (the model has weights that aren't finite before the
/// first step), NativeLibraryMissing. With
/// -TensorBoard FileNotWritten, PathNotFound, PathNotOfFileSystem; with
/// -CheckpointPath also CheckpointOptionInvalid, CheckpointFolderBusy (another process writes to it; the error names it),
/// CheckpointFolderNotEmpty, and CheckpointNotWritten, which ends the training unless you give -ErrorAction Continue.
/// </para>
/// </remarks>
/// <example>
/// <para>Trains a small network on a thousand digits.</para>
/// <code>$digits = Import-Mnist -First 1000 | Expand-Dimension
/// $model = New-FlattenLayer | New-DenseLayer 32 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name small
/// $model | Invoke-Training -Data $digits -Epochs 2</code>
/// </example>
/// <example>
/// <para>Trains it further with momentum and a falling rate, holds out a tenth for validation, and keeps the best epoch.</para>
/// <code>$run = $model | Invoke-Training -Data $digits -Epochs 3 -Optimizer (New-Optimizer SGD -Momentum 0.9) -Schedule Cosine -ValidationSplit 0.1 -EarlyStopping -RestoreBest
/// $run.History</code>
/// </example>
/// <example>
/// <para>Changes each image in each epoch.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 2 -Augmentation (New-Augmentation)</code>
/// </example>
/// <example>
/// <para>Gives classes with few images the same weight as the others, or one class three times the weight.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 1 -ClassWeight Balanced
/// $model | Invoke-Training -Data $digits -Epochs 1 -ClassWeight @{ 9 = 3 }</code>
/// </example>
/// <example>
/// <para>Fine-tunes a model: first only the last layer, then all layers at a low rate.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 1 -Frozen * -Unfrozen dense_2
/// $model | Invoke-Training -Data $digits -Epochs 1 -LearningRate 1e-4</code>
/// </example>
/// <example>
/// <para>Saves checkpoints, and continues from the last one; here nothing is left to do.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 2 -CheckpointPath checkpoints -Force -Quiet
/// Resume-Training checkpoints -Data $digits</code>
/// </example>
[Cmdlet(
    VerbsLifecycle.Invoke,
    "Training",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Address + "Invoke-Training.md"
)]
[OutputType(typeof(TrainingRun))]
public sealed class InvokeTrainingCommand : TrainingOptionsCommand
{
    private static readonly CheckpointOptions s_checkpoints = new("");

    /// <summary>The model or models; several are trained in turn.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransform(Several = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model[] Model { get; set; } = [];

    /// <summary>The data set, of which the training part is used, or a part of one ($digits.Train).</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>
    /// How the settings that you leave out are chosen. Tutorial: the defaults named here. Fast: learning rate, schedule, optimizer, batch size,
    /// smoothing and averaging for this network and number of epochs, which is then 2 by default; the run's table shows them. Default: Tutorial.
    /// </summary>
    [Parameter]
    [ReadAs<Recipe>]
    public Recipe Recipe { get; set; }

    /// <summary>
    /// Renames the model's outputs to the names of the data set's classes, in their order. Default: a model that
    /// has been trained keeps its names.
    /// </summary>
    [Parameter]
    public SwitchParameter RenameClass { get; set; }

    /// <summary>The number of worker threads, 1 to 256; 0 for one per core. Default: 0.</summary>
    [Parameter]
    [ReadAs<int>(Least = 0, Most = 256)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Threads { get; set; }

    /// <summary>
    /// A folder for checkpoints, from which Resume-Training can continue after a crash as if nothing had happened. A checkpoint is written at the
    /// start, at the end, when you stop the training, and as often as -CheckpointEvery says; the best epoch's model is kept as best.psconvnet.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string? CheckpointPath { get; set; }

    /// <summary>How often checkpoints are written; only with -CheckpointPath: a number of epochs (2), or a time (10 min, 30 s, 1 h, or a TimeSpan). Default: 1.</summary>
    [Parameter]
    [CheckpointIntervalTransform]
    [Needs(nameof(CheckpointPath))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public CheckpointInterval CheckpointEvery { get; set; } = s_checkpoints.Every;

    /// <summary>The number of newest checkpoints to keep, at least 1; only with -CheckpointPath. Default: 3.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [Needs(nameof(CheckpointPath))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int KeepLast { get; set; } = s_checkpoints.KeepLast;

    /// <summary>Deletes checkpoints of another training run that are in the folder; only with -CheckpointPath.</summary>
    [Parameter]
    [Needs(nameof(CheckpointPath))]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    private protected override void Begin()
    {
        try
        {
            // What is wrong for one model is wrong for all.
            Choose(new TrainingOptions()).Validate();
            Checkpoints()?.Validate();
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
            if (!ShouldProcess(model.Name, Undertaking()))
                continue;
            Train(
                model,
                observer =>
                {
                    var recipe = Recipe == Recipe.Fast ? FastRecipe.For(model, FastEpochs) : new TrainingOptions();
                    return new Trainer(model, Data, Choose(recipe), observer) { Checkpoints = Checkpoints() };
                }
            );
        }
    }

    /// <summary>What a training does to disks: nothing, where it is given no folder.</summary>
    private string Undertaking() =>
        CheckpointPath is null ? "Train"
        : Force ? $"Train, deleting the checkpoints that are in {CheckpointPath} and writing new ones"
        : $"Train, writing checkpoints into {CheckpointPath}";

    private CheckpointOptions? Checkpoints() =>
        CheckpointPath is null
            ? null
            : new CheckpointOptions(this.Target(CheckpointPath))
            {
                Every = CheckpointEvery,
                KeepLast = KeepLast,
                Replace = Force,
                GoOnWithout = GoesOnAfterErrors,
            };

    private double FastEpochs => Given(nameof(Epochs)) ? Epochs : FastRecipe.Epochs;

    /// <summary>The recipe's choice under what the user asked for.</summary>
    private TrainingOptions Choose(TrainingOptions recipe) =>
        ChooseShared(recipe) with
        {
            RenameClasses = RenameClass,
            Threads = Threads,
        };
}
