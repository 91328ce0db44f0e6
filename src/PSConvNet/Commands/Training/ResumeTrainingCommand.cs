using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Goes on with a training from its last checkpoint as if nothing had happened.</summary>
/// <remarks>
/// <para>
/// Reads the newest whole checkpoint of the folder that Invoke-Training was given, goes on with the training it was begun with, and gives
/// its run. Weights and history become those of a training that was never interrupted, bit for bit; only the seconds differ. A damaged
/// checkpoint is passed over with a warning. A training that was complete gives its result again.
/// </para>
/// <para>
/// The images must be the ones it was begun with; they are compared by their hash, and their classes by name: the order of a data set's
/// classes does not matter. MNIST's sets and the synthetic digits are found again
/// without -Data, whole or by their first images; give others yourself.
/// </para>
/// <para>
/// Where the training was begun with -TensorBoard, give the folder again: the run goes on in its own folder there, on the same axis.
/// </para>
/// <para>
/// Errors: CheckpointNotFound, CheckpointDataMismatch, CheckpointDataMissing, CheckpointFolderBusy (another process trains into it, which is
/// named), ParameterNotApplicable (-ValidationData for a training begun without), CheckpointNotWritten, FileNotReadable, CheckpointOptionInvalid, and those of Invoke-Training.
/// </para>
/// </remarks>
/// <example>
/// <para>A training that ended after two epochs, and the same once more from its folder.</para>
/// <code>$digits = Import-Mnist -First 1000 | Expand-Dimension
/// New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear | Invoke-Training -Data $digits -Epochs 2 -CheckpointPath checkpoints -Force -Quiet
/// Resume-Training -CheckpointPath checkpoints -Data $digits</code>
/// </example>
/// <example>
/// <para>The model alone, as it was in its best epoch.</para>
/// <code>Import-Model checkpoints/best.psconvnet</code>
/// </example>
[Cmdlet(VerbsLifecycle.Resume, "Training", SupportsShouldProcess = true)]
[OutputType(typeof(TrainingRun))]
public sealed class ResumeTrainingCommand : TrainingCommand
{
    private Dataset? _found;

    /// <summary>The folder that Invoke-Training was given.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string CheckpointPath { get; set; } = "";

    /// <summary>The data set the training was begun with. Default: found again by its name.</summary>
    [Parameter(Position = 1)]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset? Data { get; set; }

    /// <summary>The images it was validated on, where it was given some. Default: the data set's test part, if it was that.</summary>
    [Parameter]
    [ImageSetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<ImageSet>))]
    public ImageSet? ValidationData { get; set; }

    /// <summary>How often checkpoints are written from here on: a number of epochs, or a time. Default: 1.</summary>
    [Parameter]
    [CheckpointIntervalTransform]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public CheckpointInterval CheckpointEvery { get; set; } = CheckpointInterval.OfEpochs(1);

    /// <summary>How many of the newest checkpoints are kept; at least 1. Default: 3.</summary>
    [Parameter]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int KeepLast { get; set; } = 3;

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        _found = null;
        try
        {
            var options = new CheckpointOptions(this.Target(CheckpointPath))
            {
                Every = CheckpointEvery,
                KeepLast = KeepLast,
                GoOnWithout = GoesOnAfterErrors,
            };
            options.Validate();
            if (!ShouldProcess(options.Folder, "Go on with the training, and write its checkpoints"))
                return;
            var checkpoint = Checkpoint.Newest(options.Folder, WriteWarning, Try);
            WriteVerbose($"{checkpoint.Path}: epoch {checkpoint.Epoch}, {checkpoint.Batch} batches done.");
            if (ValidationData is not null && !checkpoint.HasValidationData)
                throw NotApplicable(
                    nameof(ValidationData),
                    "for trainings that were begun with some, and this one was not"
                );
            var (data, validation) = ImagesOf(checkpoint) ?? throw Missing(checkpoint);
            Train(
                checkpoint.Model,
                observer => new Trainer(checkpoint, data, validation, observer) { Checkpoints = options }
            );
        }
        catch (ConvNetException e)
        {
            WriteError(e, CheckpointPath);
        }
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
            "CheckpointDataMissing",
            ErrorKind.NotFound,
            $"The training in {CheckpointPath} was begun with {checkpoint.DatasetName}, which can't be found again by its name; give it with -Data.",
            CheckpointPath
        );
}
