using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>What the cmdlets that train share: progress, a line per epoch, and errors after which the next model is trained.</summary>
public abstract class TrainingCommand : LongCommand, ITrainingObserver
{
    private string _name = "";
    private double _epochs;

    /// <summary>Shows no progress.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>
    /// A folder for TensorBoard's event files, to be viewed with tensorboard --logdir. A training gets a folder in it with the model's name, to which
    /// loss, accuracy, learning rate, histograms of the weights, and the confusion matrix of the validation images are written after each epoch. A
    /// sweep gets a folder for each trial, with its numbers and parameters. Default: none.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string? TensorBoard { get; set; }

    /// <summary>Whether the user asked for errors to be passed over, rather than having left it to the preference.</summary>
    private protected bool GoesOnAfterErrors =>
        MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action)
        && action is ActionPreference.Continue or ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    /// <inheritdoc />
    void ITrainingObserver.OnBatch(in BatchProgress progress)
    {
        _epochs = progress.Epochs;
        if (Quiet || !Progress.IsDue())
            return;
        Progress.Show(
            $"Training {_name}",
            // In a terminal of 80 columns it has to fit beside a model's name and the seconds left; the bar shows the batches.
            FormattableString.Invariant(
                $"epoch {progress.Epoch}/{Math.Ceiling(progress.Epochs)}, loss {progress.Loss:F4}, {Percentage.Of(progress.Accuracy)}, {progress.ImagesPerSecond:N0} images/s"
            ),
            progress.Completed,
            progress.Remaining
        );
    }

    /// <inheritdoc />
    void ITrainingObserver.OnEpoch(EpochRecord epoch)
    {
        var validation = epoch.ValidationLoss is null
            ? ""
            : FormattableString.Invariant(
                $", validation loss {epoch.ValidationLoss:F4}, validation accuracy {Percentage.Of(epoch.ValidationAccuracy ?? double.NaN)}"
            );
        var line = FormattableString.Invariant(
            $"{_name}: epoch {epoch.Epoch}/{Math.Ceiling(_epochs)}: loss {epoch.Loss:F4}, accuracy {Percentage.Of(epoch.Accuracy)}{validation}, {epoch.Seconds:F1} s, {epoch.ImagesPerSecond:N0} images/s"
        );
        Tell(() => WriteVerbose(line));
    }

    /// <inheritdoc />
    void ITrainingObserver.OnMessage(string message) => Tell(() => WriteVerbose(message));

    /// <inheritdoc />
    void ITrainingObserver.OnWarning(string message) => Tell(() => WriteWarning(message));

    /// <summary>Trains, and writes the run; an error is written, for the other models in the pipeline may well train.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trainer">Makes its trainer, which tells the observer.</param>
    private protected void Train(Model model, Func<ITrainingObserver, Trainer> trainer)
    {
        _name = model.Name;
        try
        {
            using var log = TensorBoard is null
                ? null
                : new TrainingLog(this.Target(TensorBoard), text => Tell(() => WriteWarning(text)));
            var run = trainer(log is null ? this : new ObserverPair(this, log)).Run(StopToken);
            Progress.Complete();
            WriteObject(run);
        }
        catch (ConvNetException e)
        {
            Progress.Complete();
            WriteError(e, model);
        }
        // A run that was stopped is written; the next model's training is not begun.
        StopToken.ThrowIfCancellationRequested();
    }
}
