using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Trains one or several models on a data set.</summary>
/// <remarks>
/// <para>
/// Works on the model it is given: call it again to train further. It uses the data set's training part only; the test part is
/// for Measure-Model and Compare-Model. It gives a TrainingRun, which prints as a table of epochs and keeps them as data in
/// History. Progress shows epoch, batch, loss, accuracy, images a second and the time left; -Verbose tells a line an epoch.
/// </para>
/// <para>
/// A training continues where the model's last training with the same seed ended: with the images that were left of its epoch, then with new
/// orders, dropout and augmentation, also when the model was exported and imported in between. -Epochs 0.1 ten times is one epoch, as long as a
/// tenth is at least one batch: no call takes less. With a
/// constant learning rate and -Optimizer SGD without momentum, several calls give the weights of one call of as many epochs, bit for bit. Each
/// call starts the optimizer's state (momentum, Adam's moments), the learning rate schedule, -AverageDecay, -EarlyStopping and -RestoreBest
/// from the beginning. Another number of training images begins a new epoch; another batch size goes on within the epoch.
/// -RestoreBest, a stop and early stopping leave the position where the training ended. Copy-Model -Reset begins at the first epoch.
/// </para>
/// <para>
/// -ValidationSplit holds out the same images in each call with the same data, share and seed. With another seed it holds out others, which
/// the model may have been trained on before.
/// </para>
/// <para>
/// A model takes the names of its classes from the data set it is first trained on, and keeps them. Data sets that it is trained on later, and
/// images to validate on, are matched with them by name: they may have fewer classes, or have them in another order, but no images of a class
/// that the model does not know. To train it on other classes, give -RenameClass. A warning counts the outputs that nothing teaches in a first
/// training: those of classes without a training image, and those beyond the data set's classes.
/// </para>
/// <para>
/// -ValidationSplit keeps at least one image of each class to learn from, and warns of classes that have nothing to be validated on.
/// </para>
/// <para>
/// Equal seeds, thread counts and machines give bit-identical weights. Ctrl-C and SIGTERM end it within one batch, and the model keeps what it
/// has learned.
/// </para>
/// <para>
/// The loss that is shown and kept in History is the mean of -Loss over the images alone. The penalties of layers with -L2 change the weights,
/// but they are not part of it; Keras adds them to the loss it shows, so that its numbers are higher.
/// </para>
/// <para>
/// With -ClassWeight an image's loss is multiplied by the weight of its class, and its gradient with it. Balanced gives a class with n_c of n images n / (k n_c),
/// k being the number of classes: all classes count the same in sum, as with scikit-learn's balanced. Weights are scaled to a mean of 1 over the
/// images that are trained on, so only ratios matter, and the learning rate means what it meant; then a batch's loss is divided by its number of
/// images, as Keras does. (PyTorch divides by the sum of each batch's weights, so that they lose their effect in small batches.) The training loss shown
/// is this weighted mean; the validation loss and both accuracies count every image the same, so that they compare with Measure-Model. Label
/// smoothing spreads an image's target, not its weight. A class that the table doesn't name counts 1; one that the model doesn't know is refused.
/// </para>
/// <para>
/// Layers are frozen with -Frozen, here by name or where they are made: their weights stay as they are, to the last bit, weight decay, L2 and
/// averaging leave them out, and a frozen batch norm uses its moving statistics. Frozen dropout still drops. What lies before the first layer
/// that is trained needs no gradient, so a training of the last layers alone is faster. The run's table names the frozen layers.
/// </para>
/// <para>
/// Errors: TrainingOptionInvalid, ParameterNotApplicable (a parameter without the one it belongs to, such as -Patience without -EarlyStopping), DataShapeMismatch, AugmentationDoesNotFit, ClassUnknown, ClassCountMismatch, LossMismatch, DatasetEmpty, LayerUnknown and
/// LayerHasNoWeights (of -Frozen), NothingToTrain (all layers are frozen), ModelBusy
/// (another training has it), LossNotFinite (the model keeps the weights from before that epoch), DeviceUnavailable, NativeLibraryMissing. With
/// -TensorBoard FileNotWritten, PathNotFound, PathNotOfFileSystem; with
/// -CheckpointPath also CheckpointOptionInvalid, CheckpointFolderBusy (another process trains into it, which is named),
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
/// <para>Trains it further with momentum and a falling rate, holding out a tenth to validate on, and keeps the best epoch.</para>
/// <code>$run = $model | Invoke-Training -Data $digits -Epochs 3 -Optimizer (New-Optimizer SGD -Momentum 0.9) -Schedule Cosine -ValidationSplit 0.1 -EarlyStopping -RestoreBest
/// $run.History</code>
/// </example>
/// <example>
/// <para>Each image in a new form in each epoch.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 2 -Augmentation (New-Augmentation)</code>
/// </example>
/// <example>
/// <para>Classes of which there are few images count as much as the others; or one of them three times as much.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 1 -ClassWeight Balanced
/// $model | Invoke-Training -Data $digits -Epochs 1 -ClassWeight @{ 9 = 3 }</code>
/// </example>
/// <example>
/// <para>Fine-tuning: the last layer alone at first, then all of it at a low rate.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 1 -Frozen * -Unfrozen dense_2
/// $model | Invoke-Training -Data $digits -Epochs 1 -LearningRate 1e-4</code>
/// </example>
/// <example>
/// <para>Saves checkpoints, and goes on from the last one: here there is nothing left to do.</para>
/// <code>$model | Invoke-Training -Data $digits -Epochs 2 -CheckpointPath checkpoints -Force -Quiet
/// Resume-Training checkpoints -Data $digits</code>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "Training", SupportsShouldProcess = true)]
[OutputType(typeof(TrainingRun))]
public sealed class InvokeTrainingCommand : TrainingOptionsCommand
{
    /// <summary>The model or models; several are trained in turn.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransform(Several = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model[] Model { get; set; } = [];

    /// <summary>The data set, whose training part is trained on, or a part of one ($digits.Train).</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>
    /// What chooses the settings you leave out. Tutorial: the defaults named here. Fast: learning rate, schedule, optimizer, batch size,
    /// smoothing and averaging for this network and as many epochs; the run's table says which. Default: Tutorial.
    /// </summary>
    [Parameter]
    [ReadAs<Recipe>]
    public Recipe Recipe { get; set; }

    /// <summary>
    /// Gives the model's outputs the names of the data set's classes, in their order, in place of the names they have. Default: a model that
    /// has been trained keeps its names.
    /// </summary>
    [Parameter]
    public SwitchParameter RenameClass { get; set; }

    /// <summary>Where to compute: Cpu; Cuda and Mps only where libtorch has them. Default: Cpu.</summary>
    [Parameter]
    [ReadAs<Device>]
    public Device Device { get; set; }

    /// <summary>Worker threads, 1 to 256; 0 for one a core. Default: 0.</summary>
    [Parameter]
    [ReadAs<int>(Least = 0, Most = 256)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Threads { get; set; }

    /// <summary>
    /// A folder for checkpoints: what Resume-Training needs to go on after a crash as if nothing had happened. One is written at the start, at
    /// the end, when you stop the training, and as often as -CheckpointEvery says; the best epoch's model is kept as best.psconvnet.
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
    public CheckpointInterval CheckpointEvery { get; set; } = CheckpointInterval.OfEpochs(1);

    /// <summary>How many of the newest checkpoints are kept, at least 1; only with -CheckpointPath. Default: 3.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [Needs(nameof(CheckpointPath))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int KeepLast { get; set; } = 3;

    /// <summary>Deletes checkpoints of another training that are in the folder; only with -CheckpointPath.</summary>
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
            Device = Device,
            Threads = Threads,
        };
}
