using System.Management.Automation;
using PSConvNet.Completion;

namespace PSConvNet.Commands;

/// <summary>
/// Draws how trainings went: loss and accuracy by epoch, of one run or of several over each other; or what Find-LearningRate found.
/// </summary>
/// <remarks>
/// <para>
/// Loss stands on the left and accuracy on the right; training images have full lines, validation images dashed ones. A terminal shows it
/// in characters, a notebook as a picture; with -Path it is written as PNG, SVG, HTML or text.
/// </para>
/// <para>
/// Curves of Find-LearningRate show the loss against the learning rate, on a logarithmic axis, with the suggested rate as an upright line: a line
/// is the smoothed loss, dots are single batches. What rises far above the losses at the start is cut off.
/// </para>
/// <para>
/// Errors: RunEmpty (a run that was stopped before its first epoch ended), CurveEmpty (a range test without a batch), CurveInputInvalid (neither runs, models nor curves, or curves beside runs), PictureFormatUnknown,
/// PictureFormatUnsupported, FileExists, PathInvalid, PathNotFound, PathNotOfFileSystem, FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>One run, with a tenth of the images held out.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $dense = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name dense
/// $run = $dense | Invoke-Training -Data $digits -Epochs 5 -ValidationSplit 0.1
/// Show-TrainingCurve $run</code>
/// </example>
/// <example>
/// <para>Two networks in one picture, the loss on a logarithmic axis.</para>
/// <code>$wide = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name wide
/// $run, ($wide | Invoke-Training -Data $digits -Epochs 5) | Show-TrainingCurve -Logarithmic -Path curves.svg -Force</code>
/// </example>
/// <example>
/// <para>Which learning rate to take.</para>
/// <code>$wide | Find-LearningRate -Data $digits | Show-TrainingCurve</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "TrainingCurve", SupportsShouldProcess = true)]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowTrainingCurveCommand : ShowCommand
{
    private readonly List<TrainingRun> _runs = [];
    private readonly List<LearningRateCurve> _curves = [];

    /// <summary>Runs that Invoke-Training gave, models, of which all trainings are drawn, or curves that Find-LearningRate gave.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Run", "Model")]
    [ArgumentCompleter(typeof(VariableCompleter<TrainingRun>))]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Gives the loss a logarithmic axis; a learning rate has one anyway.</summary>
    [Parameter]
    [Alias("Log")]
    public SwitchParameter Logarithmic { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        foreach (var item in InputObject)
        {
            switch (item?.BaseObject)
            {
                case TrainingRun run:
                    _runs.Add(run);
                    break;
                case Model { Runs.Count: > 0 } model:
                    _runs.AddRange(model.Runs);
                    break;
                case LearningRateCurve curve:
                    _curves.Add(curve);
                    break;
                default:
                    WriteError(
                        new ConvNetException(
                            "CurveInputInvalid",
                            ErrorKind.InvalidArgument,
                            item?.BaseObject is Model untrained
                                ? $"{untrained.Name} has not been trained: it has no curve. Train it with Invoke-Training."
                                : $"Show-TrainingCurve takes training runs, models and learning rate curves, not {item?.BaseObject.GetType().Name ?? "null"}.",
                            item
                        )
                    );
                    break;
            }
        }
    }

    /// <inheritdoc />
    private protected override void End()
    {
        try
        {
            if (_runs.Count > 0 && _curves.Count > 0)
            {
                throw new ConvNetException(
                    "CurveInputInvalid",
                    ErrorKind.InvalidArgument,
                    "Trainings go by epoch and range tests by learning rate: draw them in two pictures.",
                    _curves
                );
            }
            if (_runs.Count > 0)
                Show(new TrainingCurve([.. _runs.Distinct()], Logarithmic));
            else if (_curves.Count > 0)
                Show(new RangeTestCurve([.. _curves.Distinct()], Logarithmic));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, _runs);
        }
    }
}
