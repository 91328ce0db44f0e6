using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>What the layer cmdlets share: they pass on the layers that come down the pipeline and add their own at the end.</summary>
public abstract class LayerCommand : ConvNetCmdlet
{
    private LayerSpec? _layer;

    /// <summary>The layers before this one. They are passed on unchanged, followed by this cmdlet's layer.</summary>
    [Parameter(ValueFromPipeline = true)]
    [LayerTransform]
    [ArgumentCompleter(typeof(VariableCompleter<LayerSpec>))]
    public LayerSpec? InputObject { get; set; }

    /// <summary>The layer's name in its model. Without it the layer is named after its kind: conv2d_1, dense_2.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string? Name { get; set; }

    /// <summary>The layer as the parameters describe it.</summary>
    protected abstract LayerSpec Describe();

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _layer = Describe() with { Name = Name };
            _layer.Validate();
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, this);
        }
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            WriteObject(InputObject);
    }

    /// <inheritdoc />
    protected override void EndProcessing() => WriteObject(_layer);

    /// <summary>One number for both directions, or height and width.</summary>
    private protected static Window ToWindow(int[] values, string parameter) =>
        values switch
        {
            [var both] => new Window(both, both),
            [var height, var width] => new Window(height, width),
            _ => throw new ConvNetException(
                ErrorIds.LayerSettingInvalid,
                ErrorKind.InvalidArgument,
                $"-{parameter} takes one number, or height and width, not {values.Length} numbers.",
                values
            ),
        };

    /// <summary>A window as the numbers that stand for it.</summary>
    private protected static int[] ToNumbers(Window window) =>
        window.Height == window.Width ? [window.Height] : [window.Height, window.Width];
}
