using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Draws how trainings went: loss and accuracy by epoch, of one run or of several over each other.</summary>
/// <remarks>
/// <para>
/// Loss stands on the left and accuracy on the right; training images have full lines, validation images dashed ones. A terminal shows it
/// in characters, a notebook as a picture; with -Path it is written as PNG, SVG, HTML or text.
/// </para>
/// <para>
/// Errors: RunEmpty (a run that was stopped before its first epoch ended), CurveInputInvalid, PictureFormatUnknown,
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
[Cmdlet(VerbsCommon.Show, "TrainingCurve", SupportsShouldProcess = true)]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowTrainingCurveCommand : ShowCommand
{
    private readonly List<TrainingRun> _runs = [];

    /// <summary>Runs that Invoke-Training gave, or models, of which all trainings are drawn.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Run", "Model")]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Gives the loss a logarithmic axis.</summary>
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
                default:
                    WriteError(
                        new ConvNetException(
                            "CurveInputInvalid",
                            ErrorKind.InvalidArgument,
                            item?.BaseObject is Model untrained
                                ? $"{untrained.Name} has not been trained: it has no curve. Train it with Invoke-Training."
                                : $"Show-TrainingCurve takes training runs and models, not {item?.BaseObject.GetType().Name ?? "null"}.",
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
        if (_runs.Count == 0)
            return;
        try
        {
            Show(new TrainingCurve([.. _runs.Distinct()], Logarithmic));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, _runs);
        }
    }
}
