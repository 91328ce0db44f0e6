using System.Management.Automation;
using PSConvNet.Completion;

namespace PSConvNet.Commands;

/// <summary>
/// Draws training curves: loss and accuracy by epoch, for one run or for several in one picture; or the curve of Find-LearningRate.
/// </summary>
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="FindLearningRateCommand" />
/// <seealso cref="CompareModelCommand" />
/// <remarks>
/// <para>
/// Loss is on the left and accuracy on the right. Lines are solid for training images and dashed for validation images. A terminal shows the curves
/// as characters, a notebook as a picture; with -Path they are written as PNG, SVG, HTML or text.
/// </para>
/// <para>
/// Curves of Find-LearningRate show the loss against the learning rate, on a logarithmic axis, with the suggested rate as a vertical line. The curve
/// is the smoothed loss, and dots are single batches. Losses far above those at the start are cut off.
/// </para>
/// <para>
/// Errors: RunEmpty (a run that was stopped before its first epoch ended), CurveEmpty (a range test without a batch), CurveInputInvalid (neither runs, models nor curves, or curves beside runs), PictureFormatUnknown,
/// PictureFormatUnsupported, FileExists, PathInvalid, PathNotFound, PathNotOfFileSystem, FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>Draws one run, with a tenth of the images held out.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $dense = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name dense
/// $run = $dense | Invoke-Training -Data $digits -Epochs 5 -ValidationSplit 0.1
/// Show-TrainingCurve $run</code>
/// </example>
/// <example>
/// <para>Draws two networks in one picture, with the loss on a logarithmic axis.</para>
/// <code>$wide = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name wide
/// $run, ($wide | Invoke-Training -Data $digits -Epochs 5) | Show-TrainingCurve -Logarithmic -Path curves.svg -Force</code>
/// </example>
/// <example>
/// <para>Shows which learning rate to use.</para>
/// <code>$wide | Find-LearningRate -Data $digits | Show-TrainingCurve</code>
/// </example>
[Cmdlet(
    VerbsCommon.Show,
    "TrainingCurve",
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Address + "Show-TrainingCurve.md"
)]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowTrainingCurveCommand : ShowCommand
{
    private readonly List<TrainingRun> _runs = [];
    private readonly List<LearningRateCurve> _curves = [];

    /// <summary>Runs from Invoke-Training, models, of which all training runs are drawn, or curves from Find-LearningRate.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Run", "Model")]
    [ArgumentCompleter(typeof(VariableCompleter<TrainingRun>))]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Gives the loss a logarithmic axis; a learning rate always has one.</summary>
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
                case LayerSpec layer:
                    WriteError(CmdletTerms.NotBuilt(layer, ErrorIds.CurveInputInvalid), layer);
                    break;
                default:
                    WriteError(
                        new ConvNetException(
                            ErrorIds.CurveInputInvalid,
                            ErrorKind.InvalidArgument,
                            item?.BaseObject is Model untrained
                                ? MessageText.Of(
                                    $"{untrained.Name} has not been trained: it has no curve. Train it with Invoke-Training."
                                )
                                : MessageText.Of(
                                    $"Show-TrainingCurve takes training runs, models and learning rate curves, not {item?.BaseObject.GetType().Name ?? "null"}."
                                ),
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
                    ErrorIds.CurveInputInvalid,
                    ErrorKind.InvalidArgument,
                    "Training runs are drawn by epoch and range tests by learning rate: draw them in two pictures.",
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
