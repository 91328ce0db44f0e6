using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Draws the kernels of a convolution: what its filters look for.</summary>
/// <remarks>
/// <para>
/// Where the layer sees one channel there is a tile a filter. Where it sees three, as the first layer of a network for colour pictures does,
/// they are red, green and blue. Else there is a row a filter, and a column an input channel. Blue is below zero, white is zero, orange is
/// above it.
/// </para>
/// <para>
/// Errors (the other models go on): LayerUnknown, LayerHasNoFilters, ModelBusy, PictureFormatUnknown, PictureFormatUnsupported, FileExists,
/// PathInvalid, PathNotFound, PathNotOfFileSystem, FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>The first convolution's kernels, before any training.</para>
/// <code>$conv = New-Model -Preset TutorialConv -Name conv
/// Show-Filter $conv</code>
/// </example>
/// <example>
/// <para>The second's, as a picture.</para>
/// <code>Show-Filter $conv -Layer conv2d_2 -Path filters.png -Force</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "Filter", SupportsShouldProcess = true)]
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
    public int Count { get; set; } = 32;

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
