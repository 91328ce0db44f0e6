using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Continues a training from its last checkpoint as if nothing had happened.</summary>
/// <seealso cref="InvokeTrainingCommand" />
/// <remarks>
/// <para>
/// Reads the newest intact checkpoint in the folder that was given to Invoke-Training, continues the training with its original settings, and returns
/// its run. Weights and history become bit for bit those of a training that was never interrupted; only the seconds differ. A damaged checkpoint is
/// skipped with a warning. A completed training returns its result again, and -Verbose says that nothing was left to train.
/// </para>
/// <para>
/// The images must be those of the original training; they are compared by their hash, and their classes by name, so the order of a data set's
/// classes doesn't matter. MNIST's data sets and the synthetic digits are found without -Data, also if only their first images were used; for other
/// data, give -Data.
/// </para>
/// <para>
/// If the training was started with -TensorBoard, give the folder again: the run continues in its own folder there, on the same axis.
/// </para>
/// <para>
/// Errors: CheckpointNotFound, CheckpointDataMismatch, CheckpointDataMissing, CheckpointFolderBusy (another process trains into it, which is
/// named), ParameterNotApplicable (-ValidationData for a training run that was started without it), CheckpointNotWritten, FileNotReadable, CheckpointOptionInvalid, and those of Invoke-Training.
/// </para>
/// </remarks>
/// <example>
/// <para>Trains for two epochs, and gets the same result again from the folder.</para>
/// <code>$digits = Import-Mnist -First 1000 | Expand-Dimension
/// New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear | Invoke-Training -Data $digits -Epochs 2 -CheckpointPath checkpoints -Force -Quiet
/// Resume-Training -CheckpointPath checkpoints -Data $digits</code>
/// </example>
/// <example>
/// <para>Reads only the model of the best epoch.</para>
/// <code>Import-Model checkpoints/best.psconvnet</code>
/// </example>
[Cmdlet(
    VerbsLifecycle.Resume,
    "Training",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Address + "Resume-Training.md"
)]
[OutputType(typeof(TrainingRun))]
public sealed class ResumeTrainingCommand : TrainingCommand
{
    private Dataset? _found;

    /// <summary>The folder that was given to Invoke-Training.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string CheckpointPath { get; set; } = "";

    /// <summary>The data set that the training was started with. Default: the data set of the same name.</summary>
    [Parameter(Position = 1)]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset? Data { get; set; }

    /// <summary>The images that it was validated on, if any were given. Default: the data set's test part, if that was used.</summary>
    [Parameter]
    [ImageSetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<ImageSet>))]
    public ImageSet? ValidationData { get; set; }

    /// <summary>How often checkpoints are written from now on: a number of epochs, or a time. Default: as often as before.</summary>
    [Parameter]
    [CheckpointIntervalTransform]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public CheckpointInterval? CheckpointEvery { get; set; }

    /// <summary>The number of newest checkpoints to keep from now on; at least 1. Default: as many as before.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? KeepLast { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        _found = null;
        try
        {
            var folder = this.Target(CheckpointPath);
            _ = Options(folder);
            if (!ShouldProcess(folder, "Continue the training, and write its checkpoints"))
                return;
            var checkpoint = Checkpoint.Newest(folder, WriteWarning, Try);
            var within = checkpoint.Batch == 0 ? "" : $" and {Counted.Of(checkpoint.Batch, "batch", "batches")}";
            WriteVerbose($"{checkpoint.Path}: {Counted.Of(checkpoint.Epoch - 1, "epoch")}{within} done.");
            if (ValidationData is not null && !checkpoint.HasValidationData)
                throw NotApplicable(
                    nameof(ValidationData),
                    "for training runs that were started with some, and this one wasn't"
                );
            var (data, validation) = ImagesOf(checkpoint) ?? throw Missing(checkpoint);
            Train(
                checkpoint.Model,
                observer => new Trainer(checkpoint, data, validation, observer)
                {
                    Checkpoints = Options(folder, checkpoint),
                }
            );
        }
        catch (ConvNetException e)
        {
            WriteError(e, CheckpointPath);
        }
    }

    /// <summary>How checkpoints are written from now on: as the run's own were, where nothing else is asked for.</summary>
    private CheckpointOptions Options(string folder, Checkpoint? checkpoint = null)
    {
        var options = new CheckpointOptions(folder) { GoOnWithout = GoesOnAfterErrors };
        options = options with
        {
            Every = CheckpointEvery ?? checkpoint?.Every ?? options.Every,
            KeepLast = KeepLast ?? checkpoint?.KeepLast ?? options.KeepLast,
        };
        options.Validate();
        return options;
    }

    /// <summary>What is found wrong only when it meets its images is found while the checkpoint before it can be taken.</summary>
    private void Try(Checkpoint checkpoint)
    {
        if (ImagesOf(checkpoint) is var (data, validation))
            _ = new Trainer(checkpoint, data, validation);
    }

    private (Dataset Data, ImageSet? Validation)? ImagesOf(Checkpoint checkpoint)
    {
        _found ??= Data ?? checkpoint.FindData();
        return _found is { } data ? (data, checkpoint.HasValidationData ? ValidationData ?? data.Test : null) : null;
    }

    private ConvNetException Missing(Checkpoint checkpoint) =>
        new(
            ErrorIds.CheckpointDataMissing,
            ErrorKind.NotFound,
            $"The training in {CheckpointPath} was started with {checkpoint.DatasetName}, which can't be found by its name; give it with -Data.",
            CheckpointPath
        );
}
