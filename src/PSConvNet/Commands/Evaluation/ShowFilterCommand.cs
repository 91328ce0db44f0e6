using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Draws the kernels of a convolution, which are the patterns that its filters look for.</summary>
/// <seealso cref="ShowActivationCommand" />
/// <seealso cref="GetModelSummaryCommand" />
/// <remarks>
/// <para>
/// If the layer has one input channel, there is one tile per filter. If it has three, like the first layer of a network for colour pictures, they are
/// shown as red, green and blue. Otherwise there is a row per filter and a column per input channel. Blue is below zero, white is zero, and orange is
/// above zero.
/// </para>
/// <para>
/// Errors (the other models continue): LayerUnknown, LayerHasNoFilters, ModelBusy, PictureFormatUnknown, PictureFormatUnsupported, FileExists,
/// PathInvalid, PathNotFound, PathNotOfFileSystem, FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>Draws the first convolution's kernels before any training.</para>
/// <code>$conv = New-Model -Preset TutorialConv -Name conv
/// Show-Filter $conv</code>
/// </example>
/// <example>
/// <para>Writes the second convolution's kernels to a picture file.</para>
/// <code>Show-Filter $conv -Layer conv2d_2 -Path filters.png -Force</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "Filter", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Show-Filter.md")]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowFilterCommand : ShowCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model Model { get; set; } = null!;

    /// <summary>The layer's name, as Get-ModelSummary has it: conv2d_1. Default: the first convolution.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public string? Layer { get; set; }

    /// <summary>The most filters drawn, and the most input channels of each. Default: 32.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    [ReadAs<int>(Least = 1, Most = 1024)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Count { get; set; } = FilterGrid.DefaultCount;

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        try
        {
            Show(FilterGrid.Of(Model, Layer, Count));
        }
        catch (ConvNetException e)
        {
            WriteError(e, Model);
        }
    }
}
